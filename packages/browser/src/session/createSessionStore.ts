import { mintSpanId } from '@waybill/reference'
import { recordOf } from './ActionRecord.ts'
import type { ActionRecord } from './ActionRecord.ts'
import { createPageRecords, IDLE_MS } from './createPageRecords.ts'
import type { PageRecords } from './createPageRecords.ts'
import { isDelivered } from '../actions/Entry.ts'
import type { Entry } from '../actions/Entry.ts'
import { goOnFrom } from './goOnFrom.ts'
import type { Kit } from '../Kit.ts'
import { leastMissed } from './leastMissed.ts'

/**
 * The session's actions: held in memory, written to the page's record a moment after each change (at once when the page
 * goes), bounded, oldest out. Storage that refuses is reported once and done without.
 */
export function createSessionStore({
  service,
  storage: given,
  now,
  after,
  guard,
  onError,
  onSaved,
}: SessionStoreOptions): SessionStore {
  let storage: PageRecords | undefined
  let isOpen = true
  let entries: Entry[] = []
  let session = mintSpanId()
  let snapshot: readonly ActionRecord[] | undefined
  let isUrgent = false
  let isDue = false
  let writtenAt = now()
  /** How long each is as it was written; what is not here is yet to be. */
  const lengths = new Map<Entry, number>()
  const listeners = new Set<() => void>()

  /** Runs on storage, and does without it from the first refusal on. */
  function stored<T>(fn: (storage: PageRecords) => T): T | undefined {
    try {
      return storage && fn(storage)
    } catch (error) {
      storage = undefined
      onError(error)
      return undefined
    }
  }

  /** Not before it is needed: a page's first look at its storage takes milliseconds. */
  function open(): void {
    if (isOpen) return
    isOpen = true
    guard(() => {
      const { profile, tab } = given ?? { profile: localStorage, tab: sessionStorage }
      const room = (): number => {
        const undelivered = entries.filter((entry) => !isDelivered(entry)).length
        return undelivered ? MOST_ACTIONS / 2 - undelivered : MOST_ACTIONS
      }
      storage = createPageRecords({ service, now, profile, tab, take, room })
    })
    session = stored((storage) => storage.session()) ?? session
    // What memory held before the customer consented is of the same visit.
    for (const entry of entries) entry.session = session
    stored((storage) => storage.enter())
  }

  function write(isOver?: boolean): void {
    open()
    isDue = false
    writtenAt = now()
    session = stored((storage) => storage.session(isOver)) ?? (isOver ? mintSpanId() : session)
    const texts = new Map<string, string | undefined>()
    const drop = (entry: Entry): void => {
      lengths.delete(entry)
      texts.set(entry.reference, undefined)
      entries.splice(entries.indexOf(entry), 1)
    }
    if (stored((storage) => storage.isWiped()) !== false) lengths.clear()
    for (const entry of entries.slice()) {
      const isSeen = entry.session === session || !isDelivered(entry)
      if (!isSeen || now() - entry.startedAt > KEPT_MS) drop(entry)
      else if (!lengths.has(entry)) {
        const text = JSON.stringify(entry)
        lengths.set(entry, text.length)
        texts.set(entry.reference, text)
      }
    }
    const size = (): number => [...lengths.values()].reduce((sum, length) => sum + length, 0)
    while (entries.length > MOST_ACTIONS || (entries.length > 1 && size() > MOST_CHARACTERS)) drop(leastMissed(entries))
    if (entries.length || texts.size) stored((storage) => storage.write(texts))
    snapshot = undefined
    for (const listener of listeners) guard(listener)
    onSaved(isUrgent)
    isUrgent = false
  }

  function take(others: readonly Entry[]): void {
    for (const other of others) {
      const known = find(other.reference)
      if (known) {
        goOnFrom(known, other)
        lengths.delete(known)
      } else entries.push(other)
    }
    entries.sort((a, b) => a.startedAt - b.startedAt)
    write()
  }

  function find(reference: string): Entry | undefined {
    open()
    return entries.findLast((entry) => entry.reference === reference)
  }

  function leave(): void {
    open()
    if (isDue) write()
    stored((storage) => storage.leave())
  }

  return {
    find,
    write,
    leave,
    entries() {
      open()
      return entries
    },
    changed(entry, urgent) {
      if (!entries.includes(entry)) entries.push(entry)
      lengths.delete(entry)
      snapshot = undefined
      isUrgent ||= !!urgent
      if (isDue) return
      isDue = true
      // Bounded on both sides, for clocks are set.
      after(Math.min(WRITE_GAP_MS, Math.max(0, writtenAt + WRITE_GAP_MS - now())), () => isDue && write())
    },
    session() {
      open()
      if (now() - writtenAt > IDLE_MS) write()
      return session
    },
    snapshot() {
      open()
      return (snapshot ??= entries
        .filter((entry) => entry.session === session)
        .map((entry) => {
          const kept = lengths.has(entry) ? 'saved' : 'pending'
          return recordOf(entry, isDelivered(entry) ? 'delivered' : storage ? kept : 'memory')
        }))
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    adopt: () => !!stored((storage) => storage.adopt()),
    keep(isAllowed) {
      if (!isAllowed) {
        open()
        stored((storage) => storage.erase())
      }
      storage = undefined
      isOpen = !isAllowed
      lengths.clear()
      if (entries.length) write()
    },
    comeBack() {
      // The page that was here meanwhile may be told that it goes only after this one is told that it is back.
      after(TAKEOVER_MS, () => stored((storage) => storage.enter()))
    },
    stop() {
      leave()
      storage = undefined
    },
  }
}

export interface SessionStore {
  /** Something of the action is different: to be kept, told, and when `urgent` delivered at once. */
  changed(entry: Entry, urgent?: boolean): void
  entries(): readonly Entry[]
  find(reference: string): Entry | undefined
  /** The running session's id. */
  session(): string
  /** The running session's actions, oldest first; the same array until something changed. */
  snapshot(): readonly ActionRecord[]
  subscribe(listener: () => void): () => void
  /** Takes over what a page that is gone left undelivered; false when there is none. */
  adopt(): boolean
  /** Whether anything may be stored on the device. Where not, what was stored is removed, and memory is used. */
  keep(isAllowed: boolean): void
  /** The page goes: everything is written now. */
  leave(): void
  /** The page is back from the back/forward cache; others of its tab may have gone on meanwhile. */
  comeBack(): void
  /** Writes and tells now. When `isOver`, the session ends: its actions are shown no more, and kept only until they are delivered. */
  write(isOver?: boolean): void
  /** As `leave`, and nothing is written from then on. */
  stop(): void
}

export interface SessionStoreOptions extends Kit {
  readonly onSaved: (isUrgent: boolean) => void
}

const KEPT_MS = 30 * 24 * 3_600_000
const MOST_ACTIONS = 200
const MOST_CHARACTERS = 256_000
/** The first change after a quiet while is written in the next task; a burst costs four writes a second. */
const WRITE_GAP_MS = 250

const TAKEOVER_MS = 300
