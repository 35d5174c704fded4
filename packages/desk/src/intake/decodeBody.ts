import type { Reference, TraceIdOptions } from '@waybill/reference'
import { decodeOtlp } from '@waybill/trail'
import type { DecodedOtlp, OtlpSignal } from '@waybill/trail'
import type { Store } from '../store/Store.ts'

/**
 * The steps of an OTLP body. A server's span under a foreign trace-id that names no reference still finds its trail when
 * an earlier span of that trace named one: the store is asked for it. A browser may not lean on that, or it could file
 * steps under a trail whose code it never knew.
 */
export async function decodeBody(body: unknown, options: DecodeBodyOptions): Promise<DecodedOtlp> {
  const { store, ...rest } = options
  const unknown = new Set<string>()
  const first = decodeOtlp(body, {
    ...rest,
    referenceOfAlias: (traceId) => {
      if (unknown.size < MOST_FOREIGN_IDS) unknown.add(traceId)
      return undefined
    },
  })
  if (options.claimed || unknown.size === 0) return first
  const known = new Map<string, Reference>(first.steps.map((step) => [step.traceId, step.reference]))
  for (const traceId of unknown) {
    const [found] = known.has(traceId) ? [] : await store.find([traceId], { limit: 1, kind: 'trace' })
    if (found) known.set(traceId, found.reference)
  }
  return decodeOtlp(body, { ...rest, referenceOfAlias: (traceId) => known.get(traceId) })
}

export interface DecodeBodyOptions extends TraceIdOptions {
  readonly store: Pick<Store, 'find'>
  readonly signal: OtlpSignal
  /** Whether the body came with a browser key. */
  readonly claimed: boolean
}

const MOST_FOREIGN_IDS = 200
