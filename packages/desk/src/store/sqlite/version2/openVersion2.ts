import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { checkOf, existingSecret } from '../../openHashSecret.ts'

/**
 * Opens a database of version 1 or 2, which held all trails in one file, to read only. Gives it with its secret; version 1 had that
 * inside. No desk may run on it meanwhile.
 *
 * @throws Error when the secret is missing or another database's.
 */
export function openVersion2(databaseFile: string, { hashSecret }: OpenVersion2Options = {}): OpenedVersion2 {
  const url = pathToFileURL(databaseFile)
  // Without a log beside it not even an empty one is made then.
  if (!existsSync(`${databaseFile}-wal`)) url.searchParams.set('immutable', '1')
  const database = new DatabaseSync(url, { readOnly: true, timeout: 5000 })
  try {
    const inside = blobIn(database, 'secret')
    const check = inside ? checkOf(inside) : blobIn(database, 'secret_check')
    const secret =
      inside && hashSecret === undefined ? inside : existingSecret({ databaseFile, given: hashSecret, check })
    if (!secret) throw new Error(NOT_BEGUN(databaseFile))
    return { database, secret }
  } catch (error) {
    database.close()
    throw error
  }
}

export interface OpenVersion2Options {
  /** See `openHashSecret`. */
  readonly hashSecret?: string | undefined
}

export interface OpenedVersion2 {
  readonly database: DatabaseSync
  readonly secret: Uint8Array
}

function blobIn(database: DatabaseSync, key: 'secret' | 'secret_check'): Uint8Array | undefined {
  const value = database.prepare('SELECT value FROM meta WHERE key = ?').get(key)?.['value']
  return value instanceof Uint8Array ? value : undefined
}

const NOT_BEGUN = (file: string): string =>
  `[waybill] No desk ever ran on ${file}, so there is nothing to move. Start the desk with a new database.`
