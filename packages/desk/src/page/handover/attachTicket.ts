import type { Reference } from '@waybill/reference'

/** Ties a trail to a ticket, so that each is found by the other's number. Never throws; what can go wrong is in the answer. */
export async function attachTicket(
  reference: Reference,
  { number, address, fetch }: AttachTicketOptions & DeskFetch,
): Promise<AttachTicketResult> {
  const response = await fetch('/api/links', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      reference,
      kind: 'ticket',
      value: number,
      ...(address && { url: address }),
      service: 'desk',
    }),
  }).catch(() => null)
  if (!response) return 'offline'
  return response.ok ? 'attached' : (RESULTS[response.status] ?? 'failed')
}

export interface AttachTicketOptions {
  readonly number: string
  /** Where the ticket can be looked at; '' for none. */
  readonly address: string
}

/** `no-link`: whoever is signed in lacks that scope. `refused`: the number or the address. `full`: the trail. */
export type AttachTicketResult =
  'attached' | 'offline' | 'signed-out' | 'no-link' | 'refused' | 'full' | 'too-often' | 'failed'

const RESULTS: Readonly<Record<number, AttachTicketResult>> = {
  400: 'refused',
  401: 'signed-out',
  403: 'no-link',
  409: 'full',
  429: 'too-often',
}

interface DeskFetch {
  readonly fetch: typeof globalThis.fetch
}
