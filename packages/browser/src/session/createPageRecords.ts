import { mintSpanId } from '@waybill/reference'
import { endInterrupted } from '../actions/Entry.ts'
import type { Entry, Span } from '../actions/Entry.ts'
import { hasRoom } from './hasRoom.ts'

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
export function createPageRecords(options: PageRecordsOptions): PageRecords {
  const { service, page, now, profile, tab, entries, lengths, take, isDone, after, onSaved } = options
  // So that no service's keys begin with another's.
  const shared = `waybill:${encodeURIComponent(service)}`
  const keyOf = (page: string): string => `${shared}:${page}:`
  const own = keyOf(page)
  /** Its own, and what it could take but not keep. */
  const passed = new Set([own])
  const unanswered = new Set<string>()
  /** When there was nothing to take. */
  let lookedAt = 0
  const keys = (start = `${shared}:`): string[] => Object.keys(profile).filter((key) => key.startsWith(start))
  const isWiped = (): boolean => profile.getItem(own) === null
  const mark = (): true => {
    profile.setItem(own, `${VERSION} ${now()}`)
    if (isWiped()) throw new TypeError(NOT_OURS)
    return true
  }
  const pagesGone = (): string[] => (tab.getItem(shared)?.split(' ') ?? []).filter((each) => each !== page)

  /** False when it was left to a page that may live, or had nothing to deliver. */
  function takeOver(mark: string, isPredecessor?: boolean): boolean {
    const [version, at] = (profile.getItem(mark) ?? '').split(/[ ?]/)
    if (version !== VERSION) throw new TypeError(NOT_OURS)
    const lastSeen = Number(at)
    const age = Math.abs(now() - lastSeen)
    if (!isPredecessor && age < ALIVE_MS) return false
    const all = keys(mark)
    const texts = all.map((key) => profile.getItem(key) ?? '')
    const actions = texts.flatMap(soundIn)
    // Where the mark holds no time that can be, the page is long gone.
    for (const entry of actions) endInterrupted(entry, age < now() ? lastSeen : 0, !(age < IDLE_MS))
    const isOver = actions.every(isDone)
    // Where there is no room it waits, for what is taken must not push out what is still to be delivered.
    if (isOver ? !isPredecessor && age < IDLE_MS : !hasRoom(entries, lengths, actions.length, texts.join().length))
      return false
    // Of a tab that slept nothing else tells.
    const question = `${VERSION}?${at}`
    if (!isPredecessor && !isOver && !unanswered.has(mark + question)) {
      profile.setItem(mark, question)
      after(ANSWER_MS, () => {
        unanswered.add(mark + question)
        lookedAt = 0
        onSaved(true)
      })
      return false
    }
    // Kept here before it goes there.
    if (!take(actions)) {
      passed.add(mark)
      return false
    }
    for (const key of all) profile.removeItem(key)
    return !isOver
  }

  return {
    enter() {
      const before = pagesGone()
      tab.removeItem(shared)
      for (const each of before) if (profile.getItem(keyOf(each)) !== null) takeOver(keyOf(each), true)
    },
    // Frames of a tab share its word.
    leave: () => tab.setItem(shared, [...pagesGone().slice(-MOST_FRAMES), page].join(' ')),

    isWiped,
    mark,
    write(reference, text) {
      if (text) profile.setItem(own + reference, text)
      else profile.removeItem(own + reference)
      return true
    },
    hear({ key, newValue }) {
      if (key === own) {
        // A question whether it lives is answered by the next date.
        if (newValue?.[1] === '?') mark()
        return newValue !== ERASED && undefined
      }
      // Not the date of a write, and not what no customer did.
      return (key?.startsWith(`${shared}:`) && !/^\d|"background":true/.test(`${newValue}`)) || undefined
    },
    others: () =>
      keys().flatMap((key) => {
        const isOurs = !key.startsWith(own) && profile.getItem(key.replace(/[^:]*$/, ''))?.startsWith(VERSION)
        return isOurs ? soundIn(profile.getItem(key) ?? '') : []
      }),

    session(current, isOver) {
      const text = profile.getItem(shared) ?? `${current} ${now()}`
      const [, session, at] = /^([\da-f]{16}) (\d+)$/.exec(text) ?? []
      const running = session && !isOver && now() - Number(at) < IDLE_MS ? session : mintSpanId()
      profile.setItem(shared, `${running} ${now()}`)
      return running
    },
    isOver: (session) => !(profile.getItem(shared) ?? session).startsWith(session),

    adopt() {
      if (Math.abs(now() - lookedAt) < LOOK_MS) return false
      const isFound = keys().some((key) => {
        try {
          return key.endsWith(':') && !passed.has(key) && takeOver(key)
        } catch {
          return false
        }
      })
      if (!isFound) lookedAt = now()
      return isFound
    },

    erase() {
      for (const key of keys()) {
        if (key.endsWith(':')) profile.setItem(key, ERASED)
        profile.removeItem(key)
      }
      profile.removeItem(shared)
    },
  }
}

export interface PageRecords {
  /** Takes over what the tab's last page left, and its frames. */
  enter(): void
  /** Lets the tab's next page find the actions. */
  leave(): void
  /** Whether somebody removed what was written, or nothing was. */
  isWiped(): boolean
  /** An action's JSON; undefined removes it. */
  write(reference: string, text?: string): true
  /** Dates what was written. */
  mark(): true
  /** The running session's id, shared by all tabs; a new one after 30 idle minutes, or when it `isOver`. */
  session(current: string, isOver?: boolean): string
  /** Whether another tab began another session. */
  isOver(session: string): boolean
  /**
   * Takes over what one page left undelivered which is gone; false when there is none, or was none a moment ago. Where there is
   * nothing to deliver, it goes when its session is over.
   */
  adopt(): boolean
  /** Another tab wrote: its actions (true), erased all (false), or asked whether this page lives, which is answered. */
  hear(event: Partial<StorageEvent>): boolean | undefined
  /** What other pages keep, and what those left that are gone: to be read only. */
  others(): Entry[]
  /** Removes what this service stored, of all tabs, which hear it. */
  erase(): void
}

export interface PageRecordsOptions {
  readonly service: string
  readonly page: string
  readonly now: () => number
  /** `localStorage`. */
  readonly profile: Storage
  /** `sessionStorage`. */
  readonly tab: Storage
  /** The page's own, and how long each is as it was written. */
  readonly entries: readonly Entry[]
  readonly lengths: Map<Entry, number>
  /** Keeps what another page's record holds; false where storage refuses. */
  readonly take: (actions: readonly Entry[]) => boolean
  readonly after: (ms: number, fn: () => void) => unknown
  /** Has the next look taken. */
  readonly onSaved: (isUrgent: boolean) => void
  /** There is nothing of it to deliver. */
  readonly isDone: (entry: Entry) => boolean
}

/** After so long without a change a session is over. */
export const IDLE_MS = 30 * 60_000
/** A page that lives has delivered by then, or is trying. */
const ALIVE_MS = 15_000
/** One that slept answers as soon as it may run. */
const ANSWER_MS = 2000
/** Going through all keys is not for every delivery. */
const LOOK_MS = 5000

const VERSION = '2'
const NOT_OURS = '[waybill] Storage is of another version, or keeps nothing. Memory is used.'
const ERASED = ''
const MOST_FRAMES = 7
const LONGEST_NAME = 1000

/** None where it is broken, or not enough for what is done with it to be sure to work. */
function soundIn(text: string): Entry[] {
  const isSpan = ({ id, at, attempt, sent }: Span): boolean =>
    typeof id === 'string' && [at, attempt, sent].every(Number.isFinite)
  try {
    const entry: Entry = JSON.parse(text)
    const { name, facts, spans } = entry
    const isSound = name.length < LONGEST_NAME && facts instanceof Object && !!spans[0]?.state && spans.every(isSpan)
    return isSound ? [entry] : []
  } catch {
    return []
  }
}
