import type { Reference } from '@waybill/reference'
import type { ActionRecord, CallRecord } from '../session/ActionRecord.ts'
import type { Waybill } from '../Waybill.ts'
import { isoTime } from './isoTime.ts'
import { plainText } from './plainText.ts'

/**
 * The whole session as data for engineering, newest first, ready for `JSON.stringify`: what `sessionText` says, with the
 * background calls, durations and times to the millisecond. It holds no facts and no person.
 */
export function sessionJson(
  { session }: Pick<Waybill, 'session'>,
  { now = Date.now }: { readonly now?: (() => number) | undefined } = {},
): SessionExport {
  return {
    format: 'waybill-session',
    version: 1,
    session: session.id,
    exportedAt: isoTime(now()),
    actions: session
      .actions()
      .toSorted((a, b) => b.startedAt - a.startedAt)
      .map(actionOf),
  }
}

/** Times are ISO 8601 in UTC. A later version may add members; `version` changes when one is removed or means something else. */
export interface SessionExport {
  readonly format: 'waybill-session'
  readonly version: 1
  /** Groups the visit's actions; names nobody. */
  readonly session: string
  readonly exportedAt: string
  readonly actions: readonly ExportedAction[]
}

export interface ExportedAction {
  readonly reference: Reference
  readonly name: string
  readonly state: ActionRecord['state']
  readonly startedAt: string
  readonly endedAt?: string
  readonly attempts: number
  readonly background: boolean
  readonly delivery: ActionRecord['delivery']
  readonly calls: readonly ExportedCall[]
}

export interface ExportedCall {
  readonly method: string
  /** Masked, without query. */
  readonly path: string
  readonly status?: number
  readonly attempt: number
  readonly at: string
  readonly durationMs?: number
  /** Low cardinality: `503`, `TypeError`, `AbortError`, `page_left`. */
  readonly error?: string
}

function actionOf(record: ActionRecord): ExportedAction {
  const { reference, name, state, startedAt, endedAt, attempts, background, delivery, calls } = record
  return {
    reference,
    name: plainText(name),
    state,
    startedAt: isoTime(startedAt),
    ...(endedAt !== undefined && { endedAt: isoTime(endedAt) }),
    attempts,
    background,
    delivery,
    calls: calls.map(callOf),
  }
}

function callOf({ method, path, status, attempt, at, durationMs, error }: CallRecord): ExportedCall {
  return {
    method,
    path,
    ...(status !== undefined && { status }),
    attempt,
    at: isoTime(at),
    ...(durationMs !== undefined && { durationMs }),
    ...(error !== undefined && { error }),
  }
}
