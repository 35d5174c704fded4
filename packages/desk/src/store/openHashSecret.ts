import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { fileBeside } from './fileBeside.ts'
import { closeToOthers, writePrivate } from './privateFile.ts'
import { createSqliteMeta } from './sqlite/sqliteMeta.ts'

/**
 * The secret that keys the hashes of persons' ids: the one given, else what the file beside the database holds. It is not in the database,
 * because whoever has both can try every id there is. A new database gets a new one.
 *
 * @throws Error when it is missing, damaged, or another database's: no person's trails would be found any more.
 */
export function openHashSecret(database: DatabaseSync, { databaseFile, given }: HashSecretOptions): Uint8Array {
  const meta = createSqliteMeta(database)
  const check = meta.bytes('secret_check')
  const there = existingSecret({ databaseFile, given, check })
  const secret = there ?? randomBytes(SECRET_BYTES)
  if (!there && databaseFile !== ':memory:') keepSecret(secret, fileBeside(databaseFile, '.secret'))
  if (!check) meta.set('secret_check', checkOf(secret))
  return secret
}

/**
 * The secret that there is already, the one given or the file's, held against what a database remembers of its own.
 *
 * @throws Error when it is damaged or another database's, or there is none for a database that remembers one.
 */
export function existingSecret({ databaseFile, given, check }: ExistingSecretOptions): Uint8Array | undefined {
  const file = databaseFile === ':memory:' ? undefined : fileBeside(databaseFile, '.secret')
  const kept = given === undefined ? keptIn(file) : parseSecret(given)
  if (kept === 'damaged') throw new Error(given === undefined ? DAMAGED(file) : NO_SECRET)
  if (!kept && check) throw new Error(MISSING(file))
  if (kept && check && !timingSafeEqual(check, checkOf(kept)))
    throw new Error(given === undefined ? OTHERS(file) : NOT_THIS(file))
  return kept
}

interface ExistingSecretOptions extends HashSecretOptions {
  readonly check: Uint8Array | undefined
}

/** Writes a secret as it is read, for this user only. */
export function keepSecret(secret: Uint8Array, file: string): void {
  writePrivate(file, `${textOf(secret)}\n`)
}

export interface HashSecretOptions {
  /** A path, or `:memory:`. */
  readonly databaseFile: string
  /** At least 32 bytes in base64 or base64url, as the file holds them. @default those in the file */
  readonly given?: string | undefined
}

export const SECRET_BYTES = 32

/** Out of the check the secret cannot be had: it is as random as the hash is long. */
export function checkOf(secret: Uint8Array): Buffer {
  return createHmac('sha256', secret).update('waybill secret check').digest()
}

export function keptIn(file: string | undefined): Uint8Array | 'damaged' | undefined {
  if (file === undefined) return undefined
  try {
    const text = readFileSync(file, 'utf8')
    closeToOthers(file)
    return parseSecret(text)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw new Error(UNREADABLE(file), { cause })
  }
}

export function parseSecret(text: string): Uint8Array | 'damaged' {
  const plain = text.trim()
  const bytes = /^[\w+/-]+={0,2}$/.test(plain) ? Buffer.from(plain, 'base64') : Buffer.alloc(0)
  return bytes.byteLength >= SECRET_BYTES ? bytes : 'damaged'
}

export function textOf(secret: Uint8Array): string {
  return Buffer.from(secret).toString('base64url')
}

const LOST = 'Without it no trail could be found by its customer any more.'

const MISSING = (file: string | undefined): string =>
  `[waybill] The database has trails, but its hash secret is missing: there is no ${file}, and WAYBILL_HASH_SECRET is not set. ${LOST} Put the file back from where you keep it, or set the variable.`

export const DAMAGED = (file: string | undefined): string =>
  `[waybill] The hash secret in ${file} is damaged: it is one line with at least 32 bytes in base64. ${LOST} Put the file back from where you keep it.`

const UNREADABLE = (file: string): string =>
  `[waybill] The hash secret in ${file} cannot be read. ${LOST} Make the file readable for this user.`

const OTHERS = (file: string | undefined): string =>
  `[waybill] The hash secret in ${file} is another database's. ${LOST} Put this database's own file there, or move the database to where its file is.`

const NOT_THIS = (file: string | undefined): string =>
  `[waybill] The hash secret in WAYBILL_HASH_SECRET is not the one that this database's hashes were made with. ${LOST} Set it to the first one; a database that made its own has it in ${file}.`

export const NO_SECRET =
  '[waybill] WAYBILL_HASH_SECRET is too short to keep customers’ ids hidden, or no base64. Make one with: head -c 32 /dev/urandom | base64'
