import { isDelivered } from '../actions/Entry.ts'
import type { Entry } from '../actions/Entry.ts'
import { MOST_ACTIONS, MOST_CHARACTERS } from './leastMissed.ts'

/** For so many more actions of so many characters, without pushing out what is still to be delivered. */
export function hasRoom(
  entries: readonly Entry[],
  lengths: ReadonlyMap<Entry, number>,
  actions: number,
  characters: number,
): boolean {
  const waiting = entries.filter((entry) => !isDelivered(entry))
  const size = waiting.reduce((sum, entry) => sum + (lengths.get(entry) ?? 0), characters)
  return !waiting.length || (waiting.length + actions <= MOST_ACTIONS / 2 && size <= MOST_CHARACTERS / 2)
}
