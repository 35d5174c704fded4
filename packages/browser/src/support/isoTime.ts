/** A time as ISO 8601 in UTC; empty for one that is none, which a damaged store may hold. */
export function isoTime(time: number): string {
  return Number.isFinite(time) && Math.abs(time) <= LAST_TIME ? new Date(time).toISOString() : ''
}

/** The farthest a Date reaches (ECMA-262, time values). */
const LAST_TIME = 8.64e15
