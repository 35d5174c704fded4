import { isFinal, lastAttempts } from './lastAttempts.ts'
import type { Step } from './Step.ts'

/**
 * Judges the steps of one trail, in their order. Steps of servers decide while there are any; a failure that a later attempt
 * made good is none, and one that is going to be tried again is not one yet.
 */
export function verdictOf(steps: readonly Step[], now: number): Verdict {
  const server = steps.filter((step) => !isClaim(step))
  const decisive = server.length > 0 ? server : steps
  const units = lastAttempts(decisive)
  const failed = units.find((step) => step.status === 'error' && isFinal(step))
  if (failed) return { state: 'failed', step: deepest(failed, decisive), work: failed }
  const unreached = unreachedCall(steps, server)
  if (unreached) return { state: 'failed', step: unreached, work: unreached }
  if (server.length === 0 && steps.some((step) => step.action === 'abandoned'))
    return { state: 'unknown', step: units[0] }
  const open = units.find((step) => step.status !== 'ok') ?? unclaimedJob(server)
  if (open) return { state: now - lastSign(steps) > SILENT_MS ? 'unknown' : 'running', step: deepest(open, decisive) }
  return units.length > 0 ? { state: 'succeeded' } : { state: 'unknown' }
}

/** How an action stands, and the step that shows it: the one that failed, or the one that is going on. */
export interface Verdict {
  readonly state: OutcomeState
  readonly step?: Step | undefined
  /** The work that the failed step was part of, when that is another step: the worker's attempt around a model call. */
  readonly work?: Step | undefined
}

export type OutcomeState = 'succeeded' | 'failed' | 'running' | 'unknown'

const SILENT_MS = 3_600_000

/** A browser's word, or a step of the customer's own device. */
function isClaim(step: Step): boolean {
  return step.claimed === true || step.hop === 'browser'
}

/**
 * From a piece of work down to the part of it that shows why it stands as it does: at each level the part of the same status
 * that ended last. A part of the same kind as the whole (the HTTP request inside a model call) would only say the same in more
 * technical words. Bad input can hold a circle of causes, hence the bound.
 */
function deepest(step: Step, steps: readonly Step[], levels = 32): Step {
  const parts = steps.filter((each) => each.parentId === step.id && each.status === step.status)
  const last = parts.toSorted((a, b) => endOf(b) - endOf(a))[0]
  if (!last || levels === 0) return step
  const part = deepest(last, steps, levels - 1)
  return part.hop === step.hop ? step : part
}

/** A call that failed in the browser and that no server has a step for: offline, CORS, blocked, or a server without tracing. */
function unreachedCall(steps: readonly Step[], server: readonly Step[]): Step | undefined {
  const calls = steps.filter((step) => step.hop === 'browser' && !step.action && step.parentId)
  return lastAttempts(calls).find(
    (call) =>
      call.status === 'error' && call.error?.type !== 'AbortError' && !server.some((step) => step.parentId === call.id),
  )
}

/** A message that was queued and that no worker has a step for yet. */
function unclaimedJob(server: readonly Step[]): Step | undefined {
  return server.find(
    (step) => step.hop === 'queue' && step.jobId && !server.some((each) => each !== step && each.jobId === step.jobId),
  )
}

function lastSign(steps: readonly Step[]): number {
  return Math.max(...steps.map(endOf))
}

function endOf(step: Step): number {
  return step.at + step.durationMs
}
