import { isoTime } from './isoTime.ts'

/** A date and time with its zone, as its reader needs it: `14 September 2026 at 10:14:03 CEST`. Never throws. */
export function localTime(at: number, { locale, timeZone }: LocalTimeOptions): string {
  try {
    return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'long', timeZone }).format(at)
  } catch {
    // A locale, a zone or a time that is none.
    return isoTime(at)
  }
}

interface LocalTimeOptions {
  readonly locale: string
  readonly timeZone?: string | undefined
}
