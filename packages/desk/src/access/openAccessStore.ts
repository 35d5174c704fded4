import { databaseAddress } from '../store/databaseAddress.ts'
import type { AccessStore } from './AccessStore.ts'
import { accessFileOf } from './openAccessFile.ts'
import { postgresAccessStore } from './postgresAccessStore.ts'
import { sqliteAccessStore } from './sqliteAccessStore.ts'

/**
 * Where a desk keeps its tokens, sign-ins and access log: where it is told to, else by the address of its database beside a SQLite file, or within PostgreSQL. ClickHouse is no place for
 * them, because a token that is revoked must be so at once; there they are in `waybill.access` in the folder that the desk was started in. Several desks
 * on one ClickHouse share them in a PostgreSQL that they are told of.
 *
 * @throws what `sqliteAccessStore` and `postgresAccessStore` throw.
 */
export function openAccessStore({
  database,
  accessDatabase = database,
  keepLogDays,
}: OpenAccessStoreOptions): AccessStore {
  const address = databaseAddress(accessDatabase)
  switch (address.engine) {
    case 'sqlite':
      return sqliteAccessStore({ file: accessFileOf(address.file), keepLogDays })
    case 'postgres':
      return postgresAccessStore({ url: address.url, keepLogDays })
    case 'clickhouse':
      if (accessDatabase !== database) throw new TypeError(NO_PLACE)
      return sqliteAccessStore({ file: 'waybill.access', keepLogDays })
    default:
      return address satisfies never
  }
}

export interface OpenAccessStoreOptions {
  /** See `databaseAddress`. */
  readonly database: string
  /** The database that tokens, sign-ins and access log are in or beside, where that is another one. See `databaseAddress`. @default `database` */
  readonly accessDatabase?: string | undefined
  /** Days until a line of the log is forgotten. @default what it was before, at first 365 */
  readonly keepLogDays?: number | undefined
}

const NO_PLACE =
  '[waybill] Tokens and the access log cannot be kept in ClickHouse. Give the desk the address of a PostgreSQL server or the path of a SQLite file for them.'
