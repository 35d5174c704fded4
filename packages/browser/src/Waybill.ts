import type { Reference } from '@waybill/reference'
import type { Action } from './actions/Action.ts'
import type { ActionRecord } from './session/ActionRecord.ts'
import type { Consent } from './WaybillOptions.ts'

export interface Waybill {
  /** A stand-in for `fetch`: calls to our own origins carry the reference of the action they belong to, all others are untouched. */
  readonly fetch: typeof fetch
  /** Begins an action, at the time of the user's event if one is running. It ends by `succeed` or `fail`. */
  begin(name: string, options?: BeginOptions): Action
  /**
   * Begins an action that ends with `fn`: succeeded, or failed when it throws or rejects, which is passed on, or when it returns a
   * `Response` with an error's status.
   */
  run<T>(name: string, fn: (action: Action) => PromiseLike<T>, options?: BeginOptions): Promise<T>
  run<T>(name: string, fn: (action: Action) => T, options?: BeginOptions): T
  /** The action the running code belongs to, as far as that is certain. Only looking leaves nothing behind. */
  current(): Action | undefined
  /** The application's own id of who is signed in, for actions from now on; `null` after signing out. The desk keeps only a hash. */
  identify(personId: string | null): void
  /** The reference of this very error or response, or of the call it wraps; undefined when that is not certain. */
  referenceOf(errorOrResponse: unknown): Reference | undefined
  /** The action of a reference, when this session knows it: also after a reload. Of nothing nothing, so that it takes what `referenceOf` gives. */
  actionOf(reference: Reference | undefined): Action | undefined
  /**
   * Tells that a component or a page of yours shows this reference with these words, so that support can see what the customer saw: at most
   * 200 characters, made one line, and only the application's constant words, for they are stored and delivered: keep names and amounts out.
   * Of a text with an `@`, or with four digits in a row or more, nothing is kept, nor are the words before it.
   * They go with the action's step. What is said once the desk has that is not told, nor is what belongs to no action of this session.
   */
  shown(reference: Reference, text: string): void
  readonly session: Session
  /** Allows storing on the device, or withdraws it: then what was stored is removed, and the session lives in memory only. */
  setConsent(consent: Consent): void
  readonly prefix: string | undefined
  /** Writes and delivers what there is; resolves when that was tried. Never rejects. */
  flush(): Promise<void>
  /** Ends everything that was started. `fetch` is the plain one from then on. */
  stop(): void
}

export interface BeginOptions {
  /** The customer may do it again whatever became of this one, so that shop and support may say so. @default false */
  readonly repeatable?: boolean | undefined
}

/** What this browser remembers of its visit. */
export interface Session {
  readonly id: string
  /** Oldest first; the same array until something changed, as `useSyncExternalStore` wants it. */
  actions(): readonly ActionRecord[]
  /** Calls `listener` after every change; returns how to stop it. */
  subscribe(listener: () => void): () => void
  /** Ends the session, as at signing out. What is not yet delivered is kept, unseen, until it is. */
  clear(): void
}
