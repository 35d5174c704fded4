import { isDelivered } from '../actions/Entry.ts'
import type { Entry } from '../actions/Entry.ts'

/**
 * What has to go where there is too much: what is delivered before what is not yet, and in each a background call before an action;
 * the oldest of its kind first.
 */
export function leastMissed(entries: readonly Entry[], lengths: ReadonlyMap<Entry, number>): Entry[] {
  let count = entries.length
  let size = 0
  for (const length of lengths.values()) size += length
  const isTooMuch = (): boolean => count > MOST_ACTIONS || (count > 1 && size > MOST_CHARACTERS)
  if (!isTooMuch()) return []
  const kinds: Entry[][] = [[], [], [], []]
  for (const entry of entries) kinds[(isDelivered(entry) ? 0 : 2) + (entry.background ? 0 : 1)]!.push(entry)
  return kinds.flat().filter((entry) => {
    const isMissedLeast = isTooMuch()
    count--
    size -= lengths.get(entry) ?? 0
    return isMissedLeast
  })
}

export const MOST_ACTIONS = 200
export const MOST_CHARACTERS = 256_000
