import { declared } from './adviceFor.ts'
import { durationText } from './durationText.ts'
import { isClaim } from './partsOf.ts'
import type { Step } from './Step.ts'
import { inBrackets, ordinalWord, stepWords, troubleOfSeveral } from './stepWords.ts'
import { isRead } from './unitsOf.ts'
import type { Batch } from './batchesOf.ts'
import type { Unit } from './unitsOf.ts'
import { failedItems } from './verdictOf.ts'
import type { Verdict } from './verdictOf.ts'

/** A verdict over `steps` in words: subject, verb, object, past tense, with the service's name. What is to be done is not in it. */
export function sentenceFor(verdict: Verdict, steps: readonly Step[]): string {
  switch (verdict.state) {
    case 'succeeded':
      return successOf(verdict)
    case 'running':
      return `It is still going on: ${goingOn(verdict)}.`
    case 'unknown':
      if (verdict.step?.hop === 'alert') return `${did(verdict.step)}; nothing else is told under this reference.`
      return verdict.step
        ? `Nobody reported how it ended: ${goingOn(verdict)}.`
        : 'Nothing is known about this reference yet.'
    case 'failed':
      return failureOf(verdict, steps)
    default:
      return verdict.state satisfies never
  }
}

function failureOf({ step, unit, batch }: Verdict, steps: readonly Step[]): string {
  const remains = declared(steps)?.remains
  const left = remains ? ` It was left like this: ${remains}.` : ''
  if (batch) return `${did(batch.parent)}: ${itemsOf(batch)}.${left}`
  if (!step || !unit) return 'It failed.'
  const told = isClaim(step) ? AS_REPORTED : ''
  const tries = unit.before.length + 1
  const often = tries > 1 ? `, on the last of ${tries} attempts` : ''
  const letter = steps.some(({ deadLetter, status }) => deadLetter && status !== 'error')
    ? ' After its last attempt the job was set aside for a person (dead-lettered).'
    : ''
  return `${told}${did(step)}; ${stepWords(step).trouble ?? 'it failed'}${often}.${letter}${left}`
}

/** What was changed, or where nothing was, what was read; with the time of the attempts that count. */
function successOf({ units, batches, step }: Verdict): string {
  if (step) return `${AS_REPORTED}“${step.name}” succeeded. It took ${durationText(step.durationMs)}.`
  const done = units.filter((unit) => unit.step.status === 'ok' && !unit.step.deadLetter)
  const writes = done.filter((unit) => !isRead(unit.step))
  const counting = writes.length > 0 ? writes : done.slice(-1)
  const told = counting.filter((unit) => unit.step.hop !== 'queue' || counting.length === 1)
  const deeds = told.map((unit) => successfulDeed(unit, batches))
  if (deeds.length > MOST_TOLD) deeds.splice(2, deeds.length - 3, `${deeds.length - 3} more were done`)
  const failed = counting.flatMap(({ before }) => before.filter(({ status }) => status === 'error'))
  const earlier = failed.length > 0 ? `; ${troubleOfSeveral(failed)}` : ''
  const start = Math.min(...counting.map((unit) => unit.step.at))
  const end = Math.max(...counting.map((unit) => unit.step.at + unit.step.durationMs))
  const reported = counting.some((unit) => isClaim(unit.step)) ? AS_REPORTED : ''
  return `${reported}${deeds.join(', then ')}${earlier}. It took ${durationText(end - start)}.`
}

const AS_REPORTED = "As the customer's browser reported it, "
const MOST_TOLD = 4

function successfulDeed({ step, before }: Unit, batches: readonly Batch<Step>[]): string {
  const batch = batches.find(({ parent }) => parent === step)
  const state = step.effect !== undefined && step.effect !== 'held' && step.remains ? `: ${step.remains}` : ''
  const often = before.length > 0 ? ` at the ${ordinalWord(before.length + 1)} attempt` : ''
  return `${did(step)}${state}${often}${batch ? ` (${itemsOf(batch)})` : ''}`
}

/** `31 of 32 done; order A-1017 failed (23505)` */
function itemsOf({ items, fact, counts }: Batch<Step>): string {
  const named = failedItems(items)
    .slice(0, MOST_NAMED)
    .map((step) => {
      return `${fact ? `${fact} ${step.facts?.[fact]}` : 'one'} failed (${inBrackets(step)})`
    })
  const rest = counts.failed - named.length
  return [
    `${number(counts.done)} of ${number(counts.all)} done`,
    ...named,
    ...(rest > 0 ? [`${number(rest)} more failed`] : []),
  ].join('; ')
}

function number(count: number): string {
  return count.toLocaleString('en-GB')
}

const MOST_NAMED = 3

function goingOn({ step, unit }: Verdict): string {
  if (!step) return 'no step says where'
  if (step.hop === 'queue') return `${did(step)}, and no worker has taken it up`
  if (!unit) return `${did(step)}, without an end so far`
  const { before } = unit
  const failed = before.filter(({ status }) => status === 'error').length
  const isOver = unit.step.status === 'error'
  const lost = failed + (isOver ? 1 : 0)
  const what = did(isOver ? step : unit.step)
  if (lost === 0) return `${what}, without an end so far`
  const number = unit.step.attempt ?? before.length + 1
  const next = isOver ? `the ${ordinalWord(number + 1)} is to come` : `the ${ordinalWord(number)} is going on`
  return `${what}; ${lost} ${lost === 1 ? 'attempt' : 'attempts'} failed, ${next}`
}

function did(step: Step): string {
  const { deed } = stepWords({ ...step, action: undefined })
  return step.action ? `${step.service} reported “${step.name}”` : `${step.service} ${deed}`
}
