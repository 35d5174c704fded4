/** When something was, as short as it is clear: `14:03` today, `30 Nov, 14:03` before, with the year where that is another. */
export function shortTime(iso: string, { now = new Date() }: ShortTimeOptions = {}): string {
  const at = new Date(iso)
  if (at.toDateString() === now.toDateString()) return TIME.format(at)
  return (at.getFullYear() === now.getFullYear() ? DAY : YEAR).format(at)
}

export interface ShortTimeOptions {
  /** @default now */
  readonly now?: Date | undefined
}

const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
// British English, like the page's words.
const TIME = new Intl.DateTimeFormat('en-GB', CLOCK)
const DAY = new Intl.DateTimeFormat('en-GB', { ...CLOCK, day: 'numeric', month: 'short' })
const YEAR = new Intl.DateTimeFormat('en-GB', { ...CLOCK, day: 'numeric', month: 'short', year: 'numeric' })
