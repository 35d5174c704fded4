import { batchesOf } from '@waybill/trail'
import type { MatchStep } from '../../lookup/Match.ts'
import { durationText } from '../durationText.ts'

/**
 * What the steps of a trail passed through, in order, and what each service did, in a line or two: `shop-api handled POST /api/refunds
 * and put “refund” into a queue; then refund-worker worked on “refund” (3 attempts)`.
 */
export function touchedText(steps: readonly MatchStep[]): string {
  const items = new Set(batchesOf(steps).flatMap((batch) => batch.items.flatMap(({ attempts }) => attempts)))
  const services = new Map<string, Map<string, Deed>>()
  for (const step of steps) {
    if (step.hop === 'log' || (step.hop === 'browser' && step.action)) continue
    const deeds: Map<string, Deed> = services.get(step.service) ?? new Map()
    services.set(step.service, deeds)
    const isItem = items.has(step)
    const words = isItem ? didOf(step) : deedOf(step)
    const deed = deeds.get(words) ?? { count: 0, isAttempt: (step.attempt ?? 1) > 1, isPart: PARTS.has(step.hop) }
    deeds.set(words, { ...deed, count: deed.count + 1, isAttempt: deed.isAttempt || (step.attempt ?? 1) > 1 })
  }
  const told = Array.from(services, ([service, deeds]) => `${service} ${listOf(Array.from(deeds, deedText))}`)
  const shown = told.length > MOST_SERVICES ? told.slice(0, MOST_SERVICES - 1) : told
  const rest = told.length - shown.length
  const more = rest > 0 ? [`${rest} more services took part`] : []
  const begun = Math.min(...steps.map((step) => Date.parse(step.at)))
  const ended = Math.max(...steps.map((step) => Date.parse(step.at) + step.durationMs))
  const count = `${steps.length.toLocaleString('en-GB')}\u00a0${steps.length === 1 ? 'step' : 'steps'}`
  const lasted = ended > begun ? ` in ${durationText(ended - begun)}` : ''
  const unheard = steps.every(({ claimed }) => claimed) ? '; no server tells that anything arrived' : ''
  return `${[...shown, ...more].join('; then ') || 'Nothing else is told'}${unheard}. ${count}${lasted}.`
}

const MOST_SERVICES = 5
const MOST_DEEDS = 5

interface Deed {
  readonly count: number
  readonly isAttempt: boolean
  /** Of work whose attempts are counted already. */
  readonly isPart: boolean
}

const PARTS: ReadonlySet<string> = new Set(['model', 'tool', 'database', 'queue'])

function deedText([words, { count, isAttempt, isPart }]: readonly [string, Deed]): string {
  if (count === 1 || isPart) return words
  const times = count === 2 ? 'twice' : `${count.toLocaleString('en-GB')} times`
  return isAttempt ? `${words} (${count} attempts)` : `${words} ${times}`
}

/** `a`, `a and b`, `a, b and c`. */
function listOf(words: readonly string[]): string {
  const shown = words.length > MOST_DEEDS ? [...words.slice(0, MOST_DEEDS - 1), 'did more'] : words
  return [shown.slice(0, -1).join(', '), shown.at(-1)].filter(Boolean).join(' and ')
}

function didOf({ name, status }: MatchStep): string {
  return status === 'error' ? `tried to do “${name}”` : `did “${name}”`
}

/** What failed is not told as done. */
function deedOf(step: MatchStep): string {
  const { hop, name, deadLetter, attributes } = step
  const isFailed = step.status === 'error'
  if (deadLetter) return isFailed ? 'tried to set it aside for a person' : 'set it aside for a person'
  const side = attributes['span.kind']
  if (side === 'client') return `called ${attributes['server.address'] ?? name}`
  if (side === 'internal') return didOf(step)
  switch (hop) {
    case 'browser':
      return `sent ${name}`
    case 'api':
      return `handled ${name}`
    case 'queue':
      return `${isFailed ? 'tried to put' : 'put'} “${name}” into a queue`
    case 'worker':
      return `worked on “${name}”`
    case 'model':
      return `asked a model (${name})`
    case 'tool':
      return `used the tool ${name}`
    case 'database':
      return 'used the database'
    case 'schedule':
      return `ran “${name}”`
    case 'webhook':
      return `took in the webhook “${name}”`
    case 'alert':
      return `${isFailed ? 'tried to raise' : 'raised'} the alert “${name}”`
    case 'support':
      return `noted ${name}`
    case 'log':
      return 'wrote log lines'
    default:
      return hop satisfies never
  }
}
