import { createBodyTaker } from '../intake/createBodyTaker.ts'
import type { TakeBody } from '../intake/createBodyTaker.ts'
import { createSqliteStore } from '../store/sqlite/sqliteStore.ts'
import type { Store } from '../store/Store.ts'
import type { DeskStoreOptions } from './DeskStore.ts'

/** A store in SQLite files, and what takes bodies for it, both in the thread that calls this. */
export function createWriter({ identity, now, ...options }: WriterOptions): Writer {
  const store = createSqliteStore({ ...options, namespace: identity.namespace, now })
  return { store, takeBody: createBodyTaker({ store, identity, now }) }
}

export interface Writer {
  readonly store: Store
  readonly takeBody: TakeBody
}

export interface WriterOptions extends Omit<DeskStoreOptions, 'database' | 'onError' | 'program'> {
  /** A path, or `:memory:`. */
  readonly databaseFile: string
}
