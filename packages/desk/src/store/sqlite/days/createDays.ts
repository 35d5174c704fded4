import type { DatabaseSync } from 'node:sqlite'
import type { AliasHash, AliasNumber } from '../aliases/createAliasHash.ts'
import type { Filter } from '../aliases/createFilter.ts'
import { createDayReader } from './createDayReader.ts'
import type { DayReader } from './createDayReader.ts'
import type { DayFile, DayFolder } from './DayFolder.ts'

/**
 * Reads the day files of a store, each through a connection of its own that is opened when it is first needed. A file that cannot be read is passed
 * over and told of once; one that goes away is forgotten.
 */
export function createDays({
  folder,
  hash,
  onDamage,
  timeoutMs,
  canWrite = false,
  mostOpen = MOST_OPEN,
}: DaysOptions): Days {
  const open = new Map<string, DayReader>()
  const damaged = new Map<string, Damage>()
  const filters = new Map<string, Filter>()
  let listed: readonly DayFile[] = []

  function readerOf(file: DayFile): DayReader {
    let day = open.get(file.path)
    open.delete(file.path)
    if (!day) {
      const database = folder.connect(file)
      try {
        if (!folder.isShared) {
          database.exec(`PRAGMA busy_timeout = ${timeoutMs}; PRAGMA cache_size = ${CACHE}`)
          // A connection that could not write at all would leave the log behind where it is the last to close.
          database.exec(canWrite ? 'PRAGMA synchronous = FULL; PRAGMA secure_delete = ON' : 'PRAGMA query_only = ON')
        }
        day = createDayReader({ database, file, hash })
      } catch (error) {
        folder.close(database)
        throw error
      }
    }
    open.set(file.path, day)
    for (const [path, longest] of open) {
      if (open.size <= mostOpen) break
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
    if (files !== listed) {
      const there = new Set(files.map(({ path }) => path))
      for (const { path } of listed) {
        if (there.has(path)) continue
        close(path)
        damaged.delete(path)
        filters.delete(path)
      }
      listed = files
    }
    return files
  }

  /** One that was damaged is tried again after a while: what could not be read may have been put back. */
  function isPassedOver(file: DayFile): boolean {
    const since = damaged.get(file.path)?.triedAt
    return since !== undefined && performance.now() - since < RETRY_MS
  }

  function fail(file: DayFile, error: unknown): void {
    const isKnown = damaged.has(file.path)
    damaged.set(file.path, { file, triedAt: performance.now() })
    if (!isKnown) onDamage(file, error)
  }

  function mayHold(file: DayFile, number: AliasNumber): boolean {
    let filter = filters.get(file.path)
    if (!filter) {
      filter = days.use(file, (day) => day.filter())
      if (!filter) return true
      filters.set(file.path, filter)
    }
    return filter.mayHold(number)
  }

  const days: Days = {
    list,
    ask: (file, question) => days.use(file, (day) => day.together(() => question(day))),
    use(file, work) {
      if (isPassedOver(file)) return undefined
      try {
        const answer = work(readerOf(file))
        damaged.delete(file.path)
        return answer
      } catch (error) {
        close(file.path)
        if (!folder.list().some(({ path }) => path === file.path)) return undefined
        if (!isDamage(error)) throw error
        fail(file, error)
        return undefined
      }
    },
    mayHold,
    askAll(question, holding) {
      for (;;) {
        const files = list()
        const answers = files.flatMap((file) => {
          const answer = holding && !mayHold(file, holding) ? undefined : days.use(file, question)
          return answer === undefined ? [] : [answer]
        })
        // What moved meanwhile into a file that was not there before would be missing.
        const asked = new Set(files.map(({ number }) => number))
        if (list().every(({ number }) => asked.has(number))) return answers
      }
    },
    damaged: () => Array.from(damaged.values(), ({ file }) => file),
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
   * that moves meanwhile is missed. What is read of one file need not be of one moment, unless the question is asked within `together`. Where a
   * reference's number is given, files that certainly do not hold it are not asked.
   */
  askAll<Answer>(question: (day: DayReader) => Answer, holding?: AliasNumber): Answer[]
  /** Whether a reference may be in a file; sure only where it says no. */
  mayHold(file: DayFile, reference: AliasNumber): boolean
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
  /** Connections at a time, each of which takes three of the operating system's descriptors. @default 400, a year of days */
  readonly mostOpen?: number | undefined
}

interface Damage {
  readonly file: DayFile
  readonly triedAt: number
}

const RETRY_MS = 60_000
const MOST_OPEN = 400
/** Of each connection, in KiB: the operating system's own cache is behind it. */
const CACHE = -512

/** Whether it lies in the file itself, and not in that somebody has it, or that no room or memory is left. */
function isDamage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('errcode' in error) return DAMAGES.has(Number(error.errcode) & 0xff)
  return !('code' in error && SHORTAGES.has(error.code))
}

const SHORTAGES: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE', 'ENOMEM'])

/** SQLITE_ERROR, as where a table is missing, SQLITE_PERM, SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_CANTOPEN and SQLITE_NOTADB. */
const DAMAGES: ReadonlySet<number> = new Set([1, 3, 10, 11, 14, 26])
