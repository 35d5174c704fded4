import { isCustomersRequest } from './isCustomersRequest.ts'
import type { Step } from './Step.ts'
import { failedItems } from './verdictOf.ts'
import type { Verdict } from './verdictOf.ts'
import { isRead, STANDS_ALONE } from './unitsOf.ts'

/**
 * What is to be done now. `none`: nothing. `customer-retry`: the customer tries again; `customer-other-card`,
 * `customer-correct`, `customer-sign-in`: likewise, with something changed first. `no-retry`: nothing was changed, and the same
 * again would end the same way. `rerun`, `redeliver`: as a retry, of a run and of a webhook. `rerun-failed`: of a batch, those items that
 * failed. `manual-fix`: somebody finishes it by hand.
 * `ask-engineering`: engineering says first what was changed.
 */
export type Advice =
  | 'none'
  | 'customer-retry'
  | 'customer-other-card'
  | 'customer-correct'
  | 'customer-sign-in'
  | 'no-retry'
  | 'rerun'
  | 'rerun-failed'
  | 'redeliver'
  | 'manual-fix'
  | 'ask-engineering'

/**
 * Advice on a verdict over `steps`. Doing it again is advised only where every step that could have changed something declared
 * that it changed nothing, or where nothing but reading was done; a guess here is how refunds are paid twice.
 */
export function adviceFor({ state, step, unit, batch }: Verdict, { steps, isRepeatable }: AdviceOptions): Advice {
  if (state === 'unknown') return step ? 'ask-engineering' : 'none'
  if (state !== 'failed') return 'none'
  const judged = batch ? failedItems(batch.items) : steps
  if (judged.findLast((each) => each.effect !== undefined)?.effect === 'held') return 'manual-fix'
  const writes = judged.filter((each) => couldHaveChanged(each, steps))
  const isSafe = writes.every((each) => {
    const effect = effectOf(each, steps)
    return effect === 'none' || (effect === undefined && isRepeatable)
  })
  const hasSaid = writes.length > 0 || (unit && ['api', 'browser'].includes(unit.step.hop))
  if (!isSafe || !hasSaid) return 'ask-engineering'
  if (batch && batch.counts.done > 0) return 'rerun-failed'
  const begun = steps[0]?.hop ?? 'browser'
  if (begun === 'webhook') return 'redeliver'
  if (begun !== 'api' && begun !== 'browser') return 'rerun'
  const again = BY_STATUS[statusOf(unit?.step)] ?? (isDeclined(unit?.step) ? 'customer-other-card' : 'customer-retry')
  // What else was refused is not the customer's to change.
  return again === 'no-retry' || (unit && isCustomersRequest(unit.step)) ? again : 'customer-retry'
}

export interface AdviceOptions {
  /** All that were judged, in order. */
  readonly steps: readonly Step[]
  /** The application declared that the action may be done again whatever became of it. */
  readonly isRepeatable: boolean
}

/** The step of `steps` that last declared what became of the customer's business. */
export function declared(steps: readonly Step[]): Step | undefined {
  return steps.findLast((step) => step.effect !== undefined || step.remains !== undefined)
}

/** Putting a message into a queue changes nothing by itself: the job does, and is asked for its own word. */
function couldHaveChanged(step: Step, steps: readonly Step[]): boolean {
  if (isRead(step) || ['alert', 'support'].includes(step.hop)) return false
  // Of a browser's action its calls tell more; and drawing a page changes nothing.
  if (step.action) return step.failure !== 'render' && steps.every((each) => each.action)
  if (step.hop === 'queue') return step.status === 'error'
  const around = parentOf(step, steps)
  // What a server does while it answers a read is its own affair.
  return !(around && isWithin(step, around) && isRead(around) && around.hop === 'api')
}

/** A step's own word, or else that of the step around it: whoever declared that one wrote what goes on inside. */
function effectOf(step: Step, steps: readonly Step[], levels = 32): Step['effect'] {
  if (step.effect !== undefined || levels === 0) return step.effect
  const around = parentOf(step, steps)
  return around && isWithin(step, around) ? effectOf(around, steps, levels - 1) : undefined
}

function parentOf({ parentId }: Step, steps: readonly Step[]): Step | undefined {
  return parentId === undefined ? undefined : steps.find(({ id }) => id === parentId)
}

function isWithin(step: Step, around: Step): boolean {
  return step.service === around.service && !STANDS_ALONE.has(step.hop)
}

function statusOf(step: Step | undefined): string {
  return String(step?.attributes?.['http.response.status_code'] ?? step?.error?.type)
}

function isDeclined(step: Step | undefined): boolean {
  return statusOf(step) === '402' || /^card_|declined/i.test(step?.error?.type ?? '')
}

/** Answers that the same request would get again. */
const BY_STATUS: Readonly<Record<string, Advice>> = {
  400: 'customer-correct',
  401: 'customer-sign-in',
  403: 'no-retry',
  404: 'no-retry',
  405: 'no-retry',
  410: 'no-retry',
  413: 'customer-correct',
  415: 'no-retry',
  422: 'customer-correct',
  451: 'no-retry',
}
