import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { openHashSecret } from '../openHashSecret.ts'
import { makePrivate } from '../privateFile.ts'
import { APPLICATION_ID, migrate, VERSION } from './sqliteMigrations.ts'

/**
 * Opens a store's file, making it when it is not there, brings it to this version, and gives the database with the store's secret. Whatever
 * is no database of the desk's is not written to. Only this user may read what it makes.
 *
 * @throws Error when the file is no database of the desk's, or a newer version's, or its secret is missing.
 */
export function openSqlite(databaseFile: string, { hashSecret }: OpenSqliteOptions = {}): OpenedSqlite {
  const inMemory = databaseFile === ':memory:'
  const isNew = inMemory || isEmpty(databaseFile)
  if (!isNew) assertDesks(databaseFile)
  if (!inMemory) closeToOthers(databaseFile)
  const database = new DatabaseSync(databaseFile)
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA secure_delete = FAST;`)
    const version = isNew ? 0 : versionOf(database)
    if (version > VERSION) throw new Error(NEWER)
    // The marks of a new file are in the file itself, and not only in the log beside it, before any step is.
    if (version === 0) migrate(database, version)
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
    const secret = openHashSecret(database, { databaseFile, given: hashSecret })
    if (version === 1) {
      migrate(database, version)
      // The secret that was inside is gone from the bytes, too.
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    }
    return { database, secret }
  } catch (error) {
    database.close()
    throw error
  }
}

export interface OpenSqliteOptions {
  /** See `openHashSecret`. */
  readonly hashSecret?: string | undefined
}

export interface OpenedSqlite {
  readonly database: DatabaseSync
  /** Keys the hashes of persons' ids. */
  readonly secret: Uint8Array
}

/** @throws Error when the file is no database of the desk's. */
export function assertDesks(databaseFile: string): void {
  const header = headerOf(databaseFile)
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') throw new Error(NOT_DESKS(databaseFile))
  const application = header.readUInt32BE(APPLICATION_ID_AT)
  if (application === APPLICATION_ID) return
  if (application !== 0 || !isOfVersion1(databaseFile)) throw new Error(NOT_DESKS(databaseFile))
}

/** How long a write waits for another program’s. */
export const BUSY_TIMEOUT_MS = 5000

const NEWER =
  '[waybill] The desk database was made by a newer version, and opening it could damage it. Update @waybill/desk.'

const NOT_DESKS = (file: string): string =>
  `[waybill] ${file} is not a database of the desk's, so it was left as it is. Give the desk a file of its own with --database.`

/** Where SQLite's file format has it (https://www.sqlite.org/fileformat2.html#the_database_header). */
const APPLICATION_ID_AT = 68
const HEADER_BYTES = 100

function headerOf(file: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  const descriptor = openSync(file, 'r')
  try {
    readSync(descriptor, header, 0, HEADER_BYTES, 0)
    return header
  } finally {
    closeSync(descriptor)
  }
}

function isEmpty(file: string): boolean {
  return !existsSync(file) || statSync(file).size === 0
}

/** SQLite gives what it makes beside a database the same rights as the database has. */
function closeToOthers(databaseFile: string): void {
  try {
    makePrivate(databaseFile)
    for (const beside of ['-wal', '-shm']) if (existsSync(databaseFile + beside)) makePrivate(databaseFile + beside)
  } catch (cause) {
    throw new Error(CANNOT_OPEN(databaseFile, cause), { cause })
  }
}

const CANNOT_OPEN = (file: string, cause: unknown): string =>
  `[waybill] The database ${file} cannot be opened (${String(cause)}). Check that its folder exists and may be written to.`

/** Files of version 1 bear no mark, and are known by their tables. */
function isOfVersion1(file: string): boolean {
  const url = pathToFileURL(file)
  // So that not even a file beside it is made. With a log there, SQLite needs to read that as well.
  if (!existsSync(`${file}-wal`)) url.searchParams.set('immutable', '1')
  const database = new DatabaseSync(url, { readOnly: true })
  try {
    const names = database.prepare("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' ORDER BY name").all()
    return versionOf(database) === 1 && names.map(({ name }) => name).join() === TABLES_OF_VERSION_1
  } finally {
    database.close()
  }
}

const TABLES_OF_VERSION_1 = 'alias,ev,ev_ref,evicted,meta,refs,refs_seen'

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
}
