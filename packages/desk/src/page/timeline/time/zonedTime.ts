/** A moment in a time zone: by default the time of day where the reader is, `14:03:05.214`. */
export function zonedTime(iso: string, { zone, with: parts = 'time' }: ZonedTimeOptions = {}): string {
  const key = `${parts} ${zone}`
  let format = FORMATS.get(key)
  if (!format) {
    // British English, like the page's words: day before month, 24 hours.
    format = new Intl.DateTimeFormat('en-GB', { ...PARTS[parts], timeZone: zone })
    FORMATS.set(key, format)
  }
  return format.format(new Date(iso))
}

export interface ZonedTimeOptions {
  /** IANA, `Europe/Berlin`. @default where the reader is */
  readonly zone?: string | undefined
  /** `time` has thousandths, `clock` has not. @default 'time' */
  readonly with?: 'time' | 'clock' | 'day-and-time' | undefined
}

/** Making one takes far longer than using it. */
const FORMATS = new Map<string, Intl.DateTimeFormat>()

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
const FINE = { ...CLOCK, fractionalSecondDigits: 3 } as const
const PARTS = {
  clock: CLOCK,
  time: FINE,
  'day-and-time': { ...FINE, day: 'numeric', month: 'short', year: 'numeric' },
} as const

/** The reader's zone, and the customer's where the same moment has another time of day there. */
export function zonesFor(customerZone: string | null, iso: string): Zones {
  const own = new Intl.DateTimeFormat('en-GB').resolvedOptions().timeZone
  try {
    if (
      customerZone === null ||
      zonedTime(iso, { zone: customerZone, with: 'day-and-time' }) === zonedTime(iso, { with: 'day-and-time' })
    )
      return { own, customer: null }
    return { own, customer: customerZone }
  } catch {
    // A browser reported it, and it may be no zone, or one that this browser does not know.
    return { own, customer: null }
  }
}

export interface Zones {
  readonly own: string
  /** Null where it is the same time there, or not known. */
  readonly customer: string | null
}
