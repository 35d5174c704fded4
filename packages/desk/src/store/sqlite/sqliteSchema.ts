import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { openHashSecret } from '../openHashSecret.ts'
import { makePrivate } from '../privateFile.ts'

/**
 * Opens a store's main file, making it when it is not there, and gives it with the store's secret. The trails are in day files beside it. Whatever
 * is no database of the desk's is not written to. Only this user may read what it makes.
 *
 * @throws Error when the file is no database of the desk's, or an older or newer version's, or its secret is missing.
 */
export function openSqlite(databaseFile: string, { hashSecret }: OpenSqliteOptions = {}): OpenedSqlite {
  const inMemory = databaseFile === ':memory:'
  const isNew = inMemory || isEmpty(databaseFile)
  if (!isNew) {
    assertDesks(databaseFile)
    assertVersion(databaseFile)
  }
  if (!inMemory) closeToOthers(databaseFile)
  const database = new DatabaseSync(databaseFile)
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA secure_delete = FAST;`)
    // The marks of a new file are in the file itself, and not only in the log beside it, before any step is.
    if (isNew) database.exec(SCHEMA)
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
    return { database, secret: openHashSecret(database, { databaseFile, given: hashSecret }) }
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

/** Stands in each of the desk's main files, so that no other program's database is taken for one: "Wayb" in ASCII. */
export const APPLICATION_ID = 0x57617962

/** Up to version 2 all trails were in this one file. */
const VERSION = 3

const SCHEMA = `
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${VERSION};
COMMIT;
`

/** @throws Error when the file is no database of the desk's. */
export function assertDesks(databaseFile: string): void {
  const header = headerOf(databaseFile)
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') throw new Error(NOT_DESKS(databaseFile))
  const application = header.readUInt32BE(APPLICATION_ID_AT)
  if (application === APPLICATION_ID) return
  if (application !== 0 || !isOfVersion1(databaseFile)) throw new Error(NOT_DESKS(databaseFile))
}

/** @throws Error when the desk's database was made by another version. */
export function assertVersion(databaseFile: string): void {
  const version = versionOf(databaseFile)
  if (version > VERSION) throw new Error(NEWER)
  if (version < VERSION) throw new Error(OLDER(databaseFile))
}

/** The version of the desk's database in a file. */
export function versionOf(databaseFile: string): number {
  return headerOf(databaseFile).readUInt32BE(VERSION_AT)
}

/** How long a write waits for another program’s. */
export const BUSY_TIMEOUT_MS = 5000

const NEWER =
  '[waybill] The desk database was made by a newer version, and opening it could damage it. Update @waybill/desk.'

const OLDER = (file: string): string =>
  `[waybill] ${file} was made by an older version of the desk, which kept everything in one file, so it was left as it is. Move its trails into a new one with \`waybill migrate ${file} <new file>\`, then start the desk with that.`

const NOT_DESKS = (file: string): string =>
  `[waybill] ${file} is not a database of the desk's, so it was left as it is. Give the desk a file of its own with --database.`

/** Where SQLite's file format has them (https://www.sqlite.org/fileformat2.html#the_database_header). */
const VERSION_AT = 60
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
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
    return version === 1 && names.map(({ name }) => name).join() === TABLES_OF_VERSION_1
  } finally {
    database.close()
  }
}

const TABLES_OF_VERSION_1 = 'alias,ev,ev_ref,evicted,meta,refs,refs_seen'
