import type { NamespaceOptions } from '@waybill/reference'
import { createClickHouseStore } from './clickhouse/createClickHouseStore.ts'
import { databaseAddress } from './databaseAddress.ts'
import { createPostgresStore } from './postgres/createPostgresStore.ts'
import { createSqliteStore } from './sqlite/sqliteStore.ts'
import type { Store } from './Store.ts'

/**
 * The store at an address for a command, which reads and writes it in its own thread, also beside running desks.
 *
 * @throws what `createSqliteStore`, `createPostgresStore` and `createClickHouseStore` throw, and rejects with what keeps the database from being opened.
 */
export async function openStore({ database, ...options }: OpenStoreOptions): Promise<Store> {
  const address = databaseAddress(database)
  switch (address.engine) {
    case 'sqlite':
      return createSqliteStore({ databaseFile: address.file, ...options })
    case 'postgres':
      return await opened(createPostgresStore({ url: address.url, ...options }))
    case 'clickhouse':
      return await opened(createClickHouseStore({ url: address.url, ...options }))
    default:
      return address satisfies never
  }
}

async function opened(store: Store & { readonly opened: Promise<void> }): Promise<Store> {
  try {
    await store.opened
    return store
  } catch (error) {
    await store.stop()
    throw error
  }
}

export interface OpenStoreOptions extends NamespaceOptions {
  /** See `databaseAddress`. */
  readonly database: string
  /** See `openHashSecret` and `serverHashSecret`. */
  readonly hashSecret?: string | undefined
}
