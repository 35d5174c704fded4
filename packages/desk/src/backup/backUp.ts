import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { makePrivate } from '../store/privateFile.ts'

/**
 * Copies an SQLite database into a folder while its program runs: what was committed when it began, as one file that only this
 * user may read. The copy is checked before it gets its name. The one that is copied is only read.
 *
 * @throws Error when the copy is there already, or is not whole.
 */
export async function backUp({ databaseFile, folder, onProgress = () => {} }: BackUpOptions): Promise<string> {
  const copy = join(folder, basename(databaseFile))
  if (existsSync(copy))
    throw new Error(`[waybill] There is a ${copy} already, and a backup overwrites none. Choose another folder.`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const part = `${copy}.part`
  rmSync(part, { force: true })
  makePrivate(part)
  const source = new DatabaseSync(databaseFile, { readOnly: true })
  try {
    // A copy in pieces begins anew whenever somebody writes, unless what it reads is held fast.
    source.exec('PRAGMA busy_timeout = 5000; BEGIN')
    const rows = countsOf(source)
    await backup(source, part, {
      rate: PAGES_AT_ONCE,
      progress: ({ totalPages, remainingPages }) => onProgress(1 - remainingPages / totalPages),
    })
    verify(part, rows)
    renameSync(part, copy)
    return copy
  } catch (error) {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(part + end, { force: true })
    throw error
  } finally {
    source.close()
  }
}

export interface BackUpOptions {
  readonly databaseFile: string
  /** Made when it is not there. */
  readonly folder: string
  /** Hears how much is done, from 0 to 1. */
  readonly onProgress?: ((done: number) => void) | undefined
}

const PAGES_AT_ONCE = 2000

/** How many rows each table has. */
function countsOf(database: DatabaseSync): string {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all()
  const counts = tables.map(({ name }) =>
    database.prepare(`SELECT '${String(name)}' AS name, count(*) AS rows FROM "${String(name)}"`).get(),
  )
  return JSON.stringify(counts)
}

function verify(file: string, rows: string): void {
  const database = new DatabaseSync(file)
  try {
    // One file, without a log beside it that could be forgotten when it is copied on.
    database.exec('PRAGMA journal_mode = DELETE')
    const answer = database.prepare('PRAGMA integrity_check').get()?.['integrity_check']
    if (answer !== 'ok' || countsOf(database) !== rows) {
      throw new Error(
        '[waybill] The copy is not what the database holds, so it was deleted. Check the disks of both, and make another backup.',
      )
    }
  } finally {
    database.close()
  }
  const descriptor = openSync(file, 'r+')
  fsyncSync(descriptor)
  closeSync(descriptor)
}
