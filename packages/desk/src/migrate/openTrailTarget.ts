import type { NamespaceOptions } from '@waybill/reference'
import { databaseAddress } from '../store/databaseAddress.ts'
import { openPostgresTrailTarget } from '../store/postgres/openPostgresTrailTarget.ts'
import { openSqliteTrailTarget } from '../store/sqlite/openSqliteTrailTarget.ts'
import type { TrailTarget } from './TrailRecord.ts'

/**
 * What trails are moved into, made when it is not there.
 *
 * @throws TypeError when trails are not moved there; Error when it cannot be opened.
 */
export async function openTrailTarget({ database, ...options }: OpenTrailTargetOptions): Promise<TrailTarget> {
  const address = databaseAddress(database)
  switch (address.engine) {
    case 'sqlite':
      return openSqliteTrailTarget({ databaseFile: address.file, ...options })
    case 'postgres':
      return await openPostgresTrailTarget({ url: address.url, ...options })
    case 'clickhouse':
      throw new TypeError(NO_TARGET)
    default:
      return address satisfies never
  }
}

export interface OpenTrailTargetOptions extends NamespaceOptions {
  /** See `databaseAddress`. */
  readonly database: string
  /** The source's. */
  readonly hashSecret: string
}

const NO_TARGET =
  '[waybill] Trails are not moved into ClickHouse. Let new ones come there, and leave the old database to be asked until its trails have aged, or move them into SQLite files or PostgreSQL.'
