import { isToday } from './isToday.ts'
import { momentText } from './momentText.ts'

/** When something was, as short as it is clear: `14:03` today, `30 Nov, 14:03` before, with the year where that is another. */
export function shortTime(iso: string, { now = new Date() }: ShortTimeOptions = {}): string {
  if (isToday(iso, now)) return momentText(iso, { as: 'minutes' })
  const isThisYear = new Date(iso).getFullYear() === now.getFullYear()
  return momentText(iso, { as: isThisYear ? 'day, minutes' : 'date, minutes' })
}

export interface ShortTimeOptions {
  /** @default now */
  readonly now?: Date | undefined
}
