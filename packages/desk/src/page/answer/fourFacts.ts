import { stepWords } from '@waybill/trail'
import type { Match, MatchStep } from '../../lookup/Match.ts'
import { clockTime } from '../clockTime.ts'
import { durationText } from '../durationText.ts'

/** What support asks of a trail, in the order in which it is asked. Only the action's own steps answer, where servers have any. */
export function fourFacts(match: Match, { clock = clockTime }: FourFactsOptions = {}): FourFacts {
  const steps = stepsOf(match, 'own')
  const heard = match.steps.filter(({ hop }) => hop !== 'support')
  const told = [steps, heard, match.steps].find(({ length }) => length > 0)!
  return {
    started: startedOf(match, told, clock),
    touched: touchedOf(told),
    failed: failedOf(match, clock),
    todo: match.outcome.todo,
  }
}

export interface FourFacts {
  readonly started: string
  readonly touched: string
  readonly failed: string
  readonly todo: string
}

export interface FourFactsOptions {
  /** A moment as its reader has it. @default the time of day where the reader is */
  readonly clock?: Clock | undefined
}

type Clock = (iso: string) => string

/** The steps of one part of a trail. */
export function stepsOf({ steps }: Match, ...parts: readonly MatchStep['part'][]): MatchStep[] {
  return steps.filter((step) => parts.includes(step.part))
}

function startedOf(match: Match, [first]: readonly MatchStep[], clock: Clock): string {
  const [page] = first?.hop === 'browser' ? [first] : stepsOf(match, 'page')
  const where = page ? `in the customer’s browser (${page.service})` : `at ${first?.service}`
  return `${clock(match.startedAt)} ${where}`
}

function touchedOf(steps: readonly MatchStep[]): string {
  const services = [...new Set(steps.map((step) => step.service))]
  const begun = Math.min(...steps.map((step) => Date.parse(step.at)))
  const ended = Math.max(...steps.map((step) => Date.parse(step.at) + step.durationMs))
  const count = steps.length === 1 ? '1 step' : `${steps.length} steps`
  return `${services.join(', ')} · ${count} in ${durationText(ended - begun)}`
}

function failedOf({ outcome, steps }: Match, clock: Clock): string {
  if (outcome.pageFailure)
    return `${NOT_FAILED[outcome.state]} at the servers; the customer’s page says it failed (${outcome.pageFailure})`
  const step = outcome.state === 'failed' ? steps.find(({ id }) => id === outcome.stepId) : undefined
  if (!step) return outcome.state === 'failed' ? 'Yes, but no step says where' : NOT_FAILED[outcome.state]
  const { subject, deed, trouble } = stepWords(step)
  const attempts = step.attempt !== null && step.attempt > 1 ? `, attempt ${step.attempt}` : ''
  return `${clock(step.at)} ${subject} ${deed}${trouble ? `; ${trouble}` : ''}${attempts}`
}

const NOT_FAILED = {
  failed: 'Something',
  succeeded: 'Nothing',
  running: 'Nothing so far',
  unknown: 'Nobody reported how it ended',
} as const
