import { ATTRIBUTES } from './attributes.ts'
import { durationText } from './durationText.ts'
import type { Hop } from './hop.ts'
import { isCustomersRequest } from './isCustomersRequest.ts'
import { logDeed } from './logDeed.ts'
import type { ActionFailure, ActionState, StepStatus } from './Step.ts'

/**
 * One step in words, in three parts so that a page can weigh them: who, what they did, and how it went wrong. The only place that
 * says what can be done and how it can fail; sentences and time lines read it. Names of services stay as they are written,
 * also at the beginning of a sentence: support searches for them.
 */
export function stepWords(step: WordedStep): StepWords {
  return { subject: step.action ? 'The customer' : step.service, deed: deedOf(step), trouble: troubleOf(step) }
}

export interface StepWords {
  readonly subject: string
  /** Past tense: `asked the model: chat gpt-5`. */
  readonly deed: string
  /** A whole clause: `it timed out with no answer within 30.0 s`. Null when nothing went wrong. */
  readonly trouble: string | null
}

/** What of a step is told. Absent is undefined or null. */
export interface WordedStep {
  readonly hop: Hop
  readonly service: string
  readonly name: string
  readonly durationMs: number
  readonly status: StepStatus
  readonly action?: ActionState | null | undefined
  readonly failure?: ActionFailure | null | undefined
  readonly deadLetter?: boolean | null | undefined
  readonly error?: { readonly type: string } | null | undefined
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
}

/** How several attempts of one work went wrong: `the bank declined two`, `two failed (503)`. */
export function troubleOfSeveral(steps: readonly WordedStep[]): string {
  const kinds = new Map<string, number>()
  for (const step of steps) {
    const kind = kindOf(step)?.several ?? `{count} failed (${step.error?.type ?? 'error'})`
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  return [...kinds].map(([words, count]) => words.replace('{count}', NUMBERS[count] ?? String(count))).join(', ')
}

/** How a step went wrong, to stand in brackets: `the answer was 503`, `SyntaxError`, `the page crashed while it was drawn, TypeError`. */
export function inBrackets(step: WordedStep): string {
  const type = step.error?.type ?? 'error'
  const { trouble } = stepWords({ ...step, status: 'error' })
  return (kindOf(step)?.isPlain ?? !kindOf(step)) ? type : `${trouble}`.replace(/ \(([^()]*)\)$/, ', $1')
}

/** `first` to `tenth`, then `11th`. */
export function ordinalWord(count: number): string {
  return ORDINALS[count] ?? `${count}th`
}

function deedOf(step: WordedStep): string {
  const { hop, name, status, action, deadLetter, attributes } = step
  if (hop === 'log') return logDeed(step)
  if (action) return `began “${name}”`
  if (deadLetter) return `took over what was given up (${name})`
  const code = attributes?.['http.response.status_code']
  const isAnswered = status === 'ok' && typeof code === 'number' && code < 400
  const side = attributes?.[ATTRIBUTES.side]
  if (side === 'internal') return `did ${name}`
  if (side === 'client') {
    const at = attributes?.['server.address']
    return `called ${name}${typeof at === 'string' ? ` at ${at}` : ''}${isAnswered ? `, which answered ${code}` : ''}`
  }
  const prompt = hop === 'model' ? promptOf(attributes) : ''
  return DEEDS[hop].replace('{name}', () => name) + (hop === 'api' && isAnswered ? ` with ${code}` : '') + prompt
}

/** `, prompt refund-review 7`: which one it was is the first question where an answer of a model was wrong. */
function promptOf(attributes: WordedStep['attributes']): string {
  const named = [attributes?.['gen_ai.prompt.name'], attributes?.['gen_ai.prompt.version']]
  const words = named.filter((each) => typeof each === 'string').join(' ')
  return words && `, prompt ${words}`
}

const DEEDS: Readonly<Record<Exclude<Hop, 'log'>, string>> = {
  browser: 'called {name}',
  api: 'answered {name}',
  queue: 'queued {name}',
  worker: 'worked on {name}',
  model: 'asked the model: {name}',
  tool: 'used the tool {name}',
  database: 'used the database: {name}',
  schedule: 'ran “{name}” on schedule',
  webhook: 'took in the webhook “{name}”',
  alert: 'raised the alert “{name}”',
  support: 'noted {name}',
}

function troubleOf(step: WordedStep): string | null {
  if (step.status !== 'error') return null
  const type = step.error?.type ?? 'error'
  return (kindOf(step)?.one ?? 'it failed ({type})')
    .replace('{type}', () => type)
    .replace('{time}', durationText(step.durationMs))
}

interface Trouble {
  /** Whether it is this one. */
  readonly is: (type: string, step: WordedStep) => boolean
  /** `{type}` is the error's type, `{time}` how long the step took. */
  readonly one: string
  /** Of several attempts; `{count}` is how many. @default those of the type failed */
  readonly several?: string
  /** The type alone says as much. @default false */
  readonly isPlain?: boolean
}

/** The first that fits. */
const TROUBLES: readonly Trouble[] = [
  { is: (_, { failure }) => failure === 'render', one: 'the page crashed while it was drawn ({type})' },
  { is: (type) => type === 'page_left', one: 'the customer left the page before an answer came' },
  { is: (type) => type === 'AbortError', one: 'it was cancelled before an answer came' },
  { is: (type) => type === 'aborted', one: 'the connection closed before the whole answer was sent' },
  {
    is: (type, { hop }) => TIMED_OUT.test(type) && AWAITED.has(hop),
    one: 'it timed out with no answer within {time}',
    several: '{count} got no answer in time',
  },
  { is: (type) => TIMED_OUT.test(type), one: 'it timed out after {time}', several: '{count} timed out' },
  { is: (_, { action }) => !!action, one: 'the page says that it failed ({type})', isPlain: true },
  { is: (type, { hop }) => hop === 'browser' && !STATUS.test(type), one: 'no answer reached the browser ({type})' },
  {
    is: (type, step) => (type === '402' && isCustomersRequest(step)) || /(?:card|bank|payment).*declined/i.test(type),
    one: 'the bank declined it ({type})',
    several: 'the bank declined {count}',
  },
  { is: (type) => /declined/i.test(type), one: 'it was declined ({type})', several: '{count} were declined' },
  { is: (type, step) => type === '401' && isCustomersRequest(step), one: 'the customer was not signed in (401)' },
  { is: (type) => type === '403', one: 'it was not allowed (403)' },
  { is: (type) => type === '404', one: 'what was asked for is not there (404)' },
  { is: (type) => type === '410', one: 'what was asked for is gone (410)' },
  { is: (type) => type === '400' || type === '422', one: 'what was sent could not be taken ({type})' },
  { is: (type) => type === '429', one: 'there were too many requests (429)' },
  { is: (type) => STATUS.test(type), one: 'the answer was {type}' },
  // Words of model providers, then of ours for answers of models, then of MCP's conventions.
  { is: (type) => /^rate_limit_(?:exceeded|error)$/.test(type), one: 'there were too many requests ({type})' },
  { is: (type) => type === 'overloaded_error', one: 'the provider had no capacity ({type})' },
  { is: (type) => type === 'incomplete_answer', one: 'the answer ended before it was whole ({type})' },
  { is: (type) => type === 'malformed_answer', one: 'the answer could not be read ({type})' },
  { is: (type) => type === 'tool_error', one: 'the tool says that it failed ({type})' },
  // SQLSTATE, class 23: integrity constraint violation.
  { is: (type) => /^23[\dA-Z]{3}$/.test(type), one: 'a constraint of the database refused it ({type})' },
]

const STATUS = /^[1-5]\d\d$/
const TIMED_OUT = /time.?out|deadline.?exceeded/i
/** Where somebody else has to answer. Elsewhere a time-out is that place's own. */
const AWAITED: ReadonlySet<Hop> = new Set<Hop>(['browser', 'model', 'tool', 'database'])

function kindOf(step: WordedStep): Trouble | undefined {
  return TROUBLES.find(({ is }) => is(step.error?.type ?? 'error', step))
}

const NUMBERS = ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
const ORDINALS = ['', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth']
