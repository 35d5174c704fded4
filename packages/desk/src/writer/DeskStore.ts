import type { TraceIdOptions } from '@waybill/reference'
import type { TakeBody } from '../intake/createBodyTaker.ts'
import type { Store, StoreLimits } from '../store/Store.ts'

/** Where a desk keeps its trails. */
export interface DeskStore {
  readonly store: Store
  /** Keeps the steps of a request's body in the store. */
  readonly takeBody: TakeBody
  /** Fulfilled once the database is there and is the desk's; rejects with what is wrong. Until then every use of the store waits for it. */
  readonly opened: Promise<void>
}

export interface DeskStoreOptions extends StoreLimits {
  /** See `databaseAddress`. */
  readonly database: string
  /** See `openHashSecret`. */
  readonly hashSecret?: string | undefined
  readonly identity: TraceIdOptions
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Hears of faults that no caller hears of, such as that the thread that writes died. */
  readonly onError: (error: unknown) => void
  /** What a thread that writes runs. @default `writerThread` */
  readonly program?: URL | undefined
}
