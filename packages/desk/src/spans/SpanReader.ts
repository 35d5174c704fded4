import type { Unseen, UnseenReason } from '../store/Unseen.ts'

/** Reads spans where they are kept already. Nothing is ever written there. */
export interface SpanReader {
  readonly where: SpanStore
  /** Every span of these traces, as far as it could be seen. Never rejects. */
  read(asked: AskedSpans): Promise<FoundSpans>
  /** Whether it can be read, and what was found there, in words. Never rejects. */
  probe(signal: AbortSignal): Promise<ProbedSpans>
}

export type SpanStore = Exclude<Unseen['where'], 'desk'>

export interface AskedSpans {
  /** 32 hex digits each. */
  readonly traceIds: readonly string[]
  /** When the spans began, as far as the desk knows from its own steps. Undefined where it knows none: then the newest day is searched first, and so on backwards. */
  readonly window?: TimeWindow | undefined
  /** So far back it is searched at most. */
  readonly mostDays: number
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Ends when there is no time left. */
  readonly signal: AbortSignal
}

/** Milliseconds since the epoch. */
export interface TimeWindow {
  readonly from: number
  readonly to: number
}

export interface FoundSpans {
  /** As OTLP's JSON has them. */
  readonly resourceSpans: readonly unknown[]
  /** What was looked through. Null where nothing was. */
  readonly searched: TimeWindow | null
  readonly unseen: readonly Unseen[]
}

export type ProbedSpans =
  | { readonly ok: true; readonly found: string }
  | { readonly ok: false; readonly reason: UnseenReason; readonly detail: string }

/** Spans of one look-up in one store; what is beyond it is told as not seen. */
export const MOST_SPANS = 5000
