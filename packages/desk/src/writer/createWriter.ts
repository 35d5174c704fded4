import type { TraceIdOptions } from '@waybill/reference'
import { createBodyTaker } from '../intake/createBodyTaker.ts'
import type { TakeBody } from '../intake/createBodyTaker.ts'
import { createSqliteStore } from '../store/sqliteStore.ts'
import type { Store, StoreLimits } from '../store/Store.ts'

/** A store, and what takes bodies for it, both in the thread that calls this. */
export function createWriter({ identity, now, ...options }: WriterOptions): DeskStore {
  const store = createSqliteStore({ ...options, namespace: identity.namespace, now })
  return { store, takeBody: createBodyTaker({ store, identity, now }) }
}

export interface DeskStore {
  readonly store: Store
  /** Keeps the steps of a request's body in the store. */
  readonly takeBody: TakeBody
}

export interface WriterOptions extends StoreLimits {
  /** A path, or `:memory:`. */
  readonly databaseFile: string
  readonly identity: TraceIdOptions
  /** Milliseconds since the epoch. */
  readonly now: () => number
}
