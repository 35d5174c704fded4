import type { Match } from '../../lookup/Match.ts'
import { customerMessageOf } from './customerMessageOf.ts'
import { CUSTOMER_LANGUAGES } from './languages/CUSTOMER_LANGUAGES.ts'
import type { CustomerLanguage } from './languages/CUSTOMER_LANGUAGES.ts'

/** A reply to the customer: what happened, what they do now, and their reference. Of the system and its services it says nothing. */
export function customerText(match: Match, { language }: CustomerTextOptions): string {
  const { hello, messages, reference, locale } = CUSTOMER_LANGUAGES[language]
  const line = reference.replace('{reference}', () => match.reference).replace('{when}', () => whenText(match, locale))
  return [hello, messages[customerMessageOf(match)], line].join('\n\n')
}

export interface CustomerTextOptions {
  readonly language: CustomerLanguage
}

/** By the customer's own clock where their browser said which that is; else by UTC, which is then named. */
function whenText({ startedAt, timeZone }: Match, locale: string): string {
  const at = new Date(startedAt)
  const form = { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const
  const byUtc = (): string =>
    new Intl.DateTimeFormat(locale, { ...form, timeZone: 'UTC', timeZoneName: 'short' }).format(at)
  if (timeZone === null) return byUtc()
  try {
    return new Intl.DateTimeFormat(locale, { ...form, timeZone }).format(at)
  } catch {
    // The desk knows that zone, and this browser does not.
    return byUtc()
  }
}
