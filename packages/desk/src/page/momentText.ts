/** A moment as its reader has it; by default the time of day where they are, `14:03:05`. */
export function momentText(iso: string, { as = 'seconds', zone }: MomentOptions = {}): string {
  const key = `${as} ${zone}`
  let format = FORMATS.get(key)
  if (!format) {
    // British English, like the page's words: day before month, 24 hours.
    format = new Intl.DateTimeFormat('en-GB', { ...FORMS[as], timeZone: zone })
    FORMATS.set(key, format)
  }
  return format.format(new Date(iso))
}

export interface MomentOptions {
  /** @default 'seconds' */
  readonly as?: keyof typeof FORMS | undefined
  /** IANA, `Europe/Berlin`; one that there is not throws a RangeError. @default where the reader is */
  readonly zone?: string | undefined
}

/** Making one takes far longer than using it, and a page of rows has thousands of moments. */
const FORMATS = new Map<string, Intl.DateTimeFormat>()

const MINUTES = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const SECONDS = { ...MINUTES, second: '2-digit' } as const
const MILLISECONDS = { ...SECONDS, fractionalSecondDigits: 3 } as const
const DAY = { day: 'numeric', month: 'short' } as const
const DATE = { ...DAY, year: 'numeric' } as const
const ZONE = { timeZoneName: 'short' } as const

const FORMS = {
  minutes: MINUTES,
  seconds: SECONDS,
  milliseconds: MILLISECONDS,
  'seconds, zone': { ...SECONDS, ...ZONE },
  'day, minutes': { ...DAY, ...MINUTES },
  'date, minutes': { ...DATE, ...MINUTES },
  'date, milliseconds': { ...DATE, ...MILLISECONDS },
  'date, seconds, zone': { ...DATE, ...SECONDS, ...ZONE },
} as const
