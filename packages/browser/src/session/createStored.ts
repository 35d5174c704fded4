import { isDelivered } from '../actions/Entry.ts'
import type { Entry } from '../actions/Entry.ts'
import { createPageRecords } from './createPageRecords.ts'
import type { PageRecords, PageRecordsOptions } from './createPageRecords.ts'
import type { Kit } from '../Kit.ts'

/** Storage as long as it may be used and does not refuse. A refusal is reported once; it is for good, unless storage is full. */
export function createStored({ storage: given, guard, onError, signal, ...rest }: StoredOptions): Stored {
  const { lengths } = rest
  let records: PageRecords | undefined
  let isRefused = false

  function stored<T>(fn: (records: PageRecords) => T): T | undefined {
    try {
      return signal.aborted ? undefined : records && fn(records)
    } catch (error) {
      // Browsers have two names for it.
      if (!/quota/i.test(String(error))) records = undefined
      if (!isRefused) onError(error)
      isRefused = true
      return undefined
    }
  }

  function find(): PageRecords {
    const { profile, tab } = given ?? { profile: localStorage, tab: sessionStorage }
    return createPageRecords({ ...rest, profile, tab })
  }

  return {
    stored,
    isUsed: () => !!records && !isRefused,
    open: () => void (records = guard(find)),
    close() {
      records = undefined
      lengths.clear()
    },
    erase: () => guard(() => find().erase()),
    put(texts) {
      const isMarked = stored(({ mark }) => mark())
      let isComplete = isMarked
      for (const [entry, text] of texts) {
        if (isMarked && stored(({ write }) => write(entry.reference, text))) continue
        isComplete = undefined
        lengths.delete(entry)
        // What was told is not to be told again as it was before.
        if (isDelivered(entry)) stored(({ write }) => write(entry.reference))
      }
      if (isComplete) isRefused = false
    },
  }
}

export interface Stored {
  /** Runs on storage, if there is any. */
  stored<T>(fn: (records: PageRecords) => T): T | undefined
  isUsed(): boolean
  open(): void
  close(): void
  erase(): void
  /** Writes each action's JSON; without one it is removed. What is not kept loses its length. */
  put(texts: ReadonlyMap<Entry, string | undefined>): void
}

export interface StoredOptions
  extends Pick<Kit, 'storage' | 'guard' | 'onError' | 'signal'>, Omit<PageRecordsOptions, 'profile' | 'tab'> {}
