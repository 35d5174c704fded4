import type { Reference } from '@waybill/reference'
import type { TraceContext } from './TraceContext.ts'

/** A tracer that works in the same process, as far as a waybill has to agree with it. Made by `besideOpenTelemetry`. */
export interface OtherTracer {
  /** Its span in force, if one is. */
  activeSpan(): { readonly traceId: string; readonly spanId: string } | undefined
  /** The reference of one of its traces, always the same; one is minted for a trace-id that stands for none. */
  referenceOf(traceId: string): Reference
  /** Hears of a context that begins now, under the span in force. */
  entered(context: TraceContext): void
  /** The context in force, given the waybill's own: of the two the newer causes what follows, if they are of one trace. */
  current(own: TraceContext | undefined): TraceContext | undefined
  /** Does `fn` without spans of its own for it. */
  untraced<T>(fn: () => T): T
}
