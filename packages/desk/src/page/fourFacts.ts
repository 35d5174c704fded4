import type { Advice } from '@waybill/trail'
import type { Match, MatchStep } from '../lookup/Match.ts'
import { clockTime } from './clockTime.ts'
import { durationText } from './durationText.ts'
import { stepSentence } from './stepSentence.ts'

/** What support asks of a trail, in the order in which it is asked. */
export function fourFacts(match: Match): FourFacts {
  return { started: startedOf(match), touched: touchedOf(match), failed: failedOf(match), todo: todoOf(match) }
}

export interface FourFacts {
  readonly started: string
  readonly touched: string
  readonly failed: string
  readonly todo: string
}

/** The step at which it failed, or null. */
function failedStep({ outcome, steps }: Match): MatchStep | null {
  if (outcome.state !== 'failed') return null
  const errors = steps.filter((step) => step.status === 'error')
  return errors.findLast((step) => step.hop === outcome.hop) ?? errors.at(-1) ?? null
}

function startedOf({ startedAt, steps }: Match): string {
  const [first] = steps
  const where = first?.hop === 'browser' ? `in the customer’s browser (${first.service})` : `at ${first?.service}`
  return `${clockTime(startedAt)} ${where}`
}

function touchedOf({ steps }: Match): string {
  const services = [...new Set(steps.map((step) => step.service))]
  const begun = Math.min(...steps.map((step) => Date.parse(step.at)))
  const ended = Math.max(...steps.map((step) => Date.parse(step.at) + step.durationMs))
  const count = steps.length === 1 ? '1 step' : `${steps.length} steps`
  return `${services.join(', ')} · ${count} in ${durationText(ended - begun)}`
}

function failedOf(match: Match): string {
  const step = failedStep(match)
  if (!step) return match.outcome.state === 'failed' ? 'Yes, but no step says where' : NOT_FAILED[match.outcome.state]
  const { subject, deed, trouble } = stepSentence(step)
  const attempts = step.attempt !== null && step.attempt > 1 ? `, attempt ${step.attempt}` : ''
  return `${clockTime(step.at)} ${subject} ${deed}${trouble ? `; ${trouble}` : ''}${attempts}`
}

const NOT_FAILED = { succeeded: 'Nothing', running: 'Nothing so far', unknown: 'Nobody reported how it ended' } as const

function todoOf({ outcome, remains }: Match): string {
  if (outcome.state === 'running') return 'Wait; it is still going on'
  const left = outcome.advice === 'manual-fix' && remains ? `: ${remains}` : ''
  return WHAT_TO_DO[outcome.advice] + left
}

const WHAT_TO_DO: Readonly<Record<Advice, string>> = {
  none: 'Nothing',
  'customer-retry': 'The customer can try again; nothing was changed',
  'manual-fix': 'Somebody finishes it by hand',
  'ask-engineering': 'Ask engineering before anybody tries again',
}
