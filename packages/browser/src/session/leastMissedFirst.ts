import { isDelivered } from '../actions/Entry.ts'
import type { Entry } from '../actions/Entry.ts'

/** What is delivered before what is not yet, and in each a background call before an action; the oldest of its kind first. */
export function leastMissedFirst(entries: readonly Entry[]): Entry[] {
  const kinds: Entry[][] = [[], [], [], []]
  for (const entry of entries) kinds[(isDelivered(entry) ? 0 : 2) + (entry.background ? 0 : 1)]!.push(entry)
  return kinds.flat()
}
