import type { Reference } from '@waybill/reference'

/**
 * Tells the desk that a ticket, order or conversation belongs to a reference, so that its number finds the trail. For what no step of
 * yours can say: where one can, `step.note({ ticket: 'ZD-4711' })` does the same. Never throws for what the desk or the network does;
 * where it is worth another try, `retry` is true. Saying the same thing twice is one link.
 *
 * ```ts
 * const result = await linkTicket({ deskUrl, key }, { reference, kind: 'ticket', value: 'ZD-4711' })
 * ```
 *
 * @throws TypeError when the desk's address is not an http or https address.
 */
export async function linkTicket(
  { deskUrl, key, fetch = globalThis.fetch, timeoutMs = 10_000 }: LinkDesk,
  { reference, kind = 'ticket', value, url }: TicketLink,
): Promise<LinkResult> {
  const { protocol } = URL.parse(deskUrl) ?? {}
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new TypeError('[waybill] The desk needs an address to be told at. Pass deskUrl: "https://desk.shop.example".')
  }
  try {
    const response = await fetch(`${deskUrl.replace(/\/+$/, '')}/api/links`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ reference, kind, value, url }),
      signal: AbortSignal.timeout(timeoutMs),
      // The key is for this address and no other.
      redirect: 'error',
    })
    await response.body?.cancel()
    const { ok, status } = response
    return ok ? { ok } : { ok, status, retry: status === 429 || status >= 500 }
  } catch {
    return { ok: false, retry: true }
  }
}

export interface LinkDesk {
  /** Base URL of the desk; `/api/links` is added. */
  readonly deskUrl: string
  /** A secret key of the desk for servers. */
  readonly key: string
  /** @default the platform's */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** @default 10000 */
  readonly timeoutMs?: number | undefined
}

export interface TicketLink {
  readonly reference: Reference
  /** What the value is a number of. @default 'ticket' */
  readonly kind?: 'ticket' | 'order' | 'conversation' | undefined
  /** As people write it: `ZD-4711`. */
  readonly value: string
  /** Where it is to be seen. @default none */
  readonly url?: string | undefined
}

/** Without a status there was no answer. */
export type LinkResult =
  { readonly ok: true } | { readonly ok: false; readonly status?: number | undefined; readonly retry: boolean }
