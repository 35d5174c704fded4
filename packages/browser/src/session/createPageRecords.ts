import { mintSpanId } from '@waybill/reference'
import { endInterrupted, isDelivered } from '../actions/Entry.ts'
import type { Entry, Span } from '../actions/Entry.ts'

/**
 * The actions of this page in `localStorage`, in a record that no other page writes, and those of pages that are gone, which it
 * takes over: its predecessor's in the same tab, so that a reload or a redirect finds its actions again, and what others left undelivered.
 *
 * A page says in `sessionStorage` which record was its own only as it goes, and its successor takes the word away. So a
 * duplicated tab, which copies `sessionStorage`, finds nothing to take.
 *
 * Every function throws when storage does: forbidden, full, corrupt, or written by a version that is not this one.
 */
export function createPageRecords({ service, id, now, profile, tab, take }: PageRecordsOptions): PageRecords {
  const shared = `waybill:${service}`
  const keyOf = (page: string): string => `${shared}:${page}`
  const keys = (): string[] => Object.keys(profile).filter((key) => key.startsWith(keyOf('')))

  /** False when it was left to a page that may live, or had nothing to deliver. */
  function takeOver(key: string, isPredecessor?: boolean): boolean {
    const { v, at, actions }: PageRecord = JSON.parse(profile.getItem(key) ?? EMPTY)
    const age = Math.abs(now() - at)
    if (v !== 1 || !actions.every(isSound))
      throw new TypeError('[waybill] What is stored is of another version or broken; it is left alone.')
    if (!isPredecessor && age < ALIVE_MS) return false
    for (const entry of actions) endInterrupted(entry, at, age > IDLE_MS)
    const isDone = actions.every(isDelivered)
    if (isDone && !isPredecessor && age < IDLE_MS) return false
    // Kept here before it goes there.
    take(actions)
    profile.removeItem(key)
    return !isDone
  }

  return {
    enter() {
      const before = tab.getItem(shared)
      tab.removeItem(shared)
      if (before) takeOver(keyOf(before), true)
    },
    leave: () => tab.setItem(shared, id),

    write(actions) {
      if (actions.length) profile.setItem(keyOf(id), `{"v":1,"at":${now()},"actions":[${actions.join()}]}`)
      else profile.removeItem(keyOf(id))
    },

    session(isOver) {
      const [session = '', at] = profile.getItem(shared)?.split(' ') ?? []
      const running = !isOver && now() - Number(at) < IDLE_MS ? session : mintSpanId()
      profile.setItem(shared, `${running} ${now()}`)
      return running
    },

    adopt: () =>
      keys().some((key) => {
        try {
          return key !== keyOf(id) && takeOver(key)
        } catch {
          return false
        }
      }),

    erase: () => [shared, ...keys()].forEach((key) => profile.removeItem(key)),
  }
}

export interface PageRecords {
  /** Takes over what the tab's last page left. */
  enter(): void
  /** Lets the tab's next page find the record. */
  leave(): void
  /** Takes each action as JSON. */
  write(actions: readonly string[]): void
  /** The running session's id, shared by all tabs; a new one after 30 idle minutes, or when it `isOver`. */
  session(isOver?: boolean): string
  /**
   * Takes over one record that a page left undelivered which is gone; false when there is none. Those with nothing to deliver go
   * when their session is over.
   */
  adopt(): boolean
  /** Removes what this service stored, of all tabs. */
  erase(): void
}

export interface PageRecordsOptions {
  readonly service: string
  /** This page's. */
  readonly id: string
  readonly now: () => number
  /** `localStorage`. */
  readonly profile: Storage
  /** `sessionStorage`. */
  readonly tab: Storage
  /** Keeps what another page's record holds. */
  readonly take: (actions: readonly Entry[]) => void
}

/** After so long without a change a session is over. */
export const IDLE_MS = 30 * 60_000
/** A page that lives has delivered by then, or is trying. */
const ALIVE_MS = 15_000

interface PageRecord {
  readonly v: number
  readonly at: number
  readonly actions: readonly Entry[]
}

const EMPTY = '{"v":1,"actions":[]}'

const LONGEST_NAME = 1000

/** Enough for what is done with it to be sure to work. */
function isSound({ name, facts, rounds, calls }: Entry): boolean {
  const isSpan = ({ id, at, attempt, sent }: Span): boolean =>
    typeof id === 'string' && [at, attempt, sent].every(Number.isFinite)
  return (
    name.length < LONGEST_NAME && facts instanceof Object && rounds.length > 0 && [...rounds, ...calls].every(isSpan)
  )
}
