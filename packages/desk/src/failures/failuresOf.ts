import { stepWords } from '@waybill/trail'
import type { Hop, Outcome } from '@waybill/trail'
import { isHandling } from '../handling/handlingStep.ts'
import type { Match, MatchStep, WaitsFor } from '../lookup/Match.ts'
import { mostPressingFirst } from '../lookup/mostPressingFirst.ts'
import { stepShowing } from '../lookup/stepShowing.ts'
import { waitsForOf } from '../lookup/waitsForOf.ts'
import type { FailureOutcome } from './FailuresAnswer.ts'

/**
 * What of a trail belongs among the failures, the most pressing first. Without a filter that is what failed, for its servers or its page, and what nobody knows the end of, of the action and of
 * what came later. What is going on is there only when it is asked for, and so is a trail that tells of no work at all, such as one of log lines: there is nothing to do
 * about either.
 */
export function failuresOf(match: Match, filter: FailureOutcome | null): Failure[] {
  return mostPressingFirst<Outcome>([match.outcome, ...match.later])
    .map((outcome) => ({ outcome, waitsFor: waitsForOf(outcome) }))
    .filter((each) => IS_ASKED_FOR[filter ?? 'all'](each))
    .map((each) => failureAt(match, each))
}

export interface Failure {
  readonly outcome: Outcome
  readonly waitsFor: WaitsFor
  /** Where it failed, or is. */
  readonly hop: Hop
  readonly service: string
  /** Which shows it. */
  readonly step: MatchStep
  readonly sentence: string
  /** When it failed, or was heard of last, milliseconds since the epoch. */
  readonly at: number
}

interface Judged {
  readonly outcome: Outcome
  readonly waitsFor: WaitsFor
}

const hasFailed = ({ outcome }: Judged): boolean => outcome.state === 'failed' || outcome.pageFailure !== null

const IS_ASKED_FOR: Readonly<Record<FailureOutcome | 'all', (judged: Judged) => boolean>> = {
  all: (judged) => hasFailed(judged) || (judged.outcome.state === 'unknown' && judged.outcome.stepId !== null),
  failed: hasFailed,
  person: ({ waitsFor }) => waitsFor === 'person',
  customer: ({ waitsFor }) => waitsFor === 'customer',
  running: ({ outcome }) => outcome.state === 'running',
  unknown: ({ outcome }) => outcome.state === 'unknown',
}

function failureAt(match: Match, { outcome, waitsFor }: Judged): Failure {
  const step = placeOf(match, outcome)
  return {
    outcome,
    waitsFor,
    hop: step.hop,
    service: step.service,
    step,
    sentence: sentenceOf(outcome, step),
    at: Date.parse(step.at) + step.durationMs,
  }
}

/** Where nothing tells, the last there is that support did not do. */
function placeOf({ steps }: Match, outcome: Outcome): MatchStep {
  const page = steps.filter(({ part }) => part === 'page')
  return stepShowing(outcome, { page, steps }) ?? steps.findLast((step) => !isHandling(step))!
}

function sentenceOf({ state, stepId, pageFailure, sentence }: Outcome, step: MatchStep): string {
  if (pageFailure !== null) return `the customer's page says that it failed (${pageFailure}), and the servers do not`
  if (stepId === null) return sentence
  const { subject, deed, trouble } = stepWords(step)
  const how = trouble === null ? ENDS[state] : `; ${trouble}`
  return `${subject} ${deed}${how}`
}

const ENDS: Readonly<Record<Outcome['state'], string>> = {
  failed: '; it failed',
  running: ', without an end so far',
  unknown: ', and nobody reported how it ended',
  succeeded: '',
}
