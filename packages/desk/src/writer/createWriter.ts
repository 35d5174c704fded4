import { createBodyTaker } from '../intake/createBodyTaker.ts'
import type { TakeBody } from '../intake/createBodyTaker.ts'
import { databaseAddress } from '../store/databaseAddress.ts'
import { createPostgresStore } from '../store/postgres/createPostgresStore.ts'
import { createSqliteStore } from '../store/sqlite/sqliteStore.ts'
import type { Store } from '../store/Store.ts'
import type { DeskStoreOptions } from './DeskStore.ts'

/** A store, and what takes bodies for it, both in the thread that calls this. */
export function createWriter({ database, identity, now, ...options }: WriterOptions): Writer {
  const address = databaseAddress(database)
  const shared = { ...options, namespace: identity.namespace, now }
  const store =
    address.engine === 'sqlite'
      ? createSqliteStore({ ...shared, databaseFile: address.file })
      : createPostgresStore({ ...shared, url: address.url })
  return { store, takeBody: createBodyTaker({ store, identity, now }) }
}

export interface Writer {
  readonly store: Store
  readonly takeBody: TakeBody
}

export type WriterOptions = Omit<DeskStoreOptions, 'onError' | 'program'>
