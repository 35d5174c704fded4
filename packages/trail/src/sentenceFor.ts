import { declared } from './adviceFor.ts'
import type { Advice } from './adviceFor.ts'
import type { Hop } from './hop.ts'
import type { Step } from './Step.ts'
import type { Verdict } from './verdictOf.ts'

/** An outcome in words: subject, verb, object, past tense, with the service's name; then what is to be done. */
export function sentenceFor(verdict: Verdict, advice: Advice, steps: readonly Step[]): string {
  const { state, step } = verdict
  const name = nameOf(steps)
  switch (state) {
    case 'succeeded':
      return `${name} succeeded, ${seconds(spanMs(steps))} from start to end.`
    case 'running':
      return step ? `${name} is still going on: ${goingOn(step)}.` : `${name} is still going on.`
    case 'unknown':
      return step
        ? `Nobody reported how ${name} ended: ${goingOn(step)}.`
        : 'Nothing is known about this reference yet.'
    case 'failed':
      return failure(verdict, advice, steps)
    default:
      return state satisfies never
  }
}

function failure({ step, work }: Verdict, advice: Advice, steps: readonly Step[]): string {
  if (!step) return 'It failed.'
  // Names of services stay as they are written, also at the beginning: support searches for them.
  const told = step.claimed || step.hop === 'browser' ? "As the customer's browser reported it, " : ''
  const tries = (step.jobId ?? work?.jobId) ? (work?.attempt ?? 1) : (step.attempt ?? 1)
  const often = tries > 1 ? `, on the last of ${tries} attempts` : ''
  const what = told + `${did(step)}; ${how(step)}${often}.`
  const remains = declared(steps)?.remains
  const left = remains ? ` It was left like this: ${remains}.` : ''
  return what + left + ADVICE[advice]
}

const ADVICE: Readonly<Record<Advice, string>> = {
  none: '',
  'customer-retry': ' Nothing was changed, so the customer can try again.',
  'manual-fix': ' Somebody has to finish it by hand.',
  'ask-engineering': ' It is not known what was changed: ask engineering before anybody tries again.',
}

function did({ hop, service, name }: Step): string {
  const sentences: Readonly<Record<Hop, string>> = {
    browser: `${service} called ${name}`,
    api: `${service} served ${name}`,
    queue: `${service} queued ${name}`,
    worker: `${service} worked on ${name}`,
    model: `${service} asked the model (${name})`,
    tool: `${service} used a tool (${name})`,
    database: `${service} used the database (${name})`,
    schedule: `${service} ran ${name} on schedule`,
    webhook: `${service} took in the webhook ${name}`,
    alert: `${service} raised the alert ${name}`,
    support: `${service} opened ${name}`,
  }
  return sentences[hop]
}

function goingOn(step: Step): string {
  if (step.hop === 'queue') return `${did(step)}, and no worker has taken it up`
  if (step.status === 'error') return `${did(step)}, which failed and is to be tried again`
  const attempt = (step.attempt ?? 1) > 1 ? `, attempt ${step.attempt}` : ''
  return `${did(step)}${attempt}, without an end so far`
}

function how({ error, durationMs, hop }: Step): string {
  const type = error?.type ?? 'error'
  if (/time.?out/i.test(type)) return `it timed out after ${seconds(durationMs)} without an answer`
  if (type === 'page_left') return 'the customer left the page before an answer came'
  if (hop === 'browser' && !/^\d+$/.test(type)) return `no answer reached the browser (${type})`
  if (/^\d{3}$/.test(type)) return `the answer was ${type}`
  return `it failed (${type})`
}

function nameOf(steps: readonly Step[]): string {
  return (steps.find((step) => step.action) ?? steps[0])?.name ?? 'It'
}

function spanMs(steps: readonly Step[]): number {
  const start = Math.min(...steps.map((step) => step.at))
  return Math.max(...steps.map((step) => step.at + step.durationMs)) - start
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
