import type { DatabaseSync } from 'node:sqlite'
import { createEntryList, ENTRY, entryAt, firstFrom, isOf, mergeEntries, REFERENCE_KIND } from './AliasEntries.ts'
import type { AliasEntries, AliasEntry } from './AliasEntries.ts'
import type { AliasNumber } from './createAliasHash.ts'
import { emptyFilter } from './createFilter.ts'
import type { Filter } from './createFilter.ts'
import { wordsIn } from './wordsIn.ts'

/**
 * Writes the entries of a day file. They are gathered, and written as a sorted run with each transaction; small runs are made into larger ones. All of them
 * are held in memory as well, so that no page needs to be read for steps that arrive.
 */
export function createAliasRuns(database: DatabaseSync, { numbers, mostReferences }: AliasRunsOptions): AliasRuns {
  const addRun = database.prepare('INSERT INTO run (id, count, first_chunk, firsts) VALUES (?, ?, ?, ?)')
  const dropRun = database.prepare('DELETE FROM run WHERE id = ?')
  const addChunk = database.prepare('INSERT INTO chunk (id, entries) VALUES (?, ?)')
  const dropChunks = database.prepare('DELETE FROM chunk WHERE id >= ? AND id < ?')
  const filter = emptyFilter(mostReferences)
  let runs = loadRuns(database)
  for (const { entries } of runs) addReferences(entries, filter)
  let arriving = createEntryList()

  function saveRun(entries: AliasEntries): void {
    if (entries.length === 0) return
    const count = entries.length / ENTRY
    const chunks = Math.ceil(count / CHUNK)
    const run = { id: numbers.nextRun, firstChunk: numbers.nextChunk, chunks, entries }
    const firsts = new Uint32Array(chunks * 2)
    for (let index = 0; index < chunks; index++) {
      const part = entries.subarray(index * CHUNK * ENTRY, (index + 1) * CHUNK * ENTRY)
      firsts.set(part.subarray(0, 2), index * 2)
      addChunk.run(run.firstChunk + index, bytesOf(part))
    }
    addRun.run(run.id, count, run.firstChunk, bytesOf(firsts))
    numbers.nextRun += 1
    numbers.nextChunk += chunks
    runs.push(run)
  }

  /** Takes the last runs out, as what is to be written again with others: their pages are used for that. */
  function takeLast(count: number): AliasEntries[] {
    const taken = runs.splice(runs.length - count, count)
    for (const { id, firstChunk, chunks } of taken) {
      dropRun.run(id)
      dropChunks.run(firstChunk, firstChunk + chunks)
    }
    return taken.map(({ entries }) => entries)
  }

  function takeArrived(): AliasEntries {
    const arrived = arriving.sorted()
    arriving = createEntryList()
    return arrived
  }

  return {
    add(number, entry) {
      if (entry.kind === REFERENCE_KIND) filter.add(number)
      arriving.add(number, entry)
    },
    count: () => runs.reduce((sum, { entries }) => sum + entries.length / ENTRY, 0),
    *find(number, kind) {
      if (kind === REFERENCE_KIND && !filter.mayHold(number)) return
      for (const { entries } of runs.toReversed())
        for (let index = firstFrom(entries, number); isOf(entries, index, number); index++) {
          const entry = entryAt(entries, index)
          if (entry.kind === kind) yield entry
        }
    },
    save() {
      const arrived = takeArrived()
      // Of each size, in steps of `GROWTH`, there are fewer than that; what is smaller than a chunk is cheaper written again than kept apart.
      let total = arrived.length / ENTRY
      if (total === 0) return
      let merging = 0
      for (;;) {
        const size = sizeClass(total)
        const before = runs.slice(0, runs.length - merging)
        const alike =
          before.length - 1 - before.findLastIndex(({ entries }) => sizeClass(entries.length / ENTRY) > size)
        if (alike < (size === 0 ? 1 : GROWTH - 1)) break
        for (const { entries } of before.slice(before.length - alike)) total += entries.length / ENTRY
        merging += alike
      }
      saveRun(mergeEntries([...takeLast(merging), arrived]))
    },
    leaveOut(isGone) {
      const arrived = takeArrived()
      const all = mergeEntries(takeLast(runs.length))
      saveRun(mergeEntries([without(all, isGone), arrived]))
    },
    seal() {
      saveRun(mergeEntries(takeLast(runs.length)))
      const entries = runs[0]?.entries ?? new Uint32Array(0)
      const fitting = emptyFilter(countReferences(entries))
      addReferences(entries, fitting)
      return fitting
    },
  }
}

export interface AliasRuns {
  /** To be written with the next `save`. */
  add(number: AliasNumber, entry: AliasEntry): void
  /** Of the entries that are written. */
  count(): number
  find(number: AliasNumber, kind: number): Iterable<AliasEntry>
  /** Within a transaction, as all that follows. */
  save(): void
  /** Writes them all anew without those, except what was just added. */
  leaveOut(isGone: (entry: AliasEntry) => boolean): void
  /** Makes one run of all, and gives what says which references are in it. */
  seal(): Filter
}

export interface AliasRunsOptions {
  /** Numbers that no run and no chunk has had; they are counted up here, and kept by the caller. */
  readonly numbers: { nextRun: number; nextChunk: number }
  readonly mostReferences: number
}

interface SavedRun {
  readonly id: number
  readonly firstChunk: number
  readonly chunks: number
  readonly entries: AliasEntries
}

/** Entries of a chunk, which together just fit on a page of the database. */
const CHUNK = 250
/** How many runs of about one size there may be; the next makes one of them, so an entry is written again once for each size. */
const GROWTH = 8

/** 0 for what fits in a chunk. */
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

function addReferences(entries: AliasEntries, filter: Filter): void {
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
