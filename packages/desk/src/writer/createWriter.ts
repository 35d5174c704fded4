import type { NamespaceOptions } from '@waybill/reference'
import { createBodyTaker } from '../intake/createBodyTaker.ts'
import type { TakeBody } from '../intake/createBodyTaker.ts'
import { createClickHouseStore } from '../store/clickhouse/createClickHouseStore.ts'
import { databaseAddress } from '../store/databaseAddress.ts'
import type { DatabaseAddress } from '../store/databaseAddress.ts'
import { createPostgresStore } from '../store/postgres/createPostgresStore.ts'
import { createSqliteStore } from '../store/sqlite/sqliteStore.ts'
import type { Store } from '../store/Store.ts'
import type { DeskStoreOptions } from './DeskStore.ts'

/** A store, and what takes bodies for it, both in the thread that calls this. */
export function createWriter({ database, identity, now, ...options }: WriterOptions): Writer {
  const address = databaseAddress(database)
  const shared = { ...options, namespace: identity.namespace, now }
  const store = storeAt(address, shared)
  return { store, takeBody: createBodyTaker({ store, identity, now }) }
}

function storeAt(address: DatabaseAddress, shared: SharedOptions): Store {
  switch (address.engine) {
    case 'sqlite':
      return createSqliteStore({ ...shared, databaseFile: address.file })
    case 'postgres':
      return createPostgresStore({ ...shared, url: address.url })
    case 'clickhouse':
      return createClickHouseStore({ ...shared, url: address.url })
    default:
      return address satisfies never
  }
}

type SharedOptions = Omit<WriterOptions, 'database' | 'identity'> & NamespaceOptions

export interface Writer {
  readonly store: Store
  readonly takeBody: TakeBody
}

export type WriterOptions = Omit<DeskStoreOptions, 'onError' | 'program'>
