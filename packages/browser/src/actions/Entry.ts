import type { Reference } from '@waybill/reference'
import type { ActionState, StepError } from '@waybill/trail'

/** What is remembered of one action: plain data, kept in memory and stored as it is. */
export interface Entry {
  readonly reference: Reference
  readonly at: number
  readonly session: string
  readonly background: boolean
  name: string
  /** Ends by its handle; the others end when they fall silent. */
  explicit: boolean
  person?: string | undefined
  readonly facts: Record<string, string>
  /** Never empty; the last one tells the action's state. */
  readonly rounds: Round[]
  readonly calls: Call[]
}

/** From the start, a retry or a re-opening to the next end. Each is a step of its own, so a failure that was retried stays to be seen. */
export interface Round {
  /** Span id of the step; the calls of the round are its children. */
  readonly id: string
  readonly at: number
  readonly attempt: number
  state: ActionState
  endedAt?: number | undefined
  error?: StepError | undefined
  /** What the desk has acknowledged: nothing, the `started` marker, or the step itself. */
  sent: 0 | 1 | 2
}

export interface Call {
  /** Span id, as sent in `traceparent`. */
  readonly id: string
  readonly round: string
  /** Set when another tracer's `traceparent` was on the request. */
  readonly traceId?: string | undefined
  readonly method: string
  readonly path: string
  readonly at: number
  readonly attempt: number
  status?: number | undefined
  /** Undefined while the call is open. */
  durationMs?: number | undefined
  error?: StepError | undefined
  sent: boolean
}

/** The round in which the action is, or was last. */
export function lastRound(entry: Entry): Round {
  return entry.rounds[entry.rounds.length - 1]!
}

/** Whether every step so far was acknowledged. */
export function isDelivered(entry: Entry): boolean {
  return (
    entry.rounds.every((round) => round.sent >= (round.endedAt === undefined ? 1 : 2)) &&
    entry.calls.every((call) => call.sent || call.durationMs === undefined)
  )
}

/**
 * Ends what can no longer end by itself: calls that were open when their page went away, and the actions that waited for
 * them. `all` also ends actions that have a handle, for sessions that are over.
 */
export function endInterrupted(entry: Entry, at: number, { all }: { readonly all: boolean }): void {
  for (const call of entry.calls) {
    if (call.durationMs === undefined) {
      call.durationMs = Math.max(0, at - call.at)
      call.error = { type: PAGE_LEFT }
    }
  }
  const round = lastRound(entry)
  if (round.endedAt === undefined && (all || !entry.explicit)) {
    round.endedAt = Math.max(round.at, at)
    round.state = entry.explicit ? 'abandoned' : stateOfSilence(entry)
  }
}

/** How an action ended that has no handle to say so: as its last call did. */
export function stateOfSilence({ calls }: Entry): 'succeeded' | 'failed' | 'abandoned' {
  const error = calls[calls.length - 1]?.error
  if (!error) return 'succeeded'
  return isAbandonment(error) ? 'abandoned' : 'failed'
}

/** Whether the customer (or the page on their behalf) gave up, as against something having failed. */
export function isAbandonment({ type }: StepError): boolean {
  return type === PAGE_LEFT || type === 'AbortError'
}

const PAGE_LEFT = 'page_left'
