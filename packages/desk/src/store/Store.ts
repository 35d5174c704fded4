import type { Reference } from '@waybill/reference'
import type { AliasKind } from './aliasesOf.ts'
import type { StoredStep } from './StoredStep.ts'
import type { Unseen } from './Unseen.ts'

/**
 * Where trails are kept. One contract suite (`store.test.ts`) runs over every implementation.
 */
export interface Store {
  /** Random, the same for as long as the store lives; keys the hashes of persons' ids. */
  readonly secret: Uint8Array
  /**
   * Writes steps; they are durable once the promise is fulfilled. A step sent again is written once; one that was cut short
   * because its page went away, once more when its real end is told. Answers `busy`, and writes nothing, while more than the
   * store's queue is waiting, and `too-many` to more than the queue ever holds; rejects when the store cannot write.
   */
  append(steps: readonly StoredStep[]): Promise<Appended>
  /** Every step kept under a reference, in order of arrival; none for an unknown one. */
  trail(reference: Reference): Promise<readonly StoredStep[]>
  /** How many steps of strangers' requests a full trail gave up, to have room for its own. */
  evictedFrom(reference: Reference): Promise<number>
  /** References that one of these values leads to by a server's word, those first seen last coming first. */
  find(values: readonly string[], options: FindOptions): Promise<readonly FoundReference[]>
  /**
   * Those that it leads to by browsers' word alone: first the trails that hold a server's step, in each part those first seen
   * last. `count` counts all of them, and stops at 10 000.
   */
  findClaims(values: readonly string[], options: FindOptions): Promise<FoundClaims>
  /**
   * The trails last added to since `since` (milliseconds since the epoch; kept by the hour, so a part of an hour more), those added to
   * last first, of one hour those first seen last. One more than `limit` is never looked at.
   */
  recent(options: RecentOptions): Promise<RecentTrails>
  /** Which of these references, 100 at most, something is kept under, in the order given. */
  known(references: readonly Reference[]): Promise<readonly Reference[]>
  /** The hash of a person with a trail here, out of its beginning; undefined when there is none. */
  personFrom(beginning: string): Promise<string | undefined>
  /**
   * Forgets trails that nothing was added to for `keepDays`: a day's share in one go, and none where that would trust a clock which is
   * far ahead of the last time. Called once an hour.
   */
  retain(options: RetainOptions): Promise<Retained>
  /** Forgets the trails that were added to longest ago where the store holds more than `bytes`, but none of the last 24 hours. */
  shrinkTo(bytes: number): Promise<Shrunk>
  /** Erases a person or a trail, also from the bytes of what the store is kept in. What arrives afterwards is kept anew. */
  erase(whom: Whom, options?: EraseOptions): Promise<Erased>
  /** Writes one value durably and reads it back; rejects when either fails. Holds nothing up. */
  check(): Promise<void>
  /** Parts of the store that cannot be read at present. What is in them is missing from every other answer. */
  unseen(): Promise<readonly Unseen[]>
  /** How much is kept. */
  size(): Promise<StoreSize>
  /** Writes what is waiting, then closes. */
  stop(): Promise<void>
}

/** What only reads. */
export type StoreReader = Pick<
  Store,
  'trail' | 'evictedFrom' | 'find' | 'findClaims' | 'recent' | 'known' | 'personFrom' | 'unseen' | 'size'
>

/** What changes a store; the rest of it reads. */
export type StoreWrites = Omit<Store, keyof StoreReader | 'secret' | 'stop'>

export interface StoreSize {
  readonly trails: number
  /** What the trails and their indexes take, without room that is free for new ones. */
  readonly bytes: number
}

/** `refused`: steps not kept because their trail is full of its own. */
export type Appended =
  { readonly ok: true; readonly refused: number } | { readonly ok: false; readonly reason: 'busy' | 'too-many' }

export interface RetainOptions {
  readonly keepDays: number
  /** Forgets all that is due at once, because somebody said that the clock is right. @default false */
  readonly force?: boolean | undefined
}

export type Retained =
  /** `due`: trails that are left for the next times. */
  | { readonly state: 'done' | 'catching-up'; readonly forgotten: number; readonly due: number }
  /** The clock is that far ahead of the last time, and by it so many trails would be due. */
  | { readonly state: 'refused'; readonly forgotten: 0; readonly due: number; readonly daysAhead: number }

export interface Shrunk {
  readonly forgotten: number
  /** What is left. */
  readonly bytes: number
}

/**
 * A person, by the hash of their id and by the id itself in its normal form, which facts may hold; empty where only the hash is known. Or
 * one trail, whosever it is.
 */
export type Whom = { readonly personHash: string; readonly value: string } | { readonly reference: Reference }

export interface EraseOptions {
  /** Only counts. @default false */
  readonly dryRun?: boolean | undefined
}

export interface Erased {
  /** Gone as a whole. */
  readonly trails: number
  /** Trails of others that lost only what was this person's. */
  readonly stripped: number
  /** Whether the bytes are gone as well. If not, another program was reading the file, or the disk is full: erase once more. */
  readonly cleared: boolean
}

export interface FindOptions {
  readonly limit: number
  /** Only what comes after this `place` of an earlier answer. @default from the start */
  readonly after?: number | undefined
  /** Only what a value of this kind leads to. `findClaims` looks at every kind. @default any */
  readonly kind?: AliasKind | undefined
}

export interface RecentOptions {
  readonly since: number
  readonly limit: number
  /** Only trails that hold a server's step, or only those that browsers alone reported. @default both */
  readonly said?: 'by-server' | 'by-browser' | undefined
}

export interface RecentTrails {
  readonly references: readonly Reference[]
  /** Whether there are more than these. */
  readonly more: boolean
}

export interface FoundReference {
  readonly reference: Reference
  readonly kind: AliasKind
  /** Where it stands among all that the same values lead to. */
  readonly place: number
}

export interface FoundClaims {
  readonly found: readonly FoundReference[]
  readonly count: number
}

export interface StoreLimits {
  /**
   * Steps of one trail by servers. Where they are too many, strangers' requests beyond a tenth of that go first. What failed, tickets, and
   * the end of what was announced are taken beyond it, up to a quarter more. @default 2000
   */
  readonly stepsPerTrail?: number | undefined
  /** Steps of one trail that only browsers reported; its own cap, so that nobody with the public key can fill a trail. @default 200 */
  readonly claimsPerTrail?: number | undefined
  /** Steps that may wait to be written before the store answers `busy`, and the most that it takes at once. @default 20000 */
  readonly waitingSteps?: number | undefined
}
