import { mintSpanId } from '@waybill/reference'
import { recordOf } from './ActionRecord.ts'
import type { ActionRecord } from './ActionRecord.ts'
import { IDLE_MS } from './createPageRecords.ts'
import { createStored } from './createStored.ts'
import { canStay, isDelivered, isOpen, PATIENCE_MS } from '../actions/Entry.ts'
import type { Entry } from '../actions/Entry.ts'
import { goOnFrom } from './goOnFrom.ts'
import type { Kit } from '../Kit.ts'
import { leastMissed, MOST_ACTIONS } from './leastMissed.ts'
import type { SessionStore } from './SessionStore.ts'

/**
 * The session's actions: held in memory, written to the page's record a moment after each change (at once when it goes), bounded.
 */
export function createSessionStore(options: SessionStoreOptions): SessionStore {
  const { deliverTo, now, after, guard, signal, onSaved } = options
  let mayStore: boolean | undefined
  let isReady = true
  const entries: Entry[] = []
  let session = mintSpanId()
  let snapshot: readonly ActionRecord[] | undefined
  let person: string | undefined
  let isUrgent = false
  let isDue = false
  let writtenAt = now()
  /** How long each is as it was written; what is not here is yet to be. 0: need not be before the page goes. */
  const lengths = new Map<Entry, number>()
  const listeners = new Set<() => void>()

  const isDone = (entry: Entry): boolean => deliverTo === undefined || isDelivered(entry)
  const { stored, isUsed, ...storage } = createStored({
    ...options,
    page: mintSpanId(),
    entries,
    lengths,
    take,
    isDone,
  })

  /** Not before it is needed: a page's first look at its storage takes milliseconds. */
  function open(): void {
    if (isReady) return
    isReady = true
    storage.open()
    session = stored((records) => records.session(session)) ?? session
    // What memory held before the customer consented is of the same visit.
    for (const entry of entries) entry.session = session
    stored((records) => records.enter())
    // There is no delivery that would clear away what other pages left.
    if (deliverTo === undefined) stored((records) => records.adopt())
  }

  function write(isOver?: boolean, isRoutine?: boolean): void {
    open()
    isDue = false
    writtenAt = now()
    session = stored((records) => records.session(session, isOver)) ?? (isOver ? mintSpanId() : session)
    const texts = new Map<Entry, string | undefined>()
    const drop = (entry: Entry): void => {
      lengths.delete(entry)
      texts.set(entry, undefined)
      entries.splice(entries.indexOf(entry), 1)
    }
    if (stored((records) => records.isWiped()) !== false) lengths.clear()
    for (const entry of entries.slice()) {
      const isSeen = entry.session === session || !isDone(entry)
      if (!isSeen || now() - entry.startedAt > KEPT_MS) drop(entry)
      else if (!lengths.has(entry) && !(isRoutine && canStay(entry, now()))) {
        const text = JSON.stringify(entry)
        lengths.set(entry, text.length)
        texts.set(entry, text)
      }
    }
    for (const entry of leastMissed(entries, lengths)) drop(entry)
    if (entries.length || texts.size) storage.put(texts)
    if (isUsed()) after(PATIENCE_MS, catchUp)
    tell()
    onSaved(isUrgent)
    isUrgent = false
  }

  function catchUp(): void {
    if (entries.some((entry) => !lengths.has(entry) && !canStay(entry, now()))) write(false, true)
  }

  function tell(): void {
    snapshot = undefined
    for (const listener of signal.aborted ? [] : listeners) guard(listener)
  }

  function take(others: readonly Entry[]): boolean {
    for (const other of others) {
      const known = find(other.reference)
      if (known) goOnFrom(known, other)
      else entries.push(other)
      lengths.delete(known ?? other)
    }
    entries.sort((a, b) => a.startedAt - b.startedAt)
    write()
    return lengths.size === entries.length
  }

  function find(reference: string): Entry | undefined {
    open()
    return entries.findLast((entry) => entry.reference === reference)
  }

  function leave(): void {
    open()
    // What the desk has of them may not have been written.
    for (const entry of entries) if (isOpen(entry) || !lengths.get(entry)) lengths.delete(entry)
    if (isDue || lengths.size < entries.length) write()
    stored((records) => records.leave())
  }

  function changed(entry: Entry, hurry: number): void {
    if (signal.aborted) return
    if (!entries.includes(entry) && entries.push(entry) > MOST_ACTIONS) hurry ||= 1
    lengths.delete(entry)
    snapshot = undefined
    isUrgent ||= hurry > 1
    if (isDue || !hurry) return
    isDue = true
    after(GATHER_MS, () => isDue && write(false, true))
  }

  return {
    find,
    write,
    leave,
    changed,
    entries: () => (open(), signal.aborted ? [] : entries),
    acknowledge(those) {
      for (const entry of new Set(those)) {
        // After the end of its session it is gone at once.
        if (entry.session !== session) changed(entry, 1)
        // While it is open it is going to be written anyway.
        else if (!isOpen(entry) && isDelivered(entry) && !lengths.delete(entry) && entry.background)
          lengths.set(entry, 0)
      }
      // Can wait: what a crash makes the next page send again is known by its ids.
      after(ACKNOWLEDGED_MS, catchUp)
      tell()
    },
    session() {
      open()
      if (now() - writtenAt > IDLE_MS || stored((records) => records.isOver(session))) write()
      return session
    },
    snapshot() {
      open()
      if (snapshot) return snapshot
      const others = stored((records) => records.others()) ?? []
      const theirs = others.filter(({ person: whose = person, background }) => whose === person && !background)
      // Where two pages have one, this page's own is the last, and counts.
      const all = new Map([...theirs, ...entries].map((entry) => [entry.reference, entry]))
      return (snapshot = [...all.values()]
        .filter((entry) => entry.session === session)
        .toSorted((a, b) => a.startedAt - b.startedAt)
        .slice(-MOST_ACTIONS)
        .map((entry) => {
          const kept = lengths.has(entry) || others.includes(entry) ? 'saved' : isUsed() ? 'pending' : 'memory'
          return recordOf(entry, isDelivered(entry) ? 'delivered' : deliverTo === undefined ? 'local-only' : kept)
        }))
    },
    person: () => person,
    identify(id) {
      person = id ?? undefined
      snapshot = undefined
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    adopt: () => !!stored(({ adopt }) => adopt()),
    hear(event) {
      const isChanged = stored(({ hear }) => hear(event))
      if (isChanged === false) {
        // It may have written before it heard.
        storage.erase()
        storage.close()
      }
      // The session may have ended there.
      if (stored((records) => records.isOver(session))) write()
      else if (isChanged !== undefined) tell()
    },
    keep(isAllowed) {
      if (isAllowed && isUsed()) return
      const isStart = mayStore === undefined
      mayStore = isAllowed
      if (!isAllowed) {
        open()
        if (!isStart) storage.erase()
        // At first the customer may only be being asked.
        else if (typeof document !== 'undefined') after(ASKED_MS, () => mayStore || storage.erase())
      }
      storage.close()
      isReady = !isAllowed
      if (entries.length) write()
      else tell()
    },
    // The page that was here meanwhile may be told that it goes only after this one is told that it is back.
    comeBack: () => void after(TAKEOVER_MS, () => stored((records) => records.enter())),
  }
}

export interface SessionStoreOptions extends Kit {
  readonly onSaved: (isUrgent: boolean) => void
}

const KEPT_MS = 30 * 24 * 3_600_000
/** What a click brings about at once is one write, and a burst five a second. */
const GATHER_MS = 200
const ACKNOWLEDGED_MS = 2000
const TAKEOVER_MS = 300
const ASKED_MS = 10_000
