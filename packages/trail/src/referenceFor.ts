import { parseReference, referenceOfTraceId } from '@waybill/reference'
import type { Reference, TraceIdOptions } from '@waybill/reference'
import { ATTRIBUTES } from './attributes.ts'
import type { Attributes } from './otlpAttributes.ts'

/**
 * The reference that a trace-id stands for, or, under a foreign one, that of `waybill.reference`, or that of earlier spans of its trace.
 * `two` where trace-id and attribute name two.
 */
export function referenceFor(
  traceId: string | undefined,
  attributes: Attributes,
  options: ReferenceOptions,
): Reference | 'two' | undefined {
  const own = traceId && referenceOfTraceId(traceId, options)?.reference
  const stated = parseReference(attributes[ATTRIBUTES.reference])
  if (!stated.ok) return own || (traceId && options.referenceOfAlias?.(traceId)) || undefined
  return own && own !== stated.reference ? 'two' : stated.reference
}

export interface ReferenceOptions extends TraceIdOptions {
  /** Knows references of foreign trace-ids from spans that came earlier. @default none are known */
  readonly referenceOfAlias?: ((traceId: string) => Reference | undefined) | undefined
}
