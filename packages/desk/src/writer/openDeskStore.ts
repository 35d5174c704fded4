import { databaseAddress } from '../store/databaseAddress.ts'
import type { DeskStore, DeskStoreOptions } from './DeskStore.ts'
import { openClickHouseDeskStore } from './openClickHouseDeskStore.ts'
import { openPostgresDeskStore } from './openPostgresDeskStore.ts'
import { openSqliteDeskStore } from './openSqliteDeskStore.ts'

/**
 * The store of a desk, by the address of its database, with what takes bodies for it.
 *
 * @throws TypeError when the address is none that a desk can use; Error when a SQLite file cannot be opened, or another desk has it. Whatever else
 * keeps a database from being opened is told by `opened`.
 */
export function openDeskStore({ database, ...options }: DeskStoreOptions): DeskStore {
  const address = databaseAddress(database)
  switch (address.engine) {
    case 'sqlite':
      return openSqliteDeskStore({ databaseFile: address.file, ...options })
    case 'postgres':
      return openPostgresDeskStore({ database, ...options })
    case 'clickhouse':
      return openClickHouseDeskStore({ database, ...options })
    default:
      return address satisfies never
  }
}
