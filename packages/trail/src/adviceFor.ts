import type { Step } from './Step.ts'
import type { Verdict } from './verdictOf.ts'

/** What is to be done now: nothing, the customer tries again, somebody finishes it by hand, or engineering says first what happened. */
export type Advice = 'none' | 'customer-retry' | 'manual-fix' | 'ask-engineering'

/**
 * Advice on a verdict. Trying again is advised only where the application declared that nothing was changed, or where the
 * failed call could not have changed anything; a guess here is how refunds are paid twice.
 */
export function adviceFor({ state, step, work }: Verdict, steps: readonly Step[]): Advice {
  if (state === 'unknown') return step ? 'ask-engineering' : 'none'
  if (state !== 'failed') return 'none'
  const effect = declared(steps)?.effect
  if (effect === 'held') return 'manual-fix'
  if (effect === 'none' || (effect === undefined && readsOnly(step, work))) return 'customer-retry'
  return 'ask-engineering'
}

/** The step that last declared what became of the customer's business; servers before browsers. */
export function declared(steps: readonly Step[]): Step | undefined {
  const declaring = steps.filter((step) => step.effect !== undefined || step.remains !== undefined)
  return declaring.findLast((step) => !step.claimed) ?? declaring.at(-1)
}

/** GET and HEAD change nothing (RFC 9110, section 9.2.1). Work behind a queue is not judged by the method of a call. */
function readsOnly(step: Step | undefined, work: Step | undefined): boolean {
  const call = work ?? step
  if (!call || !['api', 'browser'].includes(call.hop)) return false
  return /^(?:GET|HEAD)\b/.test(call.name)
}
