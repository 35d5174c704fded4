import type { Reference } from '@waybill/reference'
import { deskEndpoint } from './deskEndpoint.ts'

/**
 * Tells the desk that a ticket, an order or a conversation belongs to a reference, so that its number finds the trail. For what no step
 * of yours can say; where one can, `step.note({ ticket: 'ZD-4711' })` does the same. Saying it again changes nothing, so it may be
 * repeated where `retry` is true. Never throws for what the desk or the network does.
 *
 * ```ts
 * const result = await linkTicket({ deskUrl, key }, { reference, value: 'ZD-4711' })
 * ```
 *
 * @throws TypeError when the desk's address is not an http or https address.
 */
export async function linkTicket(
  { deskUrl, key, fetch = globalThis.fetch, timeoutMs = 10_000 }: LinkDesk,
  links: TicketLink | readonly TicketLink[],
): Promise<LinkResult> {
  const endpoint = deskEndpoint('deskUrl', deskUrl, '/api/links')
  const told = [links].flat().map((link) => ({ kind: 'ticket', ...link }))
  if (told.length === 0) return { ok: true }
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify(told),
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
  /** The desk's secret ingest key. */
  readonly key: string
  /** @default the platform's */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** @default 10000 */
  readonly timeoutMs?: number | undefined
}

/** Where one of several is wrong the desk takes none. At most 100. */
export interface TicketLink {
  readonly reference: Reference
  /** What the value is: `ticket`, `order`, `conversation`. @default 'ticket' */
  readonly kind?: string
  /** As people write it, at most 200 characters: `ZD-4711`. */
  readonly value: string
  /** Where it can be looked at. @default none */
  readonly url?: string
  /** Who says so, as support reads it. @default 'support' */
  readonly service?: string
}

/** Without a status there was no answer. */
export type LinkResult =
  { readonly ok: true } | { readonly ok: false; readonly status?: number | undefined; readonly retry: boolean }
