import { mintSpanId } from '@waybill/reference'
import { endInterrupted, isDelivered } from '../actions/Entry.ts'
import type { Entry, Span } from '../actions/Entry.ts'

/**
 * The actions of this page in `localStorage`, each under a key that no other page writes, and those of pages that are gone, which
 * it takes over: its predecessor's in the same tab, so that a reload or a redirect finds its actions again, and what others left undelivered.
 *
 * `waybill:SERVICE` holds the session, `waybill:SERVICE:PAGE:` a page's version and last write, `waybill:SERVICE:PAGE:REFERENCE` an action. A
 * page says in `sessionStorage` which is its own only as it goes, and its successor takes the word away. So a duplicated tab, which
 * copies `sessionStorage`, finds nothing to take.
 *
 * Every function throws when storage does: forbidden, full, corrupt, or written by a version that is not this one.
 */
export function createPageRecords({ service, now, profile, tab, take, room }: PageRecordsOptions): PageRecords {
  // So that no service's keys begin with another's.
  const shared = `waybill:${encodeURIComponent(service)}`
  const keyOf = (page: string): string => `${shared}:${page}:`
  const page = mintSpanId()
  const own = keyOf(page)
  const keys = (start = `${shared}:`): string[] => Object.keys(profile).filter((key) => key.startsWith(start))

  /** False when it was left to a page that may live, or had nothing to deliver. */
  function takeOver(mark: string, isPredecessor?: boolean): boolean {
    const [version, at] = (profile.getItem(mark) ?? '').split(' ')
    const all = keys(mark)
    const actions = all.flatMap((key): Entry[] => (key === mark ? [] : [JSON.parse(profile.getItem(key) ?? '')]))
    if (version !== VERSION || !actions.every(isSound)) throw new TypeError(NOT_OURS)
    const age = Math.abs(now() - Number(at))
    if (!isPredecessor && age < ALIVE_MS) return false
    for (const entry of actions) endInterrupted(entry, Number(at), age > IDLE_MS)
    const isDone = actions.every(isDelivered)
    // Where there is no room it waits, for what is taken must not push out what is still to be delivered.
    if (!isPredecessor && (isDone ? age < IDLE_MS : actions.length > room())) return false
    // Kept here before it goes there.
    take(actions)
    for (const key of all) profile.removeItem(key)
    return !isDone
  }

  return {
    enter() {
      const before = tab.getItem(shared)
      tab.removeItem(shared)
      // Its own, where only other sites were visited meanwhile.
      if (before && before !== page && profile.getItem(keyOf(before)) !== null) takeOver(keyOf(before), true)
    },
    leave: () => tab.setItem(shared, page),

    isWiped: () => profile.getItem(own) === null,
    write(texts) {
      for (const [reference, text] of texts) {
        if (text) profile.setItem(own + reference, text)
        else profile.removeItem(own + reference)
      }
      profile.setItem(own, `${VERSION} ${now()}`)
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
          return key.endsWith(':') && key !== own && takeOver(key)
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
  /** Lets the tab's next page find the actions. */
  leave(): void
  /** Whether somebody removed what was written, or nothing was. */
  isWiped(): boolean
  /** Each action's JSON by its reference; undefined removes it. */
  write(texts: ReadonlyMap<string, string | undefined>): void
  /** The running session's id, shared by all tabs; a new one after 30 idle minutes, or when it `isOver`. */
  session(isOver?: boolean): string
  /**
   * Takes over what one page left undelivered which is gone; false when there is none. Where there is nothing to deliver, it goes
   * when its session is over.
   */
  adopt(): boolean
  /** Removes what this service stored, of all tabs. */
  erase(): void
}

export interface PageRecordsOptions {
  readonly service: string
  readonly now: () => number
  /** `localStorage`. */
  readonly profile: Storage
  /** `sessionStorage`. */
  readonly tab: Storage
  /** Keeps what another page's record holds. */
  readonly take: (actions: readonly Entry[]) => void
  /** How many actions can be taken. */
  readonly room: () => number
}

/** After so long without a change a session is over. */
export const IDLE_MS = 30 * 60_000
/** A page that lives has delivered by then, or is trying. */
const ALIVE_MS = 15_000

const VERSION = '2'
const NOT_OURS = '[waybill] What is stored is of another version or broken; it is left alone.'
const LONGEST_NAME = 1000

/** Enough for what is done with it to be sure to work. */
function isSound({ name, facts, spans }: Entry): boolean {
  const isSpan = ({ id, at, attempt, sent }: Span): boolean =>
    typeof id === 'string' && [at, attempt, sent].every(Number.isFinite)
  return name.length < LONGEST_NAME && facts instanceof Object && !!spans[0]?.state && spans.every(isSpan)
}
