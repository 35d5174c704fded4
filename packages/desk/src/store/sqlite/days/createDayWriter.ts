import type { DatabaseSync } from 'node:sqlite'
import { traceIdOf } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import type { Alias } from '../../aliasesOf.ts'
import type { StoredStep } from '../../StoredStep.ts'
import { kindNumber, REFERENCE_KIND } from '../aliases/AliasEntries.ts'
import type { AliasEntry } from '../aliases/AliasEntries.ts'
import type { AliasHash } from '../aliases/createAliasHash.ts'
import { createAliasRuns } from '../aliases/createAliasRuns.ts'
import { inTransaction } from '../inTransaction.ts'
import { createStepEncoder } from '../steps/createStepEncoder.ts'
import { FIRST_SHAPE } from '../steps/StepShape.ts'
import { createDayReader } from './createDayReader.ts'
import type { DayReader, TrailRow } from './createDayReader.ts'
import { BLOCKS } from './daySchema.ts'
import { dropTrailRows } from './dropTrailRows.ts'
import type { DayFile } from './DayFolder.ts'

/**
 * Writes one day file. The entries that lead to its trails are held in memory as well, so that no page needs to be read for steps that arrive. After
 * a write that failed it is of no more use, because what is in memory is ahead of the file: open another.
 */
export function createDayWriter({ database, file, hash, mostEntries = MOST_ENTRIES }: DayWriterOptions): DayWriter {
  const day = createDayReader({ database, file, hash })
  const addTrail = database.prepare(
    'INSERT OR REPLACE INTO trail (place, ref, seen_hour, steps, claims, blocks, evicted, generation, moved_from) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const addBlock = database.prepare('INSERT INTO block (id, data) VALUES (?, ?)')
  const dropBlocks = database.prepare('DELETE FROM block WHERE id >= ? AND id < ?')
  const addSpan = database.prepare('INSERT OR IGNORE INTO evicted (place, span) VALUES (?, ?)')
  const isEvicted = database.prepare('SELECT 1 FROM evicted WHERE place = ? AND span = ?')
  const addShape = database.prepare('INSERT INTO shape (id, text) VALUES (?, ?)')
  const saveState = database.prepare(
    'UPDATE state SET trails = ?, steps = ?, newest_hour = ?, next_place = ?, next_run = ?, next_chunk = ?, moves_pending = ?, sealed = ?, unclean = ?',
  )
  const versionOf = database.prepare('PRAGMA data_version')

  const state = { ...day.state() }
  const shapes = new Map(
    database
      .prepare('SELECT id, text FROM shape')
      .all()
      .map(({ id, text }) => [String(text), Number(id)]),
  )
  let nextShape = Math.max(FIRST_SHAPE - 1, ...shapes.values()) + 1
  // A trail has two entries at least.
  const runs = createAliasRuns(database, { numbers: state, mostReferences: mostEntries / 2 })
  const encoder = createStepEncoder({
    shapeNumber(text) {
      const known = shapes.get(text)
      if (known !== undefined || shapes.size >= MOST_SHAPES) return known
      const number = nextShape++
      addShape.run(number, text)
      shapes.set(text, number)
      return number
    },
  })
  let version = versionNow()

  function versionNow(): unknown {
    return versionOf.get()?.['data_version']
  }

  function save(): void {
    runs.save()
    saveState.run(
      state.trails,
      state.steps,
      state.newestHour,
      state.nextPlace,
      state.nextRun,
      state.nextChunk,
      Number(state.movesPending),
      Number(state.isSealed),
      Number(state.isUnclean),
    )
  }

  function put(trail: TrailRow): void {
    const { place, reference, seenHour, steps, claims, blocks, evicted, generation, movedFrom } = trail
    addTrail.run(place, reference, seenHour, steps, claims, blocks, evicted, generation, movedFrom)
    if (seenHour > state.newestHour) state.newestHour = seenHour
  }

  function encoded(steps: readonly StoredStep[], reference: Reference): Uint8Array {
    return encoder.encode(steps, { reference, ownTraceId: traceIdOf(reference, { namespace: state.namespace }) })
  }

  const writer: DayWriter = {
    file,
    day,
    state: () => state,
    isUnchanged: () => versionNow() === version,
    isFull: () => runs.count() >= mostEntries,
    write(work) {
      return inTransaction(database, () => {
        const result = work()
        save()
        return result
      })
    },
    newPlace: () => state.nextPlace++,
    takePlace(place) {
      state.nextPlace = Math.max(state.nextPlace, place + 1)
      return place
    },
    find(reference) {
      for (const { place } of runs.find(hash.ofReference(reference), REFERENCE_KIND)) {
        const row = day.trail(place)
        if (row?.reference === reference) return row
      }
      return undefined
    },
    add(trail, steps) {
      addBlock.run(trail.place * BLOCKS + trail.blocks, encoded(steps, trail.reference))
    },
    replace(trail, steps) {
      dropBlocks.run(trail.place * BLOCKS, (trail.place + 1) * BLOCKS)
      if (steps.length > 0) addBlock.run(trail.place * BLOCKS, encoded(steps, trail.reference))
    },
    putNew(trail) {
      put(trail)
      state.trails += 1
      state.steps += trail.steps
      runs.add(hash.ofReference(trail.reference), { place: trail.place, kind: REFERENCE_KIND, generation: 0 })
    },
    put(trail, before) {
      put(trail)
      state.steps += trail.steps - before.steps
    },
    addAliases({ place, generation }, aliases) {
      for (const { kind, value } of aliases) runs.add(hash.of(value), { place, kind: kindNumber(kind), generation })
    },
    addEvicted({ place }, spans) {
      for (const span of spans) addSpan.run(place, span)
    },
    isEvicted: ({ place }, span) => isEvicted.get(place, span) !== undefined,
    drop(trails) {
      dropTrailRows(database, trails)
      state.trails -= trails.length
      for (const { steps } of trails) state.steps -= steps
    },
    leaveOut: runs.leaveOut,
    keepShapes(used) {
      for (const [text, number] of shapes) {
        if (used.has(number)) continue
        database.prepare('DELETE FROM shape WHERE id = ?').run(number)
        shapes.delete(text)
      }
    },
    liftTo(hour) {
      database.prepare('UPDATE trail SET seen_hour = max(seen_hour, ?)').run(hour)
      state.newestHour = Math.max(state.newestHour, hour)
    },
    unseal() {
      if (!state.isSealed) return
      database.exec('DELETE FROM filter')
      state.isSealed = false
    },
    seal() {
      writer.write(() => {
        const { bits } = runs.seal()
        database.prepare('INSERT OR REPLACE INTO filter (id, bits) VALUES (1, ?)').run(bits)
        state.isSealed = true
      })
    },
  }
  version = versionNow()
  return writer
}

export interface DayWriter {
  readonly file: DayFile
  /** Reads the same file, also what is not yet committed. */
  readonly day: DayReader
  state(): DayWriterState
  /** Whether nobody else has written it since it was opened. */
  isUnchanged(): boolean
  isFull(): boolean
  /** All that `work` does is durable afterwards, or none of it and it throws. Everything below is done within. */
  write<Result>(work: () => Result): Result
  newPlace(): number
  /** A place that the caller knows to be free. */
  takePlace(place: number): number
  find(reference: Reference): TrailRow | undefined
  /** Adds a block of steps to a trail, whose row is put with one block more. */
  add(trail: TrailRow, steps: readonly StoredStep[]): void
  /** Writes these steps instead of all that a trail has, as one block. */
  replace(trail: TrailRow, steps: readonly StoredStep[]): void
  /** A trail that was not in this file before. */
  putNew(trail: TrailRow): void
  put(trail: TrailRow, before: TrailRow): void
  addAliases(trail: TrailRow, aliases: readonly Alias[]): void
  addEvicted(trail: TrailRow, spans: readonly string[]): void
  isEvicted(trail: TrailRow, span: string): boolean
  drop(trails: readonly TrailRow[]): void
  /** Takes the entries of trails away that lead here, except those that were just added. */
  leaveOut(isGone: (entry: AliasEntry) => boolean): void
  /** Takes those shapes away that no step has any more. */
  keepShapes(used: ReadonlySet<number>): void
  /** What was added to by a clock that was behind counts as added to in this hour. */
  liftTo(hour: number): void
  /** Something will be added to it after all. */
  unseal(): void
  /** Nothing will be added to it any more: makes it fit to be searched. In a transaction of its own. */
  seal(): void
}

export interface DayWriterState {
  trails: number
  newestHour: number
  nextPlace: number
  movesPending: boolean
  isSealed: boolean
  isUnclean: boolean
}

export interface DayWriterOptions {
  readonly database: DatabaseSync
  readonly file: DayFile
  readonly hash: AliasHash
  /** With so many it is full. @default 2000000 */
  readonly mostEntries?: number | undefined
}

/** They take 32 MB of memory while the file is written. */
const MOST_ENTRIES = 2_000_000
const MOST_SHAPES = 20_000
