import type { Reference } from '@waybill/reference'
import type { ActionState } from '@waybill/trail'
import { attemptsOf, roundOf } from '../actions/Entry.ts'
import type { Entry } from '../actions/Entry.ts'

/** What the session remembers of one action, as support and the components read it. */
export interface ActionRecord {
  readonly reference: Reference
  readonly name: string
  readonly state: ActionState
  /** Milliseconds since the epoch: the user's event, where there was one. */
  readonly startedAt: number
  readonly endedAt?: number | undefined
  /** The highest attempt of the action or one of its calls, from 1. */
  readonly attempts: number
  /** No user's event and no handle led to it. */
  readonly background: boolean
  /** The application lets the customer do it again, whatever became of it. */
  readonly repeatable: boolean
  readonly calls: readonly CallRecord[]
  readonly facts: Readonly<Record<string, string>>
  readonly delivery: DeliveryState
}

export interface CallRecord {
  readonly method: string
  /** Masked: `/api/orders/:id`, without query. */
  readonly path: string
  readonly status?: number | undefined
  readonly attempt: number
  readonly at: number
  /** Until the response's headers. Undefined while the call is open. */
  readonly durationMs?: number | undefined
  /** Low cardinality: `503`, `TypeError`, `AbortError`, `page_left`. */
  readonly error?: string | undefined
}

/**
 * `pending`: not yet written. `saved`: on this device, not acknowledged yet; survives a reload, closing the
 * tab and a crash of the page (a browser killed as a whole may lose its last minute). `delivered`: the desk
 * acknowledged every step so far. `memory`: storage refused, and not acknowledged. `local-only`: there is no `deliverTo`, so the
 * steps never leave the device.
 */
export type DeliveryState = 'pending' | 'saved' | 'delivered' | 'memory' | 'local-only'

/** A copy, so that it stays as it is when the action goes on. */
export function recordOf(entry: Entry, delivery: DeliveryState): ActionRecord {
  const { facts, spans, ...rest } = entry
  const { at, durationMs, state } = roundOf(entry)
  return {
    ...rest,
    repeatable: !!rest.repeatable,
    facts: { ...facts },
    calls: spans.flatMap((span) => (span.method === undefined ? [] : [{ ...span }])),
    attempts: attemptsOf(entry),
    state,
    endedAt: durationMs === undefined ? undefined : at + durationMs,
    delivery,
  }
}
