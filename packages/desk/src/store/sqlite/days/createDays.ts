import { existsSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import type { AliasHash } from '../aliases/createAliasHash.ts'
import { createDayReader } from './createDayReader.ts'
import type { DayReader } from './createDayReader.ts'
import type { DayFile, DayFolder } from './DayFolder.ts'

/**
 * Reads the day files of a store, each through a connection of its own that is opened when it is first needed. A file that cannot be read is passed
 * over and told of once; one that goes away is forgotten.
 */
export function createDays({ folder, hash, onDamage, timeoutMs, canWrite = false }: DaysOptions): Days {
  const open = new Map<string, DayReader>()
  const damaged = new Map<string, DayFile>()

  function readerOf(file: DayFile): DayReader {
    let day = open.get(file.path)
    open.delete(file.path)
    if (!day) {
      const database = folder.connect(file, { readOnly: false })
      try {
        // Of two that close last, one that could not write would leave the log behind.
        database.exec(`PRAGMA busy_timeout = ${timeoutMs}; PRAGMA cache_size = ${CACHE}`)
        if (canWrite) database.exec('PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
        else if (existsSync(file.path)) database.exec('PRAGMA query_only = ON')
        day = createDayReader({ database, file, hash })
      } catch (error) {
        folder.close(database)
        throw error
      }
    }
    open.set(file.path, day)
    for (const [path, longest] of open) {
      if (open.size <= MOST_OPEN) break
      open.delete(path)
      folder.close(longest.database)
    }
    return day
  }

  function close(path: string): void {
    const day = open.get(path)
    open.delete(path)
    if (day) folder.close(day.database)
  }

  function list(): readonly DayFile[] {
    const files = folder.list()
    if (open.size + damaged.size > 0) {
      const there = new Set(files.map(({ path }) => path))
      for (const path of open.keys()) if (!there.has(path)) close(path)
      for (const path of damaged.keys()) if (!there.has(path)) damaged.delete(path)
    }
    return files
  }

  const days: Days = {
    list,
    ask: (file, question) => days.use(file, (day) => day.together(() => question(day))),
    use(file, work) {
      if (damaged.has(file.path)) return undefined
      try {
        return work(readerOf(file))
      } catch (error) {
        close(file.path)
        if (!folder.list().some(({ path }) => path === file.path)) return undefined
        if (!isDamage(error)) throw error
        damaged.set(file.path, file)
        onDamage(file, error)
        return undefined
      }
    },
    askAll(question) {
      for (;;) {
        const files = list()
        const answers = files.flatMap((file) => {
          const answer = days.use(file, question)
          return answer === undefined ? [] : [answer]
        })
        // What moved meanwhile into a file that was not there before would be missing.
        const asked = new Set(files.map(({ number }) => number))
        if (list().every(({ number }) => asked.has(number))) return answers
      }
    },
    damaged: () => [...damaged.values()],
    open: () => Array.from(open.values(), ({ database }) => database),
    close(file) {
      if (file) close(file.path)
      else for (const path of open.keys()) close(path)
    },
  }
  return days
}

export interface Days {
  list(): readonly DayFile[]
  /** Asks one file; undefined where it cannot be read, or is gone. */
  ask<Answer>(file: DayFile, question: (day: DayReader) => Answer): Answer | undefined
  /** The same, but what is read need not be of one moment, and something may be written. */
  use<Answer>(file: DayFile, work: (day: DayReader) => Answer): Answer | undefined
  /**
   * Asks every file that can be read, the oldest first. A trail that is in two of them, because it was just being moved, is whole in the later one; none
   * that moves meanwhile is missed. What is read of one file need not be of one moment, unless the question is asked within `together`.
   */
  askAll<Answer>(question: (day: DayReader) => Answer): Answer[]
  /** Those that could not be read. */
  damaged(): readonly DayFile[]
  /** The connections that are open. */
  open(): readonly DatabaseSync[]
  /** Of one file, or of all. */
  close(file?: DayFile): void
}

export interface DaysOptions {
  readonly folder: DayFolder
  readonly hash: AliasHash
  /** Hears once of each file that cannot be read. */
  readonly onDamage: (file: DayFile, error: unknown) => void
  /** How long a question waits for a file that somebody else has locked. */
  readonly timeoutMs: number
  /** @default false */
  readonly canWrite?: boolean | undefined
}

/** Each takes three of the operating system's descriptors. */
const MOST_OPEN = 200
/** Of each connection, in KiB: the operating system's own cache is behind it. */
const CACHE = -512

/** Whether it lies in the file itself, and not in that somebody has it, or that no room or memory is left. */
export function isDamage(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined
  return code === undefined ? error instanceof Error : DAMAGES.has(code)
}

/** SQLITE_ERROR, as where a table is missing, SQLITE_PERM, SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_CANTOPEN and SQLITE_NOTADB. */
const DAMAGES: ReadonlySet<number> = new Set([1, 3, 10, 11, 14, 26])
