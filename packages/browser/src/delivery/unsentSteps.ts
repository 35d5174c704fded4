import { traceIdOf } from '@waybill/reference'
import { ATTRIBUTES } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { lastRound } from '../actions/Entry.ts'
import type { Entry } from '../actions/Entry.ts'

/**
 * The steps of an action that the desk has not acknowledged: a `started` marker for a round still open, the round itself
 * once it ended, and every call that settled.
 */
export function unsentSteps(entry: Entry, { service, namespace }: StepSource): UnsentStep[] {
  const { reference, name, session, person, facts, rounds, calls } = entry
  const traceId = traceIdOf(reference, { namespace })
  const unsent: UnsentStep[] = []
  for (const round of rounds) {
    const { id, at, endedAt, attempt, state, error } = round
    const ended = endedAt !== undefined
    const sent = ended ? 2 : 1
    if (round.sent >= sent) continue
    const step: Step = {
      id: ended ? id : markerId(id),
      startedFor: ended ? undefined : id,
      reference,
      traceId,
      hop: 'browser',
      service,
      name,
      at,
      durationMs: ended ? endedAt - at : 0,
      status: !ended ? 'running' : state === 'failed' ? 'error' : 'ok',
      attempt,
      error,
      action: state,
      session,
      person,
      facts: round === lastRound(entry) ? facts : undefined,
    }
    unsent.push({ step, acknowledge: () => void (round.sent < sent && (round.sent = sent)) })
  }
  for (const call of calls) {
    const { id, round, method, path, at, durationMs, attempt, status, error } = call
    if (call.sent || durationMs === undefined) continue
    const step: Step = {
      id,
      parentId: round,
      reference,
      traceId: call.traceId ?? traceId,
      hop: 'browser',
      service,
      name: `${method} ${path}`,
      at,
      durationMs,
      status: error ? 'error' : 'ok',
      attempt,
      error,
      attributes: {
        'http.request.method': method,
        'url.path': path,
        ...(status !== undefined && { [ATTRIBUTES.statusCode]: status }),
      },
    }
    unsent.push({ step, acknowledge: () => void (call.sent = true) })
  }
  return unsent
}

export interface StepSource {
  readonly service: string
  readonly namespace?: string | undefined
}

export interface UnsentStep {
  readonly step: Step
  acknowledge(): void
}

/** The same for one round every time, so that a marker sent twice is one step. */
function markerId(id: string): string {
  return [...id].toReversed().join('')
}
