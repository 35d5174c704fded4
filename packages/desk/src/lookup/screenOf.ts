import { ATTRIBUTES } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import type { Match } from './Match.ts'

/** What the page of the action reported of its screen and of the customer's time zone, the last word of each. */
export function screenOf(heard: readonly Step[]): Pick<Match, 'screen' | 'timeZone'> {
  const saying = heard.findLast(({ attributes }) => isText(attributes?.[ATTRIBUTES.screen]))
  const zone = heard.findLast(({ attributes }) => isTimeZone(attributes?.[ATTRIBUTES.timeZone]))
  return {
    screen: saying
      ? {
          text: String(saying.attributes?.[ATTRIBUTES.screen]),
          at: new Date(saying.at + saying.durationMs).toISOString(),
        }
      : null,
    timeZone: zone ? String(zone.attributes?.[ATTRIBUTES.timeZone]) : null,
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isTimeZone(value: unknown): boolean {
  if (!isText(value)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
