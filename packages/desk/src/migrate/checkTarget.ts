import { existsSync, realpathSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { timingSafeEqual } from 'node:crypto'
import { databaseAddress } from '../store/databaseAddress.ts'
import { deskFile } from '../store/deskFile.ts'
import { checkOf, keptIn } from '../store/openHashSecret.ts'
import { createPostgresPool } from '../store/postgres/createPostgresPool.ts'
import { postgresAddress } from '../store/postgres/postgresAddress.ts'
import { postgresFault } from '../store/postgres/postgresFault.ts'
import { assertDesks, assertVersion } from '../store/sqlite/sqliteSchema.ts'

/**
 * Looks at what trails are to be moved into, and writes nothing: whether it can be reached, and whether its hashes are made with this secret.
 *
 * @throws TypeError when it is the source itself, or none; Error when it cannot be reached, or has another secret.
 */
export async function checkTarget({ database, source, secret }: CheckTargetOptions): Promise<TargetState> {
  const address = databaseAddress(database)
  const secretFile = deskFile(database, '.secret')
  const inFile = process.env['WAYBILL_HASH_SECRET'] ? undefined : keptIn(secretFile)
  if (inFile !== undefined && (inFile === 'damaged' || !Buffer.from(inFile).equals(secret)))
    throw new Error(OTHER_FILE(secretFile))
  const there = address.engine === 'sqlite' ? inSqlite(address.file, source) : await inPostgres(address.url)
  if (there === undefined) return 'new'
  if (!timingSafeEqual(there, checkOf(secret))) throw new Error(OTHER_SECRET)
  return 'there'
}

export interface CheckTargetOptions {
  /** See `databaseAddress`. */
  readonly database: string
  /** The source's file. */
  readonly source: string
  /** The source's. */
  readonly secret: Uint8Array
}

export type TargetState = 'new' | 'there'

/** Gives what a database remembers of its secret; undefined when there is no database yet. */
function inSqlite(file: string, source: string): Uint8Array | undefined {
  if (file === ':memory:') throw new TypeError(`[waybill] What is moved into memory is lost at once. Name a file.`)
  if (!existsSync(dirname(resolve(file))))
    throw new TypeError(`[waybill] There is no folder ${dirname(resolve(file))}. Make it, or name another file.`)
  if (!existsSync(file) || statSync(file).size === 0) return undefined
  if (realpathSync(file) === realpathSync(source))
    throw new TypeError(
      '[waybill] Trails are moved from one database into another, and these two are one. Name a new file.',
    )
  assertDesks(file)
  assertVersion(file)
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  try {
    const value = database.prepare("SELECT value FROM meta WHERE key = 'secret_check'").get()?.['value']
    return value instanceof Uint8Array ? value : undefined
  } finally {
    database.close()
  }
}

async function inPostgres(url: URL): Promise<Uint8Array | undefined> {
  const address = postgresAddress(url)
  const pool = createPostgresPool(address, { most: 1, statementTimeoutMs: 10_000 })
  try {
    const { rows } = await pool.query('SELECT to_regclass($1) AS there', [`"${address.schema}".meta`])
    if (!rows[0]?.there) return undefined
    const { rows: found } = await pool.query("SELECT value FROM meta WHERE key = 'secret_check'")
    return found[0] && Buffer.from(String(found[0].value), 'hex')
  } catch (error) {
    throw postgresFault(error)
  } finally {
    await pool.end()
  }
}

const OTHER_SECRET =
  '[waybill] The hashes of customers’ ids in the target were made with another secret than the source’s, so its trails would not be found by their customers there. Move them into a database of their own.'

const OTHER_FILE = (file: string | undefined): string =>
  `[waybill] ${file} holds another hash secret than the source’s, so no moved trail would be found by its customer. Move that file away if no desk needs it, or choose another target.`
