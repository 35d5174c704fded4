import type { Hop } from '@waybill/trail'
import type { MatchStep } from '../lookup/Match.ts'
import { durationText } from './durationText.ts'

/** One step in words, in three parts so that a page can weigh them: who, what they did, and how it went wrong. */
export function stepSentence(step: MatchStep): StepSentence {
  const subject = step.action ? 'The customer' : step.service
  return { subject, deed: deedOf(step), trouble: troubleOf(step) }
}

export interface StepSentence {
  readonly subject: string
  readonly deed: string
  /** Null when nothing went wrong. */
  readonly trouble: string | null
}

function deedOf({ hop, name, action, attributes }: MatchStep): string {
  if (action) return `began “${name}”`
  const code = attributes['http.response.status_code']
  const answered = typeof code === 'number' && code < 400 ? ` with ${code}` : ''
  const deeds: Readonly<Record<Hop, string>> = {
    browser: `called ${name}`,
    api: `answered ${name}${answered}`,
    queue: `queued ${name}`,
    worker: `worked on ${name}`,
    model: `asked the model: ${name}`,
    tool: `used the tool ${name}`,
    database: `used the database: ${name}`,
    schedule: `ran ${name} on schedule`,
    webhook: `took in the webhook ${name}`,
    alert: `raised the alert ${name}`,
    support: `opened ${name}`,
  }
  return deeds[hop]
}

function troubleOf({ status, error, durationMs, hop, action }: MatchStep): string | null {
  if (status !== 'error') return null
  if (action) return 'which failed'
  const type = error?.type ?? 'error'
  const timedOut = /time.?out/i.test(type)
  if (/^\d{3}$/.test(type)) return hop === 'api' ? `refused with ${type}` : `the answer was ${type}`
  if (timedOut && AWAITED.has(hop)) return `no answer within ${durationText(durationMs)}`
  if (timedOut) return `timed out after ${durationText(durationMs)}`
  if (type === 'page_left') return 'the customer left the page before an answer came'
  return hop === 'browser' ? `no answer reached the browser (${type})` : `failed: ${type}`
}

/** Where somebody else has to answer. Elsewhere a time-out is that place's own. */
const AWAITED: ReadonlySet<Hop> = new Set<Hop>(['browser', 'model', 'tool', 'database'])
