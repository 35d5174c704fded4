/** The time of day where the reader is, `14:03:05`, with thousandths when asked: `14:03:05.214`. */
export function clockTime(iso: string, { thousandths = false }: ClockTimeOptions = {}): string {
  return (thousandths ? FINE : COARSE).format(new Date(iso))
}

/** Day and time with the zone, `22 Nov 2026, 14:03:05 CET`. */
export function dayAndTime(iso: string): string {
  return WHOLE.format(new Date(iso))
}

export interface ClockTimeOptions {
  /** @default false */
  readonly thousandths?: boolean | undefined
}

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
// British English, like the page's words: day before month, 24 hours.
const COARSE = new Intl.DateTimeFormat('en-GB', CLOCK)
const FINE = new Intl.DateTimeFormat('en-GB', { ...CLOCK, fractionalSecondDigits: 3 })
const WHOLE = new Intl.DateTimeFormat('en-GB', {
  ...CLOCK,
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZoneName: 'short',
})
