import { databaseAddress } from '../store/databaseAddress.ts'
import type { AccessStore } from './AccessStore.ts'
import { accessFileOf } from './openAccessFile.ts'
import { postgresAccessStore } from './postgresAccessStore.ts'
import { sqliteAccessStore } from './sqliteAccessStore.ts'

/**
 * Where a desk keeps its tokens, sign-ins and access log, by the address of its database: beside a SQLite file, within PostgreSQL.
 *
 * @throws what `sqliteAccessStore` and `postgresAccessStore` throw.
 */
export function openAccessStore({ database, keepLogDays }: OpenAccessStoreOptions): AccessStore {
  const address = databaseAddress(database)
  switch (address.engine) {
    case 'sqlite':
      return sqliteAccessStore({ file: accessFileOf(address.file), keepLogDays })
    case 'postgres':
      return postgresAccessStore({ url: address.url, keepLogDays })
    case 'clickhouse':
      throw new TypeError(`[waybill] This version of the desk cannot use ${address.engine} yet.`)
    default:
      return address satisfies never
  }
}

export interface OpenAccessStoreOptions {
  /** See `databaseAddress`. */
  readonly database: string
  /** Days until a line of the log is forgotten. @default what it was before, at first 365 */
  readonly keepLogDays?: number | undefined
}
