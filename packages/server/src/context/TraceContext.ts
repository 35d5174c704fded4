import type { Reference } from '@waybill/reference'

/** Where a piece of work stands: whose action it belongs to, and which step causes what it does next. Plain data. */
export interface TraceContext {
  readonly reference: Reference
  /** The reference's own trace-id, or that of a foreign tracer, kept so that its trace stays whole. */
  readonly traceId: string
  /** Span id of the step in force, here or at the caller; none where nothing has happened yet. */
  readonly spanId?: string | undefined
  /** The attempt this work belongs to, from 1. */
  readonly attempt?: number | undefined
  /** Something that the caller claimed was not believed. What it was is not kept. */
  readonly refused?: boolean | undefined
}
