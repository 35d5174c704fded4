import { isDelivered } from '../actions/Entry.ts'
import type { Entry } from '../actions/Entry.ts'

/** A delivered background call before a delivered action before anything not yet delivered; the oldest of its kind. */
export function leastMissed(entries: readonly Entry[]): Entry {
  const delivered = entries.filter(isDelivered)
  return delivered.find(({ background }) => background) ?? delivered[0] ?? entries[0]!
}
