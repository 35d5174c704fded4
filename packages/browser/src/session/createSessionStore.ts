import type { Reference } from '@waybill/reference'
import { recordOf } from './ActionRecord.ts'
import type { ActionRecord } from './ActionRecord.ts'
import { IDLE_MS } from './createTabRecords.ts'
import type { TabRecords } from './createTabRecords.ts'
import { isDelivered } from '../actions/Entry.ts'
import type { Entry } from '../actions/Entry.ts'

/**
 * The session's actions: held in memory, written to the tab's record a moment after each change (at once when the page
 * goes), bounded, oldest out. Storage that refuses is reported once and done without.
 */
export function createSessionStore({ records, now, after, mint, onSaved, onError }: SessionStoreOptions): SessionStore {
  let storage = records
  let entries: Entry[] = attempt(() => storage?.enter()) ?? []
  let session = attempt(() => storage?.session(false)) ?? mint()
  let snapshot: readonly ActionRecord[] | undefined
  let isUrgent = false
  let cancelWrite: (() => void) | undefined
  let writtenAt = now()
  /** Actions as last written; what is not here is yet to be. */
  const texts = new Map<Entry, string>()
  const views = new WeakMap<Entry, ActionRecord>()
  const listeners = new Set<() => void>()

  /** Runs on storage, and does without it from the first refusal on. */
  function attempt<T>(fn: () => T): T | undefined {
    try {
      return fn()
    } catch (error) {
      storage = undefined
      onError(error)
      return undefined
    }
  }

  function write(): void {
    cancelWrite?.()
    cancelWrite = undefined
    writtenAt = now()
    entries = entries.filter((entry) => entry.session === session || !isDelivered(entry))
    const fresh = entries.filter((entry) => !texts.has(entry))
    for (const entry of fresh) texts.set(entry, JSON.stringify(entry))
    const length = (entry: Entry): number => texts.get(entry)?.length ?? 0
    let size = entries.reduce((sum, entry) => sum + length(entry), 0)
    while (entries.length > MOST_ACTIONS || (size > MOST_CHARACTERS && entries.length > 1)) {
      const [out] = entries.splice(leastMissed(entries), 1)
      if (out) size -= length(out)
    }
    for (const entry of texts.keys()) if (!entries.includes(entry)) texts.delete(entry)
    attempt(() => storage?.write([...texts.values()]))
    session = attempt(() => storage?.session(false)) ?? session
    // Told by now, or refused: either way what is shown of these changes.
    for (const entry of fresh) views.delete(entry)
    snapshot = undefined
    for (const listener of listeners) {
      try {
        listener()
      } catch (error) {
        onError(error)
      }
    }
    onSaved(isUrgent)
    isUrgent = false
  }

  function viewOf(entry: Entry): ActionRecord {
    const known = views.get(entry)
    if (known) return known
    const kept = texts.has(entry) ? 'saved' : 'pending'
    const view = recordOf(entry, isDelivered(entry) ? 'delivered' : storage ? kept : 'memory')
    views.set(entry, view)
    return view
  }

  function changed(entry?: Entry, urgent = false): void {
    if (entry) {
      texts.delete(entry)
      views.delete(entry)
    }
    snapshot = undefined
    isUrgent ||= urgent
    cancelWrite ??= after(Math.max(0, writtenAt + WRITE_GAP_MS - now()), write)
  }

  return {
    add(entry) {
      entries.push(entry)
    },
    changed,
    entries: () => entries,
    find: (reference) => entries.findLast((entry) => entry.reference === reference),
    session() {
      if (now() - writtenAt > IDLE_MS) session = attempt(() => storage?.session(false)) ?? mint()
      return session
    },
    snapshot: () => (snapshot ??= entries.filter((entry) => entry.session === session).map(viewOf)),
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    clear() {
      session = attempt(() => storage?.session(true)) ?? mint()
      write()
    },
    leave() {
      if (cancelWrite) write()
      attempt(() => storage?.leave())
    },
    comeBack() {
      cancelWrite?.()
      // The page that was here meanwhile may be told that it goes only after this one is told that it is back: nothing is
      // written over its record before that.
      cancelWrite = after(TAKEOVER_MS, () => {
        const known = new Set(entries.map(({ reference }) => reference))
        const others = attempt(() => storage?.comeBack()) ?? []
        entries = [...others.filter(({ reference }) => !known.has(reference)), ...entries]
        write()
      })
    },
    write,
    stop() {
      if (cancelWrite) write()
      attempt(() => storage?.leave())
      storage = undefined
    },
  }
}

export interface SessionStore {
  add(entry: Entry): void
  /** Something of the action (or, without one, of them all) is different: to be written, told, and when `urgent` delivered at once. */
  changed(entry?: Entry, urgent?: boolean): void
  entries(): readonly Entry[]
  find(reference: Reference): Entry | undefined
  /** The running session's id. */
  session(): string
  /** The running session's actions, oldest first; the same array until something changed. */
  snapshot(): readonly ActionRecord[]
  subscribe(listener: () => void): () => void
  /** Ends the session: its actions are shown no more, and kept only until they are delivered. */
  clear(): void
  /** The page goes: everything is written now. */
  leave(): void
  /** The page is back from the back/forward cache; others of its tab may have added to the record. */
  comeBack(): void
  /** Writes and tells now. */
  write(): void
  /** As `leave`, and nothing is written from then on: the record may be another's. */
  stop(): void
}

export interface SessionStoreOptions {
  /** Undefined where there is no storage. */
  readonly records: TabRecords | undefined
  readonly now: () => number
  readonly after: (ms: number, fn: () => void) => () => void
  readonly mint: () => string
  readonly onSaved: (isUrgent: boolean) => void
  readonly onError: (error: unknown) => void
}

const MOST_ACTIONS = 200
const MOST_CHARACTERS = 256 * 1024
/** The first change after a quiet while is written in the next task; a burst costs four writes a second. */
const WRITE_GAP_MS = 250

const TAKEOVER_MS = 300

/** A delivered background call before a delivered action before anything not yet delivered; the oldest of its kind. */
function leastMissed(entries: readonly Entry[]): number {
  const delivered = entries.findIndex((entry) => entry.background && isDelivered(entry))
  return Math.max(0, delivered < 0 ? entries.findIndex(isDelivered) : delivered)
}
