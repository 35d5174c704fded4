import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { makePrivate, syncFile } from '../store/privateFile.ts'
import { openDayFolder } from '../store/sqlite/days/DayFolder.ts'
import type { DayFile } from '../store/sqlite/days/DayFolder.ts'
import { dropFromSealed } from '../store/sqlite/days/dropTrailRows.ts'

/**
 * Copies an SQLite database, and the day files beside it where it has any, into a folder while its program runs: what was committed when it began, for
 * this user only. Each copy is checked before it gets its name. What is copied is only read.
 *
 * @throws Error when the copy is there already, or is not whole.
 */
export async function backUp({ databaseFile, folder, onProgress = () => {} }: BackUpOptions): Promise<string> {
  const copy = join(folder, basename(databaseFile))
  const copiedDays = `${copy}.days`
  for (const each of [copy, copiedDays])
    if (existsSync(each))
      throw new Error(`[waybill] There is a ${each} already, and a backup overwrites none. Choose another folder.`)
  const days = openDayFolder(databaseFile)
  const known = days.list().length + 1
  const copied = new Map<number, string>()
  try {
    // A trail moves into newer files only, so it is in one of those still to come if it is not in an older one any more.
    for (let file = nextOf(days.list(), copied); file; file = nextOf(days.list(), copied)) {
      const done = copied.size
      const to = await copyFile(file.path, copiedDays, (share) => onProgress(Math.min(1, (done + share) / known)))
      copied.set(file.number, to ?? '')
    }
    for (const path of copied.values()) if (path) dropMoved(path, copied)
    const main = await copyFile(databaseFile, folder, (share) => onProgress((known - 1 + share) / known))
    if (main === undefined) throw new Error(`[waybill] There is no ${databaseFile} any more.`)
    return main
  } catch (error) {
    rmSync(copiedDays, { recursive: true, force: true })
    throw error
  }
}

export interface BackUpOptions {
  readonly databaseFile: string
  /** Made when it is not there. */
  readonly folder: string
  /** Hears how much is done, from 0 to 1. */
  readonly onProgress?: ((done: number) => void) | undefined
}

function nextOf(files: readonly DayFile[], copied: ReadonlyMap<number, string>): DayFile | undefined {
  return files.find(({ number }) => !copied.has(number))
}

/** What was copied before it moved, and again where it moved to, stays in the newer copy only. */
function dropMoved(path: string, copied: ReadonlyMap<number, string>): void {
  const database = new DatabaseSync(path)
  const moved = database.prepare('SELECT place, moved_from FROM trail WHERE moved_from IS NOT NULL').all()
  database.close()
  for (const [number, from] of copied) {
    const places = moved.filter((row) => row['moved_from'] === number).map(({ place }) => Number(place))
    if (places.length === 0 || !from) continue
    const older = new DatabaseSync(from)
    try {
      dropFromSealed(older, places)
    } finally {
      older.close()
    }
  }
}

/** One file; undefined where it is there no longer. */
async function copyFile(file: string, folder: string, onProgress: (done: number) => void): Promise<string | undefined> {
  const copy = join(folder, basename(file))
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const part = `${copy}.part`
  rmSync(part, { force: true })
  let source: DatabaseSync
  try {
    source = new DatabaseSync(file, { readOnly: true })
  } catch (error) {
    if (!existsSync(file)) return undefined
    throw error
  }
  try {
    makePrivate(part)
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
  syncFile(file)
}
