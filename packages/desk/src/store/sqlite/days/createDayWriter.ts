import type { DatabaseSync } from 'node:sqlite'
import { traceIdOf } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import type { Alias } from '../../aliasesOf.ts'
import type { StoredStep } from '../../StoredStep.ts'
import {
  createEntryList,
  ENTRY,
  entryAt,
  firstFrom,
  isOf,
  kindNumber,
  mergeEntries,
  REFERENCE_KIND,
} from '../aliases/AliasEntries.ts'
import type { AliasEntries, AliasEntry } from '../aliases/AliasEntries.ts'
import type { AliasHash } from '../aliases/createAliasHash.ts'
import { emptyFilter } from '../aliases/createFilter.ts'
import { inTransaction } from '../inTransaction.ts'
import { createStepEncoder } from '../steps/createStepEncoder.ts'
import { FIRST_SHAPE } from '../steps/StepShape.ts'
import { createDayReader, wordsIn } from './createDayReader.ts'
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
  const addRun = database.prepare('INSERT INTO run (id, count, first_chunk, firsts) VALUES (?, ?, ?, ?)')
  const dropRun = database.prepare('DELETE FROM run WHERE id = ?')
  const addChunk = database.prepare('INSERT INTO chunk (id, entries) VALUES (?, ?)')
  const dropChunks = database.prepare('DELETE FROM chunk WHERE id >= ? AND id < ?')
  const saveState = database.prepare(
    'UPDATE state SET trails = ?, steps = ?, newest_hour = ?, next_place = ?, next_run = ?, next_chunk = ?, moves_pending = ?, sealed = ?, unclean = ?',
  )
  const versionOf = database.prepare('PRAGMA data_version')

  const state = { ...day.state() }
  let runs = loadRuns(database)
  const shapes = new Map(
    database
      .prepare('SELECT id, text FROM shape')
      .all()
      .map(({ id, text }) => [String(text), Number(id)]),
  )
  let nextShape = Math.max(FIRST_SHAPE - 1, ...shapes.values()) + 1
  // A trail has two entries at least.
  const filter = emptyFilter(mostEntries / 2)
  for (const { entries } of runs) addReferences(entries, filter)
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
  let arriving = createEntryList()
  let hasArrived = false
  let version = versionNow()

  function versionNow(): unknown {
    return versionOf.get()?.['data_version']
  }

  function saveRun(entries: AliasEntries): SavedRun {
    const count = entries.length / ENTRY
    const chunks = Math.ceil(count / CHUNK)
    const run = { id: state.nextRun, firstChunk: state.nextChunk, chunks, entries }
    const firsts = new Uint32Array(chunks * 2)
    for (let index = 0; index < chunks; index++) {
      const part = entries.subarray(index * CHUNK * ENTRY, (index + 1) * CHUNK * ENTRY)
      firsts.set(part.subarray(0, 2), index * 2)
      addChunk.run(run.firstChunk + index, bytesOf(part))
    }
    addRun.run(run.id, count, run.firstChunk, bytesOf(firsts))
    state.nextRun += 1
    state.nextChunk += chunks
    return run
  }

  function removeRun({ id, firstChunk, chunks }: SavedRun): void {
    dropRun.run(id)
    dropChunks.run(firstChunk, firstChunk + chunks)
  }

  /** Makes the last so many runs into one, together with entries that are in none yet. */
  function mergeLast(count: number, more: AliasEntries): void {
    const merging = count > 0 ? runs.slice(-count) : []
    for (const run of merging) removeRun(run)
    const entries = mergeEntries([...merging.map((run) => run.entries), ...(more.length > 0 ? [more] : [])])
    runs = runs.slice(0, runs.length - merging.length)
    if (entries.length > 0) runs.push(saveRun(entries))
  }

  /**
   * New entries become a run, together with the smaller runs before them that would otherwise become too many: of each size, in steps of
   * `GROWTH`, there are less than that.
   */
  function saveEntries(): void {
    const added = arriving.sorted()
    arriving = createEntryList()
    hasArrived = false
    let total = added.length / ENTRY
    let merging = 0
    for (;;) {
      const size = sizeClass(total)
      let alike = 0
      let sum = total
      for (let at = runs.length - 1 - merging; at >= 0; at--) {
        const count = runs[at]!.entries.length / ENTRY
        if (sizeClass(count) > size) break
        alike++
        sum += count
      }
      if (alike < (size === 0 ? 1 : GROWTH - 1)) break
      merging += alike
      total = sum
    }
    mergeLast(merging, added)
  }

  function save(): void {
    if (hasArrived) saveEntries()
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
    isFull: () => runs.reduce((sum, { entries }) => sum + entries.length, 0) >= mostEntries * ENTRY,
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
      const number = hash.ofReference(reference)
      if (!filter.mayHold(number)) return undefined
      for (let at = runs.length - 1; at >= 0; at--) {
        const { entries } = runs[at]!
        for (let index = firstFrom(entries, number); isOf(entries, index, number); index++) {
          const { kind, place } = entryAt(entries, index)
          const row = kind === REFERENCE_KIND ? day.trail(place) : undefined
          if (row?.reference === reference) return row
        }
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
      const number = hash.ofReference(trail.reference)
      filter.add(number)
      arriving.add(number, { place: trail.place, kind: REFERENCE_KIND, generation: 0 })
      hasArrived = true
    },
    put(trail, before) {
      put(trail)
      state.steps += trail.steps - before.steps
    },
    addAliases({ place, generation }, aliases) {
      for (const { kind, value } of aliases) arriving.add(hash.of(value), { place, kind: kindNumber(kind), generation })
      if (aliases.length > 0) hasArrived = true
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
    leaveOut(isGone) {
      const added = arriving.sorted()
      arriving = createEntryList()
      hasArrived = false
      const all = mergeEntries(runs.map(({ entries }) => entries))
      for (const run of runs) removeRun(run)
      runs = []
      const kept = mergeEntries([without(all, isGone), added])
      if (kept.length > 0) runs.push(saveRun(kept))
    },
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
        mergeLast(runs.length, new Uint32Array(0))
        const count = runs[0] ? countReferences(runs[0].entries) : 0
        const fitting = emptyFilter(count)
        if (runs[0]) addReferences(runs[0].entries, fitting)
        database.prepare('INSERT OR REPLACE INTO filter (id, bits) VALUES (1, ?)').run(fitting.bits)
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

interface SavedRun {
  readonly id: number
  readonly firstChunk: number
  readonly chunks: number
  readonly entries: AliasEntries
}

/** They take 32 MB of memory while the file is written. */
const MOST_ENTRIES = 2_000_000
/** Entries of a chunk, which together just fit on a page of the database. */
const CHUNK = 250
/** How many runs of about one size there may be; the next makes one of them, so an entry is written again once for each size. */
const GROWTH = 8
const MOST_SHAPES = 20_000

/** 0 for what fits in a chunk, which is cheaper written again than kept apart. */
function sizeClass(count: number): number {
  return count < CHUNK ? 0 : 1 + Math.floor(Math.log(count / CHUNK) / Math.log(GROWTH))
}

function loadRuns(database: DatabaseSync): SavedRun[] {
  const chunksOf = database.prepare('SELECT entries FROM chunk WHERE id >= ? AND id < ? ORDER BY id')
  return database
    .prepare('SELECT id, count, first_chunk FROM run ORDER BY id')
    .all()
    .map((row) => {
      const count = Number(row['count'])
      const [firstChunk, chunks] = [Number(row['first_chunk']), Math.ceil(count / CHUNK)]
      const entries = new Uint32Array(count * ENTRY)
      let at = 0
      for (const { entries: part } of chunksOf.all(firstChunk, firstChunk + chunks)) {
        const words = wordsIn(part)
        entries.set(words, at)
        at += words.length
      }
      return { id: Number(row['id']), firstChunk, chunks, entries }
    })
}

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
}

function addReferences(entries: AliasEntries, filter: ReturnType<typeof emptyFilter>): void {
  for (let at = 0; at < entries.length; at += ENTRY)
    if (isReference(entries, at)) filter.add({ high: entries[at]!, low: entries[at + 1]! })
}

function countReferences(entries: AliasEntries): number {
  let count = 0
  for (let at = 0; at < entries.length; at += ENTRY) count += Number(isReference(entries, at))
  return count
}

function isReference(entries: AliasEntries, at: number): boolean {
  return ((entries[at + 3]! >>> 16) & 0xff) === REFERENCE_KIND
}

function without(entries: AliasEntries, isGone: (entry: AliasEntry) => boolean): AliasEntries {
  const kept = new Uint32Array(entries.length)
  let length = 0
  for (let index = 0; index * ENTRY < entries.length; index++) {
    if (isGone(entryAt(entries, index))) continue
    kept.set(entries.subarray(index * ENTRY, (index + 1) * ENTRY), length)
    length += ENTRY
  }
  return kept.slice(0, length)
}
