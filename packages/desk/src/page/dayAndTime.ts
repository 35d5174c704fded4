import { momentText } from './momentText.ts'

/** Day and time with the zone, `22 Nov 2026, 14:03:05 CET`. */
export function dayAndTime(iso: string): string {
  return momentText(iso, { as: 'date, seconds, zone' })
}
