import { isDelivered } from '../actions/Entry.ts'
import type { Entry } from '../actions/Entry.ts'

/** What is delivered before what is not yet, and in each a background call before an action; the oldest of its kind. */
export function leastMissed(entries: readonly Entry[]): Entry {
  const delivered = entries.filter(isDelivered)
  const all = delivered.length ? delivered : entries
  return all.find(({ background }) => background) ?? all[0]!
}
