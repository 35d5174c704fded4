import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Signal } from '../intake/signals.ts'
import type { ForwardTarget } from './forwardTarget.ts'
import { rejectedIn } from './rejectedIn.ts'

/** One request with one body, as OTLP/HTTP has it. Never throws. */
export async function sendToCollector({ signal, bytes, encoding }: BodyToSend, options: SendOptions): Promise<Sent> {
  const { target, via, abort, timeoutMs, now } = options
  try {
    const headers = new Headers(target.headers)
    headers.set('content-type', encoding === 'json' ? 'application/json' : 'application/x-protobuf')
    headers.set('via', via)
    const isLarge = bytes.byteLength > LARGE
    if (isLarge) headers.set('content-encoding', 'gzip')
    else headers.delete('content-encoding')
    const response = await fetch(target.addressOf(signal), {
      method: 'POST',
      headers,
      body: Uint8Array.from(isLarge ? await packed(bytes, { level: FASTEST }) : bytes),
      // A collector that sends elsewhere may send in circles, and to hosts that nobody configured.
      redirect: 'manual',
      signal: AbortSignal.any([abort, AbortSignal.timeout(timeoutMs)]),
    })
    const answer = await beginningOf(response)
    if (response.ok) return { outcome: 'taken', rejected: rejectedIn(answer, encoding) }
    const { status } = response
    if (!TRY_AGAIN.has(status)) return { outcome: 'refused', status }
    return { outcome: 'later', why: `it answers ${status}`, waitMs: waitIn(response, now()) }
  } catch (error) {
    return { outcome: 'later', why: faultOf(error), waitMs: 0 }
  }
}

export interface BodyToSend {
  readonly signal: Signal
  readonly bytes: Uint8Array
  readonly encoding: 'json' | 'protobuf'
}

export type Sent =
  | { readonly outcome: 'taken'; /** Spans, log records or data points. */ readonly rejected: number }
  /** For good: sent again it would be refused again. */
  | { readonly outcome: 'refused'; readonly status: number }
  /** `why` ends a sentence about the collector; `waitMs` is what it asked for, 0 where it asked for nothing. */
  | { readonly outcome: 'later'; readonly why: string; readonly waitMs: number }

export interface SendOptions {
  readonly target: ForwardTarget
  /** The `Via` header, by which a desk knows what it sent itself. */
  readonly via: string
  /** Ends the request. */
  readonly abort: AbortSignal
  readonly timeoutMs: number
  /** Milliseconds since the epoch, for a `Retry-After` that is a date. */
  readonly now: () => number
}

const packed = promisify(gzip)

const LARGE = 1024
/** Bodies pass by on their way; the processor is for who looks something up. */
const FASTEST = 1

/** "Retryable Response Codes" of OTLP/HTTP. */
const TRY_AGAIN: ReadonlySet<number> = new Set([429, 502, 503, 504])

/** As much of the answer as can matter. The rest is not waited for. */
async function beginningOf(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    size += chunk.byteLength
    if (size > LONGEST_ANSWER) break
  }
  return Buffer.concat(chunks)
}

const LONGEST_ANSWER = 64 * 1024

function waitIn(response: Response, now: number): number {
  const text = response.headers.get('retry-after') ?? ''
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return ms > 0 ? Math.min(ms, LONGEST_WAIT_MS) : 0
}

/** So that a slip of the collector's clock does not end forwarding for a day. */
const LONGEST_WAIT_MS = 3_600_000

/** The name of the fault without its message, which may repeat the whole address. */
function faultOf(error: unknown): string {
  if (Object(error).name === 'TimeoutError') return 'it does not answer in time'
  const code: unknown = Object(Object(error).cause).code
  return typeof code === 'string' && /^\w{1,40}$/.test(code) ? `it cannot be reached: ${code}` : 'it cannot be reached'
}
