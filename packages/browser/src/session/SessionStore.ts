import type { Entry } from '../actions/Entry.ts'
import type { ActionRecord } from './ActionRecord.ts'

/** What the other parts see of the session's actions. */
export interface SessionStore {
  /** Something of the action is different: to be kept and told with what else comes (0), soon (1), or soon and delivered at once (2). */
  changed(entry: Entry, hurry: number): void
  /** The desk has some of their steps. */
  acknowledge(entries: readonly Entry[]): void
  entries(): readonly Entry[]
  find(reference: string): Entry | undefined
  /** The running session's id. */
  session(): string
  /** The running session's actions, also of other tabs and tabs that are gone, oldest first; the same array until something changed. */
  snapshot(): readonly ActionRecord[]
  subscribe(listener: () => void): () => void
  /** Takes over what a page that is gone left undelivered; false when there is none. */
  adopt(): boolean
  /**
   * Whether anything may be stored on the device. Where not, what was stored is removed, and memory is used; at the first call ten
   * seconds later.
   */
  keep(isAllowed: boolean): void
  person(): string | undefined
  /** Who is signed in from now on. What others did in other tabs is not shown. */
  identify(id: string | null): void
  /** Another tab wrote to the profile's storage. */
  hear(event: Partial<StorageEvent>): void
  /** The page goes: everything is written now. */
  leave(): void
  /** The page is back from the back/forward cache; others of its tab may have gone on meanwhile. */
  comeBack(): void
  /** Writes and tells now. When `isOver`, the session ends: its actions are shown no more, and kept only until they are delivered. */
  write(isOver?: boolean): void
}
