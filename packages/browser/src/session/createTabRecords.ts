import { mintSpanId, parseReference } from '@waybill/reference'
import { endInterrupted, isDelivered } from '../actions/Entry.ts'
import type { Entry } from '../actions/Entry.ts'

/**
 * The actions of this tab in `localStorage`, one record per service and tab, and those that tabs left behind which are gone.
 *
 * A tab's id waits in `sessionStorage` only while no page has it: taken on arrival, put back when the page goes. So a reload
 * or a redirect finds its record again, while a duplicated tab, which copies `sessionStorage`, gets one of its own.
 *
 * Every function throws when storage does: forbidden, full, corrupt, or written by a version that is not this one.
 */
export function createTabRecords({ service, now, profile, tab }: TabRecordsOptions): TabRecords {
  const shared = `waybill:${service}`
  let id = ''

  const keyOf = (id: string): string => `${shared}:${id}`

  function read(id: string): TabRecord | undefined {
    const text = profile.getItem(keyOf(id))
    return text === null ? undefined : parse(text)
  }

  return {
    enter() {
      const known = tab.getItem(shared)
      tab.removeItem(shared)
      const record = known ? read(known) : undefined
      const isRunning = record !== undefined && now() - record.at < IDLE_MS
      id = known && isRunning ? known : mintSpanId()
      if (!record || !isRunning) return []
      for (const entry of record.actions) endInterrupted(entry, record.at, { all: false })
      return record.actions
    },

    comeBack() {
      tab.removeItem(shared)
      return read(id)?.actions ?? []
    },

    leave: () => tab.setItem(shared, id),

    write(actions) {
      profile.setItem(keyOf(id), `{"v":1,"at":${now()},"actions":[${actions.join()}]}`)
    },

    session(isOver) {
      const text = profile.getItem(shared)
      const [known = '', at = ''] = text?.split(' ') ?? []
      const session = isOver || !(now() - Number(at) < IDLE_MS) ? mintSpanId() : known
      profile.setItem(shared, `${session} ${now()}`)
      return session
    },

    leftBehind() {
      const found: LeftBehind[] = []
      for (const key of Array.from({ length: profile.length }, (_, i) => profile.key(i) ?? '')) {
        const other = key.startsWith(`${shared}:`) ? key.slice(shared.length + 1) : ''
        if (!/^[\da-f]{16}$/.test(other) || other === id) continue
        const left = tidy(key)
        if (left) found.push(left)
      }
      return found
    },
  }

  /** A record that still has something to deliver; one that has not is removed when its session is over. */
  function tidy(key: string): LeftBehind | undefined {
    const text = profile.getItem(key) ?? ''
    let record: TabRecord
    try {
      record = parse(text)
    } catch {
      return undefined
    }
    const age = now() - record.at
    const isOver = age > IDLE_MS
    if (isOver) for (const entry of record.actions) endInterrupted(entry, record.at, { all: true })
    if (age > KEPT_MS || (isOver && record.actions.every(isDelivered))) profile.removeItem(key)
    else if (age > ALIVE_MS && !record.actions.every(isDelivered)) {
      return {
        actions: record.actions,
        // Only if its tab did not write meanwhile: then it lives, and delivers for itself.
        save: () => void (profile.getItem(key) === text && profile.setItem(key, JSON.stringify(record))),
      }
    }
    return undefined
  }
}

export interface TabRecords {
  /** The actions this tab had before it was reloaded or came back, its session still running; else none. */
  enter(): Entry[]
  /** What this tab's record holds now that its page is back; other pages may have used it meanwhile. */
  comeBack(): Entry[]
  /** Lets the tab's next page find the record. */
  leave(): void
  /** Takes each action as JSON. */
  write(actions: readonly string[]): void
  /** The running session's id, shared by all tabs; a new one after 30 idle minutes, or when it `isOver`. */
  session(isOver: boolean): string
  leftBehind(): LeftBehind[]
}

export interface LeftBehind {
  readonly actions: readonly Entry[]
  save(): void
}

export interface TabRecordsOptions {
  readonly service: string
  readonly now: () => number
  /** `localStorage`. */
  readonly profile: Storage
  /** `sessionStorage`. */
  readonly tab: Storage
}

/** After so long without a change a session is over. */
export const IDLE_MS = 30 * 60_000
const KEPT_MS = 30 * 24 * 3_600_000
/** A tab that lives has delivered by then, or is trying. */
const ALIVE_MS = 15_000

interface TabRecord {
  readonly v: 1
  readonly at: number
  readonly actions: Entry[]
}

function parse(text: string): TabRecord {
  const record: unknown = JSON.parse(text)
  if (isTabRecord(record)) return record
  throw new TypeError(
    '[waybill] What is stored is not of this version, so it is left alone and nothing is kept over a reload.',
  )
}

function isTabRecord(value: unknown): value is TabRecord {
  const { v, at, actions } = Object(value)
  return v === 1 && typeof at === 'number' && Array.isArray(actions) && actions.every(isEntry)
}

function isEntry(value: unknown): value is Entry {
  const { reference, name, rounds, calls, facts } = Object(value)
  return (
    parseReference(reference).ok &&
    typeof name === 'string' &&
    typeof facts === 'object' &&
    Array.isArray(calls) &&
    Array.isArray(rounds) &&
    rounds.length > 0
  )
}
