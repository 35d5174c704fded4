import { cleanText } from '@waybill/trail'
import type { Parcel } from './parcel.ts'

/** Sends a parcel once, by OTLP/HTTP JSON, and says what became of it. Never throws. */
export async function postParcel(
  { body, isZipped }: Parcel,
  { endpoint, key, signal }: PostOptions,
): Promise<PostResult> {
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(isZipped && { 'content-encoding': 'gzip' }),
        ...(key && { authorization: `Bearer ${key}` }),
      },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      // The key is for this address and no other.
      redirect: 'error',
    })
    const text = await response.text()
    const { status } = response
    if (response.ok) return { verdict: 'taken', ...partIn(text) }
    if (status === 413) return { verdict: 'too large' }
    // Only these say that the steps themselves are at fault; a wrong key or address is mended without losing any.
    if ([400, 415, 422].includes(status)) return { verdict: 'refused', reason: `status ${status}` }
    const isBusy = status === 429 || status === 503
    return { verdict: 'later', reason: `status ${status}`, isBusy, retryAfter: response.headers.get('retry-after') }
  } catch (error) {
    return { verdict: 'later', reason: reasonOf(error), isBusy: false, retryAfter: null }
  }
}

export interface PostOptions {
  readonly endpoint: string
  readonly key?: string | undefined
  readonly signal: AbortSignal
}

/** `taken` counts as delivered, whatever part the desk `refused`: sending that part again would not change its mind. */
export type PostResult =
  | { readonly verdict: 'taken'; readonly refused: number; readonly message: string }
  | { readonly verdict: 'too large' }
  | { readonly verdict: 'refused'; readonly reason: string }
  | { readonly verdict: 'later'; readonly reason: string; readonly isBusy: boolean; readonly retryAfter: string | null }

const TIMEOUT_MS = 10_000

/**
 * `partialSuccess` of OTLP's answer. `rejectedSpans` is an int64, so a string in its JSON; many collectors write a number. With none
 * rejected, a message is a warning.
 */
function partIn(text: string): { readonly refused: number; readonly message: string } {
  const refused = Number(/"rejectedSpans"\s*:\s*"?(\d{1,9})/.exec(text)?.[1] ?? 0)
  return { refused, message: messageIn(text) }
}

function messageIn(text: string): string {
  try {
    const { errorMessage } = Object(Object(JSON.parse(text)).partialSuccess)
    return typeof errorMessage === 'string' ? cleanText(errorMessage.slice(0, 500)) : ''
  } catch {
    return ''
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer'
  const { cause } = error
  if (!(cause instanceof Error)) return error.name
  return 'code' in cause ? String(cause.code) : cause.message
}
