import type { ServerWaybill } from './ServerWaybill.ts'

/**
 * A winston `defaultMeta` that puts `reference`, `trace_id` and `span_id` on each line written under a reference, and the given `meta` on
 * all: `createLogger({ defaultMeta: waybillMeta(waybill, { service: 'shop-api' }) })`. What a line's own meta says under these names
 * stays. It is no `format`, because while a transport is busy winston formats later, in whoever's context that is.
 */
export function waybillMeta(
  waybill: ServerWaybill,
  meta: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  // Winston copies it for each line as the line is logged: first it asks for the names, then for what they stand for.
  let fields: Readonly<Record<string, unknown>> = {}
  return new Proxy<Record<string, unknown>>(
    {},
    {
      ownKeys() {
        fields = { ...waybill.guard(() => waybill.logFields()), ...meta }
        return Object.keys(fields)
      },
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
      get: (_, name) => fields[String(name)],
    },
  )
}
