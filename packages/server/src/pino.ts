import type { ServerWaybill } from './ServerWaybill.ts'

/**
 * A pino `mixin` that puts `reference`, `trace_id` and `span_id` on each line written under a reference:
 * `pino({ mixin: waybillMixin(waybill) })`.
 */
export function waybillMixin(waybill: ServerWaybill): () => Record<string, string> {
  return () => waybill.logFields()
}
