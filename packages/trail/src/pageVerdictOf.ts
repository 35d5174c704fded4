import type { Step } from './Step.ts'
import { isRead } from './unitsOf.ts'
import type { Unit } from './unitsOf.ts'
import { SILENT_MS } from './verdictOf.ts'
import type { Verdict } from './verdictOf.ts'
import { worksOf } from './worksOf.ts'

/**
 * Judges what browsers alone report, in order: there is no step of a server, because the customer was offline, CORS refused, or the
 * server traces nothing. A call that failed decides, unless it only read; else the end of the action does.
 */
export function pageVerdictOf(claims: readonly Step[], now: number): Verdict {
  const round = claims.findLast(({ action }) => action)
  const calls = worksOf(claims.filter(({ action }) => !action)).map(({ attempts }): Unit => ({
    step: attempts.at(-1)!,
    before: attempts.slice(0, -1),
  }))
  const failed = calls.filter(({ step }) => step.status === 'error' && step.error?.type !== 'AbortError')
  const write = failed.findLast(({ step }) => !isRead(step))
  const last = failed.at(-1)
  const common = { units: calls, batches: [] }
  const failure = (unit: Unit): Verdict => ({ ...common, state: 'failed', unit, step: unit.step })

  if (write) return failure(write)
  if (round?.action === 'failed') {
    const call = failed.findLast(({ step }) => step.parentId === round.id && step.error?.type === round.error?.type)
    return failure(call ?? { step: round, before: [] })
  }
  if (round?.action === 'abandoned' && !last) return { ...common, state: 'unknown', step: round }
  if (round?.action === 'succeeded') return { ...common, state: 'succeeded', step: round }
  const open = calls.findLast(({ step }) => step.status === 'running')?.step ?? round
  if (last && (!open || round?.action === 'abandoned')) return failure(last)
  if (open) {
    const lastSign = Math.max(...claims.map((step) => step.at + step.durationMs))
    return { ...common, state: now - lastSign > SILENT_MS ? 'unknown' : 'running', step: open }
  }
  return { ...common, state: calls.length > 0 ? 'succeeded' : 'unknown' }
}
