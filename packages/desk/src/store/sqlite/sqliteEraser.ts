import type { DatabaseSync } from 'node:sqlite'
import { claimedKey } from '../aliasesOf.ts'
import { restAfterErasing } from '../restAfterErasing.ts'
import type { StoredStep } from '../StoredStep.ts'
import type { Erased, EraseOptions, Whom } from '../Store.ts'
import { kindNumber, REFERENCE_KIND } from './aliases/AliasEntries.ts'
import type { AliasHash } from './aliases/createAliasHash.ts'
import type { ActiveDay } from './days/createActiveDay.ts'
import { trailIn } from './days/createDayReader.ts'
import type { DayReader, TrailRow } from './days/createDayReader.ts'
import type { DayWriter } from './days/createDayWriter.ts'
import type { DayFile } from './days/DayFolder.ts'
import { BUSY_TIMEOUT_MS } from './sqliteSchema.ts'
import { aliasesIn, aliasIndex } from './aliasIndex.ts'

/**
 * Erases a person, or one trail, from every day file that holds any of it, and from the bytes of these: deleted rows may leave copies behind, so the
 * file is written anew. That takes as much room again as the file has, and no step can be written meanwhile.
 */
export function createSqliteEraser({ active, hash, namespace }: EraserOptions) {
  const kinds = { person: kindNumber('person'), fact: kindNumber('fact:') }

  function rowsOf(day: DayReader, whom: Whom): TrailRow[] {
    if ('reference' in whom) return [day.find(whom.reference)].filter((row) => row !== undefined)
    const asked: [string, number][] = [[whom.personHash, kinds.person]]
    if (whom.value) asked.push([whom.value, kinds.fact])
    const rows = new Map<number, TrailRow>()
    for (const [value, kind] of asked)
      for (const key of [value, claimedKey(value)])
        for (const { place, generation } of day.entries(hash.of(key), { kind, before: Infinity, most: Infinity })) {
          const row = rows.has(place) ? undefined : day.trail(place)
          if (row?.generation === generation) rows.set(place, row)
        }
    return [...rows.values()]
  }

  /** What is to become of the trails of one file that hold anything of it. */
  function changesIn(day: DayReader, whom: Whom): Change[] {
    return rowsOf(day, whom).flatMap((row) => {
      const steps = day.steps(row)
      const rest = restOf(steps, whom)
      return rest?.length === steps.length && rest.every((step, index) => step === steps[index]) ? [] : [{ row, rest }]
    })
  }

  function change(writer: DayWriter, changes: readonly Change[]): void {
    const { day } = writer
    writer.write(() => {
      const gone = changes.filter(({ rest }) => !rest).map(({ row }) => row)
      writer.drop(gone)
      for (const { row, rest } of changes) {
        if (!rest) continue
        const claims = rest.filter(({ claimed }) => claimed).length
        const after = { ...row, steps: rest.length, claims, blocks: 1 }
        writer.replace(after, rest)
        writer.put(after, row)
        writer.addAliases(after, aliasesIn(aliasIndex(rest, namespace)))
      }
      const places = new Set(changes.map(({ row }) => row.place))
      const dropped = new Set(gone.map(({ place }) => place))
      writer.leaveOut(({ place, kind }) => dropped.has(place) || (places.has(place) && kind !== REFERENCE_KIND))
      const used = new Set<number>()
      for (const row of day.database.prepare('SELECT * FROM trail').iterate())
        day.steps(trailIn(row), (shape) => used.add(shape))
      writer.keepShapes(used)
      writer.state().isUnclean = true
    })
  }

  /** Whether the bytes are gone. */
  function eraseFrom(file: DayFile, whom: Whom, changes: readonly Change[]): boolean {
    return active.exclusively(() => {
      const isCleared = active.change(file, (writer) => {
        // What was found may have been added to, or moved on, since.
        const now = changes.length > 0 ? changesIn(writer.day, whom) : []
        if (now.length > 0) change(writer, now)
        if (!clearBytes(writer)) return false
        writer.write(() => (writer.state().isUnclean = false))
        return emptyLog(writer.day.database)
      })
      // It knows shapes that are not there any more.
      active.reopen()
      return isCleared ?? false
    })
  }

  /** The oldest file that was not looked through. */
  function nextOf(visited: ReadonlySet<string>): DayFile | undefined {
    return active.days.list().find(({ path }) => !visited.has(path))
  }

  return function* (whom: Whom, { dryRun = false }: EraseOptions = {}): Generator<void, Erased> {
    const found = new Map<number, Change>()
    let isCleared = true
    const visited = new Set<string>()
    // A trail that is added to meanwhile moves into the newest file, which may have been made since.
    for (let file = nextOf(visited); file; file = nextOf(visited)) {
      visited.add(file.path)
      const asked = active.days.ask(file, (day) => ({
        changes: changesIn(day, whom),
        isUnclean: day.state().isUnclean,
      }))
      // Of a file that cannot be read nobody knows.
      const { path } = file
      if (!asked) isCleared &&= !active.days.list().some((each) => each.path === path)
      for (const each of asked?.changes ?? []) found.set(each.row.place, each)
      if (asked && !dryRun && (asked.changes.length > 0 || asked.isUnclean))
        isCleared = eraseFrom(file, whom, asked.changes) && isCleared
      yield
    }
    const stripped = [...found.values()].filter(({ rest }) => rest !== null).length
    return { trails: found.size - stripped, stripped, cleared: !dryRun && isCleared }
  }
}

export interface EraserOptions {
  readonly active: ActiveDay
  readonly hash: AliasHash
  readonly namespace: string
}

interface Change {
  readonly row: TrailRow
  /** Null where nothing is left. */
  readonly rest: readonly StoredStep[] | null
}

/** What a trail is to hold afterwards; null where nothing is. */
function restOf(steps: readonly StoredStep[], whom: Whom): readonly StoredStep[] | null {
  return restAfterErasing(steps, whom)?.filter((step) => step !== null) ?? null
}

/** False while somebody else reads or writes the file, or no room is left to write it anew. */
function clearBytes({ day }: DayWriter): boolean {
  const { database } = day
  try {
    // Whoever holds it for longer than this holds it for long, and senders wait behind.
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS / 10}; VACUUM`)
    return emptyLog(database)
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && PASSING.has(error.errcode)) return false
    throw error
  } finally {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
  }
}

function emptyLog(database: DatabaseSync): boolean {
  return database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0
}

/** SQLITE_BUSY, SQLITE_LOCKED and SQLITE_FULL (https://www.sqlite.org/rescode.html). */
const PASSING: ReadonlySet<unknown> = new Set([5, 6, 13])
