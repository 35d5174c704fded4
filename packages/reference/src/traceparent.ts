import { hexOf } from './hexOf.ts'
import { trimmedText } from './trimmedText.ts'

/** The request header that carries a reference in the open, for access logs and servers without tracing. */
export const TRACE_REFERENCE = 'Trace-Reference'
/** The request header that carries the number of the attempt, from 1. */
export const TRACE_ATTEMPT = 'Trace-Attempt'

/**
 * A W3C `traceparent` value. Flags are `03` (sampled, random trace-id): with `00` back-ends that use the default
 * parent-based sampler drop the trace. With `sampledShare` below 1 the rest is sent as `02`, decided on the trace-id's low
 * 56 bits, as OpenTelemetry's consistent probability sampling does, so that every service decides alike.
 */
export function traceparentOf(
  traceId: string,
  { spanId = mintSpanId(), sampledShare = 1 }: TraceparentOptions = {},
): string {
  // The upper 52 of those 56 bits: what a double holds exactly.
  const sampled = parseInt(traceId.slice(18, 31), 16) / 2 ** 52 >= 1 - sampledShare
  return `00-${traceId}-${spanId}-0${sampled ? 3 : 2}`
}

/** A new span id: 16 hex digits, never all zero. */
export function mintSpanId(): string {
  next = (next + 2) % pool.length
  if (!next) crypto.getRandomValues(pool)
  return hexOf([(pool[next] ||= 1), pool[next + 1]!])
}

/** Filled for many ids at once: a call of the random source takes longer than all else about an id. */
const pool = new Uint32Array(256)
let next = -2

/** Reads a `traceparent` value by W3C's grammar, later versions included; null for anything else, two joined values included. */
export function parseTraceparent(text: unknown): Traceparent | null {
  const value = trimmedText(text, 512)
  if (!FORM.test(value)) return null
  return {
    traceId: value.slice(3, 35),
    spanId: value.slice(36, 52),
    sampled: parseInt(value[54]!, 16) % 2 === 1,
  }
}

/** Version ff is forbidden, more fields come only after version 00, and no id is all zero. */
const FORM = /^(?!ff|00.{54})[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}(-|$)/

export interface TraceparentOptions {
  /** 16 hex digits. @default a fresh one for each call */
  readonly spanId?: string | undefined
  /** Between 0 and 1. @default 1 */
  readonly sampledShare?: number | undefined
}

export interface Traceparent {
  readonly traceId: string
  readonly spanId: string
  readonly sampled: boolean
}
