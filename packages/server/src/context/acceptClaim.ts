import { mintReference, parseTraceparent, referenceOfTraceId } from '@waybill/reference'
import { TRACE_ATTEMPT, TRACE_REFERENCE, traceIdOf } from '@waybill/reference'
import type { ReferenceLength } from '@waybill/reference'
import { exactReference } from './exactReference.ts'
import type { OtherTracer } from './OtherTracer.ts'
import type { TraceContext } from './TraceContext.ts'

/**
 * The context that `traceparent`, `Trace-Reference` and `Trace-Attempt` in a carrier claim, after checking the claim; a
 * fresh one where there is nothing to believe. Never throws, whatever the carrier is. A header that is not exactly of its
 * grammar, one sent twice included, counts as absent. A `Trace-Reference` beside a foreign trace-id is honoured and that
 * id kept; beside a trace-id that stands for another reference neither is believed, so that nobody can file steps under
 * somebody else's code by contradiction.
 */
export function acceptClaim(carrier: unknown, { namespace, length, random, beside }: ClaimOptions = {}): TraceContext {
  const claimedReference = valueIn(carrier, TRACE_REFERENCE, REFERENCE_LOWER)
  const claimedParent = valueIn(carrier, 'traceparent')
  const claimedAttempt = valueIn(carrier, TRACE_ATTEMPT, ATTEMPT_LOWER)
  const claimed = [claimedReference, claimedParent, claimedAttempt]
  if (!beside && claimed.every((claim) => claim === undefined)) return freshContext({ namespace, length, random })
  const stated = exactReference(claimedReference)
  const parent = parseTraceparent(claimedParent) ?? undefined
  const attempt = attemptIn(claimedAttempt)
  const decoded = parent && referenceOfTraceId(parent.traceId, { namespace })?.reference
  const unread = [stated, parent, attempt].some((value, i) => value === undefined && claimed[i] !== undefined)
  if (stated && decoded && stated !== decoded) return { ...freshContext({ namespace, length, random }), refused: true }
  // Another tracer has read the same traceparent, or has begun a trace for want of one: then its span is the cause of what follows.
  const active = beside?.activeSpan()
  const isItsTrace = active && (parent ? parent.traceId === active.traceId : !stated)
  const cause = isItsTrace ? active : parent
  const reference =
    stated ??
    decoded ??
    (isItsTrace ? beside?.referenceOf(active.traceId) : undefined) ??
    mintReference({ length, random })
  return {
    reference,
    traceId: cause?.traceId ?? traceIdOf(reference, { namespace }),
    ...(cause && { spanId: cause.spanId }),
    ...(attempt && { attempt }),
    ...(unread && { refused: true }),
  }
}

/** The context of a new action that nobody asked for from outside: a run of a schedule, a job without a sender. */
export function freshContext({ namespace, length, random }: ClaimOptions = {}): TraceContext {
  const reference = mintReference({ length, random })
  return { reference, traceId: traceIdOf(reference, { namespace }) }
}

/** How a reference that begins here comes about. */
export interface FreshOptions {
  /** Returns that many bytes; such as are always the same for one message let all its attempts begin one reference. @default random ones */
  readonly random?: ((bytes: number) => Uint8Array) | undefined
}

export interface ClaimOptions extends FreshOptions {
  readonly namespace?: string | undefined
  readonly length?: ReferenceLength | undefined
  readonly beside?: OtherTracer | undefined
}

function valueIn(carrier: unknown, name: string, lowerCase = name): unknown {
  if (typeof carrier !== 'object' || carrier === null) return undefined
  if (carrier instanceof Headers) return carrier.get(name) ?? undefined
  const value = Reflect.get(carrier, name) ?? Reflect.get(carrier, lowerCase)
  // Brokers' clients hand headers out as bytes. What is longer than any of the three is none of them.
  return value instanceof Uint8Array && value.length < 100 ? new TextDecoder().decode(value) : value
}

const REFERENCE_LOWER = TRACE_REFERENCE.toLowerCase()
const ATTEMPT_LOWER = TRACE_ATTEMPT.toLowerCase()

function attemptIn(value: unknown): number | undefined {
  return typeof value === 'string' && /^[1-9]\d{0,3}$/.test(value) ? Number(value) : undefined
}
