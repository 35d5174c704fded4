import type { Step } from './Step.ts'
import { batchesOf } from './batchesOf.ts'
import type { Batch } from './batchesOf.ts'
import { isFinal } from './isFinal.ts'
import { isRead, unitsOf } from './unitsOf.ts'
import type { Unit } from './unitsOf.ts'
import type { Work } from './worksOf.ts'

/**
 * Judges steps that belong together, in their order. A failure that a later attempt made good is none, one that is going to be tried
 * again is not one yet, and a read that failed does not outweigh a write that finished: what was paid is paid, whatever a page
 * could not show afterwards.
 */
export function verdictOf(steps: readonly Step[], now: number): Verdict {
  const units = unitsOf(steps).map((unit) => ({ ...unit, step: asGivenUp(unit.step, steps) }))
  const batches = batchesOf(steps)
  const failed = units.filter(({ step }) => step.status === 'error' && isFinal(step))
  const open = units.find(({ step }) => step.status === 'running' || (step.status === 'error' && !isFinal(step)))
  const waiting = open?.step ?? unclaimedJob(steps) ?? partOfOpenWork(units, steps)
  const isWrite = ({ step }: Unit): boolean => !isRead(step)
  const write = failed.findLast(isWrite)
  const batch = batches.find(({ parent, counts }) => parent.status !== 'running' && counts.failed > 0)
  const hasFinished = units.some((unit) => isWrite(unit) && unit.step.status === 'ok')
  const unit = write ?? (batch || waiting || hasFinished ? undefined : failed.at(-1))
  const common = { units, batches }

  if (unit) return { ...common, state: 'failed', unit, step: deepest(unit.step, steps) }
  if (batch) return { ...common, state: 'failed', batch, step: failedItems(batch.items).at(-1) }
  if (waiting)
    return {
      ...common,
      state: now - lastSign(steps) > SILENT_MS ? 'unknown' : 'running',
      unit: open,
      step: deepest(waiting, steps),
    }
  // An alert says that something is wrong, and nothing of how that ended.
  const [alert] = units
  if (alert && units.every(({ step }) => step.hop === 'alert'))
    return { ...common, state: 'unknown', unit: alert, step: alert.step }
  return { ...common, state: units.length > 0 ? 'succeeded' : 'unknown' }
}

/** How work stands, and what shows it. */
export interface Verdict {
  readonly state: OutcomeState
  readonly units: readonly Unit[]
  readonly batches: readonly Batch<Step>[]
  /** The step that failed, or that is going on; of work with parts the innermost. */
  readonly step?: Step | undefined
  /** The work that step was part of. */
  readonly unit?: Unit | undefined
  /** Set instead, where items of a batch failed and the run around them did not. */
  readonly batch?: Batch<Step> | undefined
}

export type OutcomeState = 'succeeded' | 'failed' | 'running' | 'unknown'

/** The last attempts of the items of a batch that failed for good. */
export function failedItems(items: readonly Work<Step>[]): Step[] {
  const last = items.flatMap(({ attempts }) => attempts.slice(-1))
  return last.filter((step) => step.status === 'error' && isFinal(step))
}

/** Work without a sign of life for so long may have ended unseen. */
export const SILENT_MS = 3_600_000

/**
 * From a piece of work down to the part of it that shows why it stands as it does: at each level the part of the same status
 * that ended last. A part of the same kind as the whole (the HTTP request inside a model call) would only say the same in more
 * technical words, unless it is another service's answer to a request: then that is where it failed. Bad input can hold a circle of causes, hence the bound.
 */
function deepest(step: Step, steps: readonly Step[], levels = 32): Step {
  const parts = steps.filter((each) => each.parentId === step.id && each.status === step.status)
  const last = parts.toSorted((a, b) => endOf(b) - endOf(a))[0]
  if (!last || levels === 0) return step
  const part = deepest(last, steps, levels - 1)
  const isElsewhere = part.hop === 'api' && part.service !== step.service
  return part.hop === step.hop && !isElsewhere ? step : part
}

/** A message that was queued and that no worker has a step for yet. */
function unclaimedJob(steps: readonly Step[]): Step | undefined {
  return steps.find(
    (step) =>
      step.hop === 'queue' &&
      step.status !== 'error' &&
      step.jobId &&
      !steps.some((each) => each !== step && each.jobId === step.jobId),
  )
}

/**
 * A job that its broker has set aside since is over, also where nobody told how its last attempt ended, because its worker was killed.
 * Of one that was queued with others it is not told which of them was set aside.
 */
function asGivenUp(step: Step, steps: readonly Step[]): Step {
  const isOpen = step.status === 'running' || (step.status === 'error' && !isFinal(step))
  if (step.hop !== 'worker' || !isOpen || !step.jobId) return step
  const queued = steps.find(({ hop, id, jobId }) => hop === 'queue' && id === step.parentId && jobId === step.jobId)
  const isSetAside = ({ deadLetter, at, parentId }: Step): boolean =>
    deadLetter === true && at > step.at && queued !== undefined && causesOf(parentId, steps).has(queued.id)
  return steps.some(isSetAside) ? { ...step, status: 'error', maxAttempts: step.attempt } : step
}

/** Up to the first that is not told; bad input can hold a circle. */
function causesOf(id: string | undefined, steps: readonly Step[]): ReadonlySet<string> {
  const causes = new Set<string>()
  for (let each = id; each !== undefined && !causes.has(each);) {
    causes.add(each)
    each = steps.find((step) => step.id === each)?.parentId
  }
  return causes
}

/** Where only parts of a work are told, the work around them has not ended: a step is told as it ends, so its parts are told first. */
function partOfOpenWork(units: readonly Unit[], steps: readonly Step[]): Step | undefined {
  const ids = new Set(steps.map((step) => step.id))
  const isPart = ({ step }: Unit): boolean =>
    PARTS.has(step.hop) && step.parentId !== undefined && !ids.has(step.parentId)
  return units.every(isPart) ? units[0]?.step : undefined
}

const PARTS: ReadonlySet<string> = new Set(['queue', 'model', 'tool', 'database'])

function lastSign(steps: readonly Step[]): number {
  return Math.max(...steps.map(endOf))
}

function endOf(step: Step): number {
  return step.at + step.durationMs
}
