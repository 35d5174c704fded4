import type { Step } from './Step.ts'

/**
 * The pieces of work among the steps, each by its last attempt. A step inside another step is that one's affair: a model
 * call that failed and was caught says nothing once the worker around it went on and finished.
 */
export function lastAttempts(steps: readonly Step[]): Step[] {
  const ids = new Set(steps.map((step) => step.id))
  const last = new Map<string, Step>()
  for (const step of steps) {
    const inside = step.parentId !== undefined && ids.has(step.parentId)
    if (inside && !STANDS_ALONE.has(step.hop)) continue
    const key = step.jobId ? `${step.hop} ${step.jobId}` : `${step.hop} ${step.service} ${step.name}`
    const known = last.get(key)
    // Two calls of one name and one attempt went side by side: neither makes good the other.
    const repeats = known && (step.attempt ?? 1) > (known.attempt ?? 1)
    const beside = known && !step.jobId && !repeats
    last.set(beside ? `${key} ${step.id}` : key, beside ? step : later(known, step))
  }
  return [...last.values()]
}

/** Whether a failed attempt was the last one there will be. */
export function isFinal(step: Step): boolean {
  return step.maxAttempts === undefined || (step.attempt ?? 1) >= step.maxAttempts
}

/** Work that goes on after its cause has ended, so that the cause's success is not its own. */
const STANDS_ALONE: ReadonlySet<string> = new Set(['worker', 'schedule', 'webhook'])

function later(known: Step | undefined, step: Step): Step {
  return known && (known.attempt ?? 1) > (step.attempt ?? 1) ? known : step
}
