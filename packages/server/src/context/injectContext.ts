import { TRACE_REFERENCE, traceparentOf } from '@waybill/reference'
import type { TraceContext } from './TraceContext.ts'

/** The same carrier with `traceparent` and `Trace-Reference` of a context in it. What it holds under those names is replaced. */
export function injectContext<C extends Carrier>(context: TraceContext, carrier: C): C {
  const entries = {
    traceparent: traceparentOf(context.traceId, { spanId: context.spanId }),
    [TRACE_REFERENCE]: context.reference,
  }
  if (carrier instanceof Headers) for (const [name, value] of Object.entries(entries)) carrier.set(name, value)
  else Object.assign(carrier, entries)
  return carrier
}

/** What takes headers along: `Headers`, or a plain object such as a message's. */
export type Carrier = Headers | Record<string, unknown>
