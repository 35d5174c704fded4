import { closeSync, existsSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileBeside } from '../../fileBeside.ts'
import { closeToOthers, makePrivate, syncFile, syncFolder } from '../../privateFile.ts'

/** The day files of a store, or what stands for them in memory. */
export interface DayFolder {
  /** In memory all use one connection, which is nobody's own. */
  readonly isShared: boolean
  /** Those that are there now, the oldest first; the same list again while nothing has changed. */
  list(): readonly DayFile[]
  /** A new one, which nobody sees before `make` has made it what it is to be. */
  create(day: string, number: number, make: (database: DatabaseSync) => void): DayFile
  /** The caller closes it, by `close` of this folder. */
  connect(file: DayFile): DatabaseSync
  close(database: DatabaseSync): void
  /** For good. Whoever has it open reads on what was in it. */
  remove(file: DayFile): void
}

/**
 * A file that holds the trails last added to on one day. The number is the order of making, over all days, so that the newest is known although a
 * clock was set back: a trail that is in two files for a moment, as it moves, is whole in the newer one.
 */
export interface DayFile {
  readonly number: number
  /** As in ISO 8601, by UTC. */
  readonly day: string
  /** Its path; in memory a name only. */
  readonly path: string
}

/** The folder beside a database's file, made when there is something to put in it; in memory where the database is. */
export function openDayFolder(databaseFile: string): DayFolder {
  return databaseFile === ':memory:' ? inMemory() : onDisk(dayFolderOf(databaseFile))
}

/** Where the day files of a database are. */
function dayFolderOf(databaseFile: string): string {
  return fileBeside(databaseFile, '.days')
}

/** What a file's name says: `2026-11-30.17.db`. Undefined where it is none of these. */
function dayFileNamed(folder: string, name: string): DayFile | undefined {
  const found = NAME.exec(name)
  return found ? { day: found[1]!, number: Number(found[2]), path: join(folder, name) } : undefined
}

const NAME = /^(\d{4,6}-\d\d-\d\d)\.(\d+)\.db$/

function onDisk(folder: string): DayFolder {
  let files: readonly DayFile[] = []
  let changed: number | undefined
  let isSettled = false
  if (existsSync(folder)) for (const name of ['.', ...readdirSync(folder)]) closeToOthers(join(folder, name))

  return {
    isShared: false,
    list() {
      const changes = changeOf(folder)
      // Two changes may bear the same time where they follow one another closely, so a list is good only once that is past.
      if (changes === changed && isSettled) return files
      isSettled = changes === undefined || Date.now() - changes > SETTLED_MS
      changed = changes
      const found = changes === undefined ? [] : readdirSync(folder).flatMap((name) => dayFileNamed(folder, name) ?? [])
      if (found.length !== files.length || found.some(({ path }) => !files.some((file) => file.path === path)))
        files = found.toSorted((a, b) => a.number - b.number)
      return files
    },
    create(day, number, make) {
      // Only the folder itself is made; the database's own is there.
      if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) syncFolder(dirname(folder))
      const path = join(folder, `${day}.${number}.db`)
      const draft = `${path}.new`
      for (const end of ENDS) rmSync(draft + end, { force: true })
      makePrivate(draft)
      const database = new DatabaseSync(draft)
      try {
        // Nobody has it yet, so it need not be safe before it gets its name.
        database.exec('PRAGMA synchronous = OFF')
        make(database)
      } finally {
        database.close()
      }
      syncFile(draft)
      renameSync(draft, path)
      syncFolder(folder)
      isSettled = false
      return { day, number, path }
    },
    connect({ path }) {
      // SQLite would make one that is not there, and not say why it cannot open one.
      closeSync(openSync(path, 'r'))
      return new DatabaseSync(path)
    },
    close: (database) => database.close(),
    remove({ path }) {
      for (const end of ENDS) rmSync(path + end, { force: true })
      isSettled = false
    },
  }
}

/** When anything in a folder came or went. */
function changeOf(folder: string): number | undefined {
  return statSync(folder, { throwIfNoEntry: false })?.mtimeMs
}

/** Of a database and what SQLite puts beside it. */
const ENDS = ['', '-wal', '-shm', '-journal']

/** Longer than the clock of any file system stands still. */
const SETTLED_MS = 2000

function inMemory(): DayFolder {
  const files = new Map<string, { readonly file: DayFile; readonly database: DatabaseSync }>()
  let list: readonly DayFile[] = []
  const listAnew = (): void => void (list = Array.from(files.values(), ({ file }) => file))
  return {
    isShared: true,
    list: () => list,
    create(day, number, make) {
      const path = `${day}.${number}`
      const file = { day, number, path }
      const database = new DatabaseSync(':memory:')
      make(database)
      files.set(path, { file, database })
      listAnew()
      return file
    },
    connect: ({ path }) => files.get(path)!.database,
    close() {},
    remove({ path }) {
      files.get(path)?.database.close()
      files.delete(path)
      listAnew()
    },
  }
}
