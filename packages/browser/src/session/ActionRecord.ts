import type { Reference } from '@waybill/reference'
import type { ActionState } from '@waybill/trail'
import { lastRound } from '../actions/Entry.ts'
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
 * `pending`: not yet written. `saved`: on this device, survives a crash, not acknowledged yet. `delivered`: the desk
 * acknowledged every step so far. `memory`: storage refused, and not acknowledged.
 */
export type DeliveryState = 'pending' | 'saved' | 'delivered' | 'memory'

export function recordOf(entry: Entry, delivery: DeliveryState): ActionRecord {
  const { reference, name, at, background, facts, rounds, calls } = entry
  const { state, endedAt } = lastRound(entry)
  return {
    reference,
    name,
    state,
    startedAt: at,
    endedAt,
    attempts: Math.max(...rounds.map(({ attempt }) => attempt), ...calls.map(({ attempt }) => attempt)),
    background,
    calls: calls.map(({ error, method, path, status, attempt, at, durationMs }) => ({
      method,
      path,
      status,
      attempt,
      at,
      durationMs,
      error: error?.type,
    })),
    facts: { ...facts },
    delivery,
  }
}
