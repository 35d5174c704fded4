import type { DatabaseSync } from 'node:sqlite'
import type { AliasHash } from '../aliases/createAliasHash.ts'
import { inTransaction } from '../inTransaction.ts'
import { createSqliteMeta } from '../sqliteMeta.ts'
import { BUSY_TIMEOUT_MS } from '../sqliteSchema.ts'
import { createDays } from './createDays.ts'
import type { Days } from './createDays.ts'
import { createDayWriter } from './createDayWriter.ts'
import type { DayWriter } from './createDayWriter.ts'
import type { DayFile, DayFolder } from './DayFolder.ts'
import { makeDay } from './daySchema.ts'
import { dropFromSealed } from './dropTrailRows.ts'

/**
 * The file that is added to at present, and those before it. Whoever writes does so within `exclusively`, which is one at a time over all processes: the
 * main file's write lock is the lock of the whole store.
 */
export function createActiveDay(options: ActiveDayOptions): ActiveDay {
  const { main, folder, hash, namespace, now, onDamage, entriesPerFile } = options
  const meta = createSqliteMeta(main)
  const days = createDays({ folder, hash, onDamage, timeoutMs: BUSY_TIMEOUT_MS, canWrite: true })
  let active: DayWriter | undefined
  /** Files that nothing is added to any more, with the place after their last one. */
  const sealed = new Map<number, number>()

  function open(file: DayFile): DayWriter {
    days.close(file)
    const database = folder.connect(file)
    try {
      database.exec(
        `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA secure_delete = ON; PRAGMA synchronous = FULL;
        PRAGMA wal_autocheckpoint = ${LOG_PAGES}; PRAGMA cache_size = ${CACHE};`,
      )
      return createDayWriter({ database, file, hash, mostEntries: entriesPerFile })
    } catch (error) {
      folder.close(database)
      throw error
    }
  }

  function close(writer: DayWriter): void {
    if (writer === active) active = undefined
    folder.close(writer.day.database)
  }

  /** Does something with a file that is not the one added to; undefined where it is damaged. */
  function withFile<Result>(file: DayFile, work: (writer: DayWriter) => Result): Result | undefined {
    return days.use(file, () => {
      const writer = open(file)
      try {
        const result = work(writer)
        moveLog(writer.day.database)
        return result
      } finally {
        close(writer)
      }
    })
  }

  /** What moved into a file just before its process was killed may still be where it came from. */
  function settle(writer: DayWriter): void {
    if (!writer.state().movesPending) return
    const rows = writer.day.database.prepare('SELECT place, moved_from FROM trail WHERE moved_from IS NOT NULL').all()
    for (const file of days.list()) {
      const places = rows.filter((row) => row['moved_from'] === file.number).map(({ place }) => Number(place))
      if (places.length > 0) days.use(file, ({ database }) => dropFromSealed(database, places))
    }
    writer.write(() => (writer.state().movesPending = false))
  }

  function nextPlace(): number {
    const places = days.list().map((file) => sealed.get(file.number) ?? days.ask(file, (day) => day.state().nextPlace))
    const next = Math.max(meta.number('next_place') ?? 1, ...places.map((place) => place ?? 0))
    // Nobody can tell which numbers are in a file that cannot be read.
    return places.includes(undefined) ? next + MOST_PLACES : next
  }

  /** Numbers of files and trails that are gone are not given again. */
  function remember(place: number): void {
    const newest = days.list().at(-1)?.number ?? 0
    meta.set('next_place', Math.max(place, meta.number('next_place') ?? 0))
    meta.set('next_file', Math.max(newest + 1, meta.number('next_file') ?? 1))
  }

  function makeNew(day: string): DayWriter {
    const place = nextPlace()
    remember(place)
    const number = meta.number('next_file')!
    meta.set('next_file', number + 1)
    return open(folder.create(day, number, (database) => makeDay(database, { number, namespace, nextPlace: place })))
  }

  function sealOthers(newest: DayFile | undefined): void {
    for (const file of days.list()) {
      if (file.number === newest?.number || sealed.has(file.number)) continue
      const state = days.ask(file, (day) => day.state())
      if (state?.isSealed === false)
        withFile(file, (writer) => {
          settle(writer)
          writer.seal()
        })
      if (state) sealed.set(file.number, state.nextPlace)
    }
  }

  /** The newest file, opened anew where somebody else wrote it; undefined where nothing can be added to it. */
  function newestWriter(): DayWriter | undefined {
    const newest = days.list().at(-1)
    if (active && (active.file.number !== newest?.number || !active.isUnchanged())) close(active)
    if (active || !newest || days.ask(newest, (day) => day.state().isSealed) !== false) return active
    sealOthers(newest)
    days.use(newest, () => {
      const writer = open(newest)
      settle(writer)
      active = writer
    })
    return active
  }

  return {
    days,
    exclusively: (work) => inTransaction(main, work),
    nextPlace,
    make: makeNew,
    reach: open,
    today() {
      const day = dayOf(now())
      let writer = newestWriter()
      if (writer && writer.file.day === day && !writer.isFull()) return writer
      if (writer) {
        writer.seal()
        moveLog(writer.day.database)
        close(writer)
      }
      sealOthers(undefined)
      active = makeNew(day)
      return active
    },
    newest: () => active,
    open: () => [...(active ? [active.day.database] : []), ...days.open()],
    reopen() {
      if (active) close(active)
    },
    change(file, work) {
      const writer = newestWriter()
      return writer?.file.number === file.number ? work(writer) : withFile(file, work)
    },
    dropMoved(file, places) {
      days.use(file, ({ database }) => dropFromSealed(database, places))
    },
    remove(file) {
      remember(nextPlace())
      if (active?.file.number === file.number) close(active)
      days.close(file)
      folder.remove(file)
    },
    close() {
      if (active) close(active)
      days.close()
    },
  }
}

export interface ActiveDay {
  readonly days: Days
  /** One at a time over all processes. */
  exclusively<Result>(work: () => Result): Result
  /** That of the next new trail, by all files. */
  nextPlace(): number
  /** A new file of any day, and a way to write one that is there; the caller closes its connection. Within `exclusively`. */
  make(day: string): DayWriter
  reach(file: DayFile): DayWriter
  /** The file that is added to today; the one of a former day is sealed, and one that is full. Within `exclusively`. */
  today(): DayWriter
  /** The one that was last added to by this process, if it is open. */
  newest(): DayWriter | undefined
  /** Connections that may have written. */
  open(): readonly DatabaseSync[]
  /** Before the next write the file is opened anew, because what is in memory is not what is in it: after a write that failed, for one. */
  reopen(): void
  /** Changes any file; undefined where it is damaged. Within `exclusively`. */
  change<Result>(file: DayFile, work: (writer: DayWriter) => Result): Result | undefined
  /** Trails have been copied into a newer file, so they go where they were. */
  dropMoved(file: DayFile, places: readonly number[]): void
  remove(file: DayFile): void
  close(): void
}

export interface ActiveDayOptions {
  readonly main: DatabaseSync
  readonly folder: DayFolder
  readonly hash: AliasHash
  readonly namespace: string
  readonly now: () => number
  readonly onDamage: (file: DayFile, error: unknown) => void
  /** See `createDayWriter`. */
  readonly entriesPerFile?: number | undefined
}

/** By UTC, so that no day is longer or shorter than others. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().replace(/T.*/, '').replace('+', '')
}

/** Moves what is in the log into the file, so that a copy of that alone holds everything. */
export function moveLog(database: DatabaseSync): void {
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
}

/** The log is moved into the file twice a second; this is for what comes at once. */
const LOG_PAGES = 8000
/** More than the trails of one file. */
const MOST_PLACES = 4_000_000
/** In KiB. */
const CACHE = -16_000
