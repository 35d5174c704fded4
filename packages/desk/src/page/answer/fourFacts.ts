import { batchesOf, stepWords, troubleOfSeveral, worksOf } from '@waybill/trail'
import type { Match, MatchStep } from '../../lookup/Match.ts'
import { momentText } from '../momentText.ts'
import { todoText } from './todoWords.ts'
import { touchedText } from './touchedText.ts'

/**
 * What support asks of a trail, in the order in which it is asked, each in a sentence or two for somebody who does not know the system. Only
 * the action's own steps answer, where servers have any.
 */
export function fourFacts(match: Match, { clock = momentText }: FourFactsOptions = {}): FourFacts {
  const steps = stepsOf(match, 'own')
  const heard = match.steps.filter(({ hop }) => hop !== 'support')
  const told = [steps, heard, match.steps].find(({ length }) => length > 0)!
  return {
    started: startedOf(match, { told, clock }),
    touched: touchedText(told),
    failed: failedOf(match, clock).text,
    failedStepId: failedOf(match, clock).stepId,
    todo: todoText(match),
  }
}

export interface FourFacts {
  readonly started: string
  readonly touched: string
  readonly failed: string
  /** The step that shows it; null where none does. */
  readonly failedStepId: string | null
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

interface StartedOptions {
  readonly told: readonly MatchStep[]
  readonly clock: Clock
}

function startedOf(match: Match, { told: [first], clock }: StartedOptions): string {
  const at = clock(match.startedAt)
  const [page] = first?.hop === 'browser' ? [first] : stepsOf(match, 'page')
  const action = match.steps.find((step) => step.action && step.id === page?.id) ?? page
  if (action?.action && action.background === true)
    return `The page ${action.service} began “${action.name}” by itself at ${at}, in the customer’s browser.`
  if (action?.action) return `The customer began “${action.name}” at ${at} in their browser (${action.service}).`
  if (page) return `The customer’s browser (${page.service}) sent ${page.name} at ${at}.`
  if (!first) return `At ${at}; no step says where.`
  const { service, name } = first
  switch (first.hop) {
    case 'api':
      return `A request came in at ${service} at ${at} (${name}); no page reported who sent it.`
    case 'schedule':
      return `${service} began “${name}” by its schedule at ${at}; no customer asked for it.`
    case 'webhook':
      return `Another system sent the webhook “${name}” to ${service} at ${at}.`
    case 'alert':
      return `${service} raised the alert “${name}” at ${at}.`
    case 'browser':
    case 'queue':
    case 'worker':
    case 'model':
    case 'tool':
    case 'database':
    case 'support':
    case 'log':
      return `The first that is known: at ${at} ${service} ${stepWords(first).deed}.`
    default:
      return first.hop satisfies never
  }
}

interface Failed {
  readonly text: string
  readonly stepId: string | null
}

function failedOf(match: Match, clock: Clock): Failed {
  const { outcome, steps } = match
  const step = steps.find(({ id }) => id === outcome.stepId)
  switch (outcome.state) {
    case 'failed':
      return failureOf(match, { step, clock })
    case 'unknown': {
      if (outcome.pageFailure !== null) return pageFailureOf(match)
      if (!step) return { text: 'Nobody reported how it ended.', stepId: null }
      if (step.hop === 'alert')
        return { text: 'What the alert is about is not told under this reference.', stepId: step.id }
      return {
        text: `Nobody reported how it ended. The last known: ${whatOf(step, { match, clock })}.`,
        stepId: step.id,
      }
    }
    case 'running':
    case 'succeeded':
      return outcome.pageFailure === null ? notFailedOf(match, clock) : pageFailureOf(match)
    default:
      return outcome.state satisfies never
  }
}

function pageFailureOf(match: Match): Failed {
  const nothing = { failed: 'Something', succeeded: 'Nothing', running: 'Nothing so far', unknown: 'Not known' }
  const { state, pageFailure } = match.outcome
  const page = stepsOf(match, 'page').findLast(({ action }) => action === 'failed')
  return {
    text: `${nothing[state]} at the servers; the customer’s page says it failed (${pageFailure}).`,
    stepId: page?.id ?? null,
  }
}

interface FailureOptions {
  readonly step: MatchStep | undefined
  readonly clock: Clock
}

function failureOf(match: Match, { step, clock }: FailureOptions): Failed {
  if (!step) return { text: 'Yes, but no step says where.', stepId: null }
  const own = stepsOf(match, 'own')
  const batch = batchesOf(own).find(({ items }) => items.some(({ attempts }) => attempts.includes(step)))
  if (!batch || batch.counts.all < 2) return { text: `${whatOf(step, { match, clock })}.`, stepId: step.id }
  const { parent, counts, fact } = batch
  const failed = batch.items.flatMap(({ attempts }) => attempts.slice(-1)).filter(({ status }) => status === 'error')
  const named = fact === undefined ? [] : failed.slice(0, MOST_NAMED).map(({ facts }) => facts[fact])
  const rest = counts.failed - named.length
  const more = rest > 0 ? ` and ${rest.toLocaleString('en-GB')} more` : ''
  const which = named.length === 0 ? '' : `: ${fact} ${named.join(', ')}${more}`
  const troubles = new Set(failed.map((each) => stepWords(each).trouble))
  const trouble = stepWords(step).trouble ?? 'it failed'
  const at = clock(step.at)
  const why =
    failed.length === 1
      ? `There, at ${at}, ${trouble}`
      : troubles.size === 1
        ? `In each ${trouble}, the last time at ${at}`
        : `In the last one, at ${at}, ${trouble}`
  const [some, all] = [counts.failed, counts.all].map((count) => count.toLocaleString('en-GB'))
  return {
    text: `${some} of ${all} failed in “${parent.name}” of ${parent.service}${which}. ${why}.`,
    stepId: step.id,
  }
}

const MOST_NAMED = 5

interface WhatOptions {
  readonly match: Match
  readonly clock: Clock
}

/** `At 10:15:46 refund-worker asked the model: chat; it timed out with no answer within 30.0 s, on attempt 3 of 3` */
function whatOf(step: MatchStep, { match, clock }: WhatOptions): string {
  const around = match.steps.find(({ id }) => id === step.parentId)
  const { subject, deed, trouble } = stepWords(step)
  const { attempt } = step
  const most = step.maxAttempts ?? around?.maxAttempts ?? 0
  const of = most >= (attempt ?? 1) ? ` of ${most}` : ''
  const often = attempt !== null && attempt > 1 ? `, on attempt ${attempt}${of}` : ''
  return `At ${clock(step.at)} ${subject} ${deed}${trouble === null ? '' : `; ${trouble}`}${often}`
}

function triedText(failures: readonly MatchStep[]): string {
  const [only, ...others] = failures
  return only && others.length === 0
    ? `one attempt failed: ${stepWords(only).trouble}`
    : `${failures.length} attempts failed: ${troubleOfSeveral(failures)}`
}

/** What went wrong on the way and decides nothing is said as well: it stands red in the time line. */
function notFailedOf(match: Match, clock: Clock): Failed {
  const running = match.outcome.state === 'running'
  const nothing = running ? 'Nothing for good so far' : 'Nothing in the end'
  const works = worksOf(stepsOf(match, 'own').filter(({ hop }) => hop !== 'log'))
  const tried = works.find(
    ({ attempts }) =>
      attempts.some(({ status }) => status === 'error') && (running || attempts.at(-1)?.status === 'ok'),
  )
  const failures = tried?.attempts.filter(({ status }) => status === 'error') ?? []
  if (failures.length > 0)
    return {
      text: `${nothing}. Before that, ${triedText(failures)}.`,
      stepId: failures.at(-1)!.id,
    }
  const part = works.findLast(({ attempts }) => attempts.at(-1)?.status === 'error')?.attempts.at(-1)
  if (part)
    return {
      text: `${nothing}. A part of it failed, and the work around it went on: ${whatOf(part, { match, clock })}.`,
      stepId: part.id,
    }
  return { text: running ? 'Nothing so far.' : 'Nothing failed.', stepId: null }
}
