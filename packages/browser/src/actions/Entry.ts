import type { Reference } from '@waybill/reference'
import type { ActionFailure, ActionState, OtlpSpan } from '@waybill/trail'

/** What is remembered of one action: plain data, kept in memory and stored as it is. */
export interface Entry {
  readonly reference: Reference
  readonly traceId: string
  readonly startedAt: number
  session: string
  readonly background: boolean
  /** The span id of the server's step that rendered the page. */
  readonly parent?: string | undefined
  /** To the ended action whose code led to it. */
  readonly links?: OtlpSpan['links'] | undefined
  name: string
  /** Ends by its handle; the others end when they fall silent. */
  explicit: boolean
  /** The customer may do it again whatever became of it. */
  repeatable?: boolean
  person?: string | undefined
  readonly facts: Record<string, string>
  /** In the order they began. None yet: the action was only looked at, and leaves nothing behind. */
  readonly spans: Span[]
}

/** What becomes a step. */
export type Span = Round | Call

/** From the start, a retry or a re-opening to the next end. Each is a step, so a failure that was retried stays to be seen. */
export interface Round extends Timed {
  state: ActionState
  /** The round before, or what led to the action. */
  readonly parent?: string | undefined
  failure?: ActionFailure | undefined
  /** What the screen said last, unless that may be somebody's own. */
  screen?: string | undefined
  readonly method?: never
}

export interface Call extends Timed {
  readonly state?: never
  /** The round's span id. */
  readonly parent: string
  /** Set when another tracer's `traceparent` was on the request. */
  readonly traceId?: string | undefined
  readonly method: string
  readonly path: string
  /** Method and whole URL, by which a call made again is known: too telling to be copied or stored. */
  readonly key?: string
  status?: number | undefined
}

interface Timed {
  /** The step's span id. */
  readonly id: string
  readonly at: number
  readonly attempt: number
  /** Undefined while it is open. */
  durationMs?: number | undefined
  /** OpenTelemetry `error.type`. */
  error?: string | undefined
  /** What the desk has acknowledged: nothing, the `started` marker, or the step itself. */
  sent: number
}

/** The last one, of an action that was recorded. */
export function roundOf({ spans }: Entry): Round {
  return spans.findLast(({ state }) => state) as Round
}

/** The highest of the action or one of its calls. */
export function attemptsOf({ spans }: Entry): number {
  return Math.max(...spans.map(({ attempt }) => attempt))
}

/** What there is to tell of a span by now, as `sent` counts it. */
export function tellable(span: Span): number {
  if (span.durationMs !== undefined) return 2
  return span.state ? 1 : 0
}

export function isOpen(entry: Entry): boolean {
  return tellable(roundOf(entry)) < 2
}

/** A background call that goes well need not be told before it is over. */
export function canWait(entry: Entry): boolean {
  return entry.background && isOpen(entry) && !lastError(entry)
}

/** Nor is it written at once: it is soon at the desk, or written as the page goes. */
export function canStay(entry: Entry, now: number): boolean {
  return entry.background && now - entry.startedAt < PATIENCE_MS && !lastError(entry)
}

/** Delivery gathers for five seconds; one more for the way. */
export const PATIENCE_MS = 6000

/** Whether every step so far was acknowledged. */
export function isDelivered({ spans }: Entry): boolean {
  return spans.every((span) => span.sent >= tellable(span))
}

export function settle(span: Span, at: number, error?: string): void {
  span.durationMs = Math.max(0, at - span.at)
  span.error = error
}

/**
 * Ends what can no longer end by itself: calls that were open when their page went away, and the actions that waited for
 * them; with `isOver` also those that have a handle, for their session is over.
 */
export function endInterrupted(entry: Entry, at: number, isOver?: boolean): void {
  for (const span of entry.spans) if (!tellable(span)) settle(span, at, PAGE_LEFT)
  const round = roundOf(entry)
  if (!isOpen(entry) || (entry.explicit && !isOver)) return
  const { state, error, at: end } = endOfCalls(entry, entry.explicit ? at : undefined)
  settle(round, end, error)
  round.state = state
}

/**
 * How an action ended of which nothing but its calls tells: as the last one did, and when all were over. Where silence does not
 * mean that it went well, it was given up then, unless a call failed.
 */
export function endOfCalls(entry: Entry, givenUpAt?: number): CallsEnd {
  const error = lastError(entry)
  const state = stateAfter(error)
  if (state !== 'failed' && givenUpAt !== undefined) return { state: 'abandoned', at: givenUpAt }
  const ends = entry.spans.map(({ method, at, durationMs = 0 }) => (method ? at + durationMs : 0))
  return { state, error: state === 'failed' ? error : undefined, at: Math.max(...ends) }
}

interface CallsEnd {
  readonly state: ActionState
  readonly error?: string | undefined
  readonly at: number
}

/** Of its last call. */
function lastError({ spans }: Entry): string | undefined {
  return spans.findLast(({ method }) => method)?.error
}

/** How an action ended that has no handle to say so: as its last call did. */
export function stateAfter(error: string | undefined): ActionState {
  if (!error) return 'succeeded'
  // The customer, or the page on their behalf, gave up.
  return error === PAGE_LEFT || error === 'AbortError' ? 'abandoned' : 'failed'
}

const PAGE_LEFT = 'page_left'
