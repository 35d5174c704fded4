import { existsSync } from 'node:fs'
import { databaseAddress } from '../store/databaseAddress.ts'
import { openSqliteTrailSource } from '../store/sqlite/openSqliteTrailSource.ts'
import { assertDesks, versionOf } from '../store/sqlite/sqliteSchema.ts'
import { version2Source } from '../store/sqlite/version2/version2Source.ts'
import type { TrailSource } from './TrailRecord.ts'

/**
 * What trails are moved out of: a SQLite database of this version, or of one that kept all in one file.
 *
 * @throws TypeError when there is no such database, or it is none that trails are moved out of; Error when it cannot be opened.
 */
export function openTrailSource({ database, hashSecret, onDamage }: OpenTrailSourceOptions): OpenedTrailSource {
  const address = databaseAddress(database)
  if (address.engine !== 'sqlite' || address.file === ':memory:') throw new TypeError(NO_SOURCE)
  const { file } = address
  if (!existsSync(file))
    throw new TypeError(`[waybill] There is no ${file}. Say where the trails are that are to be moved.`)
  assertDesks(file)
  const isOld = versionOf(file) <= OLD
  const source = isOld
    ? version2Source({ databaseFile: file, hashSecret })
    : openSqliteTrailSource({ databaseFile: file, hashSecret, onDamage: ({ path }) => onDamage(path) })
  return { file, source, kind: isOld ? 'one file of an older version' : 'day files' }
}

export interface OpenTrailSourceOptions {
  /** A path. */
  readonly database: string
  /** See `openHashSecret`. */
  readonly hashSecret: string | undefined
  /** Hears of each file that cannot be read; its trails are missing. */
  readonly onDamage: (file: string) => void
}

export interface OpenedTrailSource {
  readonly source: TrailSource
  readonly file: string
  /** In words. */
  readonly kind: string
}

/** The last version that kept all trails in one file. */
const OLD = 2

const NO_SOURCE =
  '[waybill] Trails are moved out of a SQLite database only, to which this is no path. PostgreSQL and ClickHouse have tools of their own to move a database.'
