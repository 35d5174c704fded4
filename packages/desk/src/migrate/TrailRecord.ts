import type { Reference } from '@waybill/reference'
import type { StoredStep } from '../store/StoredStep.ts'

/** A whole trail, as it moves from one store into another. */
export interface TrailRecord {
  /** Where to go on after it; only its source can read it. */
  readonly cursor: string
  /**
   * Where it stands among all of its source by when it was first seen, a whole number that no other trail has. The target keeps this order,
   * because what is first seen last is shown first; it gives numbers of its own, such as a base of this migration's plus this one.
   */
  readonly place: number
  readonly reference: Reference
  /** In order of arrival. */
  readonly steps: readonly StoredStep[]
  /** Span ids of strangers' requests that it gave up. */
  readonly evicted: readonly string[]
  /** The hour, since the epoch, in which it was last added to. */
  readonly seenHour: number
}

/** What trails are read from. It is never changed by it. */
export interface TrailSource {
  /** Differs as soon as anything in the source does, so that progress noted for other contents is not gone on with. */
  readonly sourceId: string
  /** Keys the hashes of persons' ids; the target's is the same, or no trail is found by its customer. */
  readonly secret: Uint8Array
  /** How much there is to move. */
  count(): Promise<TrailCount>
  /** Every trail in an order that is always the same. */
  exportTrails(options?: ExportOptions): AsyncIterable<TrailRecord>
  close(): Promise<void>
}

/** What trails are moved into. */
export interface TrailTarget {
  readonly secret: Uint8Array
  /**
   * Takes whole trails in; they are durable once the promise is fulfilled, and with them, in the same transaction where the engine
   * has one for both, the progress of this source. Of a trail that is there already it adds the steps that are not, told
   * apart as arriving steps are (`createAdmission`), and the later hour counts. No cap is applied: the source applied its own.
   */
  importTrails(records: readonly TrailRecord[], progress: MigrationProgress): Promise<void>
  /** How far a migration from this source came; undefined when it has not begun, or has been finished. */
  progress(sourceId: string): Promise<MigrationProgress | undefined>
  /** Forgets the progress of a migration that is finished, so that the next one looks through everything again. */
  finish(sourceId: string): Promise<void>
  close(): Promise<void>
}

export interface TrailCount {
  readonly trails: number
  readonly steps: number
}

export interface ExportOptions {
  /** Only what comes after this cursor. @default from the start */
  readonly after?: string | undefined
}

export interface MigrationProgress {
  readonly sourceId: string
  /** That of the last trail that was taken in. */
  readonly cursor: string
  /** What was taken in so far. */
  readonly done: TrailCount
  /** Whatever the target wants to remember for this migration, such as the base of its places. @default none */
  readonly base?: number | undefined
}
