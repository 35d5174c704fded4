import { DatabaseSync } from 'node:sqlite'
import { fileBeside } from '../fileBeside.ts'
import { makePrivate } from '../privateFile.ts'

/**
 * Takes a database for one desk, until the given function lets it go or the process ends, however it ends. The lock is the operating
 * system's, on a small file beside the database, `waybill.db.lock`, which may stay there; the database itself can still be opened by other tools.
 *
 * @throws Error when another desk has it.
 */
export function lockDatabase(databaseFile: string): () => void {
  const file = fileBeside(databaseFile, '.lock')
  // Whoever could read it could hold it.
  makePrivate(file)
  const lock = new DatabaseSync(file, { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    if (!isHeld(cause)) throw cause
    throw new Error(
      '[waybill] Another desk runs on this database, and the two would keep each other from writing. Stop that one first, or give this one another file.',
      { cause },
    )
  }
  return () => lock.close()
}

const SQLITE_BUSY = 5

function isHeld(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
}
