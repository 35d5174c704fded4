import { cleanText, stepWords } from '@waybill/trail'
import { z } from 'zod'
import { handlingText } from '../handling/handlingText.ts'
import type { Match, MatchStep, TrailSummary } from '../lookup/Match.ts'
import { ownerText } from '../owners/ownerText.ts'
import { fourFacts } from '../page/answer/fourFacts.ts'
import { mailless, toldText } from './toldText.ts'

/** A trail as it stands in a list, without a word of what its steps hold. */
export const TOLD_SUMMARY = z.object({
  reference: z.string(),
  found_by: z.string().describe('What led here: reference, job, person, fact:order and so on'),
  is_claim: z.boolean().describe('Only a browser’s word ties it to what was looked for, or only browsers reported it'),
  started_at: z.string().describe('ISO 8601, UTC'),
  action: z.string().nullable(),
  state: z.enum(['succeeded', 'failed', 'running', 'unknown']),
  where: z.string().nullable().describe('The kind of place where it failed, or is now'),
  summary: z.string().describe('How it stands, and what to do'),
})

export const TOLD_TRAIL = TOLD_SUMMARY.extend({
  trace_id: z.string().describe('The same reference as a trace-id, for logs and traces'),
  where_it_started: z.string(),
  what_touched_it: z.string(),
  where_it_failed: z.string(),
  what_to_do: z.string().describe('Whether the customer tries again, somebody mends it by hand, or nothing'),
  handled: z.string().nullable().describe('Who of support is on it, or handled it; null where nobody took it up'),
  owner: z.string().nullable().describe('Who looks after the place where it failed or waits, and how they are reached'),
  left_as: z.string().nullable().describe('The state in which it was left, in the application’s words'),
  later: z.array(z.object({ at: z.string(), name: z.string(), summary: z.string() })),
  steps: z.array(
    z.object({
      at: z.string().describe('ISO 8601, UTC'),
      duration_ms: z.number(),
      hop: z.string(),
      told: z.string(),
      attempt: z.number().nullable(),
      status: z.enum(['ok', 'error', 'running']),
      is_claim: z.boolean(),
      part: z.string().describe('Whose it is: own, page, later, records, apart (of no known call), claims'),
    }),
  ),
  steps_left_out: z.number(),
  belongs_with: z.array(z.object({ relation: z.enum(['parent', 'child']), references: z.array(z.string()) })),
  noted: z.array(z.string()).describe('Kinds of numbers noted for it, such as order or ticket'),
  facts: z
    .array(z.object({ kind: z.string(), value: z.string(), is_claim: z.boolean() }))
    .nullable()
    .describe('Those numbers themselves; null unless asked for'),
})

export type ToldSummary = z.infer<typeof TOLD_SUMMARY>
export type ToldTrail = z.infer<typeof TOLD_TRAIL>

export function toldSummary({ reference, foundBy, claimed, startedAt, action, outcome }: TrailSummary): ToldSummary {
  return {
    reference,
    found_by: toldText(foundBy, 60),
    is_claim: claimed || foundBy.startsWith('claim'),
    started_at: startedAt,
    action: action === null ? null : toldText(action, SHORT),
    state: outcome.state,
    where: outcome.hop,
    summary: toldText(outcome.sentence, LONG),
  }
}

/**
 * A trail for a language model: the four answers and its steps, as little as still answers. No session and no person, not even hashed; no
 * error messages and attributes; values of facts only where they were asked for.
 */
export function toldTrail(match: Match, { includeFacts }: ToldOptions): ToldTrail {
  const { started, touched, failed, todo } = fourFacts(match, { clock: utc })
  const steps = mostTelling(match.steps)
  return {
    ...toldSummary(match),
    trace_id: match.traceId,
    where_it_started: toldText(started, LONG),
    what_touched_it: toldText(touched, LONG),
    where_it_failed: toldText(failed, LONG),
    what_to_do: toldText(todo, LONG),
    handled: match.handling ? toldText(handlingText(match.handling, { clock: utc }), LONG) : null,
    owner: match.owner ? cleanText(ownerText(match.owner)) : null,
    left_as: match.remains === null ? null : toldText(match.remains, SHORT),
    later: match.later.slice(0, MOST_LATER).map(({ at, name, sentence }) => ({
      at,
      name: toldText(name, SHORT),
      summary: toldText(sentence, LONG),
    })),
    steps: steps.map(toldStep),
    steps_left_out: match.steps.length - steps.length,
    belongs_with: match.links.map(({ rel, references }) => ({ relation: rel, references: [...references] })),
    noted: [...new Set([...Object.keys(match.facts), ...match.noted.map(({ kind }) => kind)])],
    facts: includeFacts ? factsOf(match) : null,
  }
}

export interface ToldOptions {
  readonly includeFacts: boolean
}

const SHORT = 120
const LONG = 900
const MOST_LATER = 10
const MOST_STEPS = 60

const utc = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`

function toldStep(step: MatchStep): ToldTrail['steps'][number] {
  const { subject, deed, trouble } = stepWords({ ...step, name: toldText(step.name, SHORT) })
  return {
    at: step.at,
    duration_ms: Math.round(step.durationMs),
    hop: step.hop,
    told: toldText([`${subject} ${deed}`, trouble].filter(Boolean).join('; '), 300),
    attempt: step.attempt,
    status: step.status,
    is_claim: step.claimed,
    part: step.part,
  }
}

/** In their order: first of all what failed of the action's own, last what strangers' requests did. */
function mostTelling(steps: readonly MatchStep[]): MatchStep[] {
  if (steps.length <= MOST_STEPS) return [...steps]
  const chosen = new Set(steps.toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, MOST_STEPS))
  return steps.filter((step) => chosen.has(step))
}

function rankOf({ part, status }: MatchStep): number {
  const isOwn = part === 'own' || part === 'page'
  return isOwn ? Number(status !== 'error') : part === 'later' || part === 'records' ? 2 : 3
}

function factsOf({ facts, claimedFacts, noted }: Match): NonNullable<ToldTrail['facts']> {
  return [
    ...Object.entries(facts).map(([kind, value]) => ({
      kind,
      value: mailless(value),
      is_claim: claimedFacts.includes(kind),
    })),
    ...noted.map(({ kind, value }) => ({ kind, value: mailless(value), is_claim: false })),
  ]
}
