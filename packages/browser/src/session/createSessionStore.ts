import { mintSpanId } from '@waybill/reference'
import { recordOf } from './ActionRecord.ts'
import type { ActionRecord } from './ActionRecord.ts'
import { createPageRecords, IDLE_MS } from './createPageRecords.ts'
import type { PageRecords } from './createPageRecords.ts'
import { canWait, isDelivered, isOpen } from '../actions/Entry.ts'
import type { Entry } from '../actions/Entry.ts'
import { goOnFrom } from './goOnFrom.ts'
import type { Kit } from '../Kit.ts'
import { leastMissedFirst } from './leastMissedFirst.ts'
import { restOf } from '../restOf.ts'
import type { SessionStore } from './SessionStore.ts'

/**
 * The session's actions: held in memory, written to the page's record a moment after each change (at once when the page
 * goes), bounded, oldest out. Storage that refuses is reported once and done without.
 */
export function createSessionStore(options: SessionStoreOptions): SessionStore {
  const { service, storage: given, now, after, guard, onError, onSaved } = options
  let storage: PageRecords | undefined
  let isReady = true
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
    if (isReady) return
    isReady = true
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

  function write(isOver?: boolean, isRoutine?: boolean): void {
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
      else if (!lengths.has(entry) && !(isRoutine && canWait(entry))) {
        const text = JSON.stringify(entry)
        lengths.set(entry, text.length)
        texts.set(entry.reference, text)
      }
    }
    const size = (): number => [...lengths.values()].reduce((sum, length) => sum + length, 0)
    const isTooMuch = (): boolean => entries.length > MOST_ACTIONS || (entries.length > 1 && size() > MOST_CHARACTERS)
    if (isTooMuch()) for (const entry of leastMissedFirst(entries)) if (isTooMuch()) drop(entry)
    if (entries.length || texts.size) stored((storage) => storage.write(texts))
    tell()
    onSaved(isUrgent)
    isUrgent = false
  }

  function tell(): void {
    snapshot = undefined
    for (const listener of listeners) guard(listener)
  }

  function take(others: readonly Entry[]): void {
    for (const other of others) {
      const known = find(other.reference)
      if (known) goOnFrom(known, other)
      else entries.push(other)
      lengths.delete(known ?? other)
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
    // What the desk has of them may not have been written.
    for (const entry of entries) if (isOpen(entry)) lengths.delete(entry)
    if (isDue || lengths.size < entries.length) write()
    stored((storage) => storage.leave())
  }

  function changed(entry: Entry, hurry: number): void {
    if (!entries.includes(entry) && entries.push(entry) > MOST_ACTIONS) hurry ||= 1
    lengths.delete(entry)
    snapshot = undefined
    isUrgent ||= hurry > 1
    if (isDue || !hurry) return
    isDue = true
    after(restOf(WRITE_GAP_MS, now() - writtenAt) || SOON_MS, () => isDue && write(false, true))
  }

  return {
    find,
    write,
    leave,
    changed,
    entries() {
      open()
      return entries
    },
    acknowledge(those) {
      for (const entry of those) {
        // After the end of its session it is gone at once.
        if (entry.session !== session) changed(entry, 1)
        // While it is open it is going to be written anyway.
        else if (!isOpen(entry) && isDelivered(entry)) lengths.delete(entry)
      }
      // Can wait: what a crash makes the next page send again is known by its ids.
      after(ACKNOWLEDGED_MS, () => lengths.size < entries.length && write(false, true))
      tell()
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
      isReady = !isAllowed
      lengths.clear()
      if (entries.length) write()
    },
    // The page that was here meanwhile may be told that it goes only after this one is told that it is back.
    comeBack: () => void after(TAKEOVER_MS, () => stored((storage) => storage.enter())),
    stop() {
      leave()
      storage = undefined
    },
  }
}

export interface SessionStoreOptions extends Kit {
  readonly onSaved: (isUrgent: boolean) => void
}

const KEPT_MS = 30 * 24 * 3_600_000
const MOST_ACTIONS = 200
const MOST_CHARACTERS = 256_000
/** With what a click brings about at once. */
const SOON_MS = 50
/** A burst costs four writes a second. */
const WRITE_GAP_MS = 250
const ACKNOWLEDGED_MS = 2000
const TAKEOVER_MS = 300
