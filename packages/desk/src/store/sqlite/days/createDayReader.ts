import type { DatabaseSync } from 'node:sqlite'
import { traceIdOf } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import type { StoredStep } from '../../StoredStep.ts'
import { entryAt, ENTRY, firstFrom, isOf, REFERENCE_KIND } from '../aliases/AliasEntries.ts'
import type { AliasEntries, AliasEntry } from '../aliases/AliasEntries.ts'
import type { AliasHash, AliasNumber } from '../aliases/createAliasHash.ts'
import { createFilter } from '../aliases/createFilter.ts'
import type { Filter } from '../aliases/createFilter.ts'
import { MissingRow, wordsIn } from '../aliases/wordsIn.ts'
import { createStepDecoder } from '../steps/createStepDecoder.ts'
import type { StepDecoder } from '../steps/createStepDecoder.ts'
import type { DayFile } from './DayFolder.ts'
import { assertDay, BLOCKS } from './daySchema.ts'

/**
 * Reads one day file. What is asked in several steps is asked within `together`, so that all of them see the file as it was at one moment; in a file that
 * is not added to any more trails may go between two steps, into a newer file.
 *
 * @throws Error when it cannot be read, or is no day file.
 */
export function createDayReader({ database, file, hash }: DayReaderOptions): DayReader {
  assertDay(database)
  const stateOf = database.prepare('SELECT * FROM state')
  const begin = database.prepare('BEGIN')
  const end = database.prepare('COMMIT')
  const runIds = database.prepare('SELECT id FROM run ORDER BY id')
  const runOf = database.prepare('SELECT first_chunk, firsts FROM run WHERE id = ?')
  const chunkOf = database.prepare('SELECT entries FROM chunk WHERE id = ?')
  const trailAt = database.prepare('SELECT * FROM trail WHERE place = ?')
  const blocksOf = database.prepare('SELECT data FROM block WHERE id >= ? AND id < ? ORDER BY id')
  const shapeOf = database.prepare('SELECT text FROM shape WHERE id = ?')
  const filterOf = database.prepare('SELECT bits FROM filter')
  const recentOf = database.prepare(
    'SELECT * FROM trail WHERE seen_hour >= ? AND (steps > claims) IN (?, ?) ORDER BY seen_hour DESC, place DESC LIMIT ?',
  )
  const evictedOf = database.prepare('SELECT span FROM evicted WHERE place = ?')
  const pages = database.prepare(
    'SELECT (page_count - freelist_count) * page_size AS bytes FROM pragma_page_count, pragma_freelist_count, pragma_page_size',
  )
  const decode = createStepDecoder({ shapeText: (number) => String(shapeOf.get(number)?.['text']) })
  const { namespace } = stateIn(stateOf.get())
  let runs = new Map<number, Run>()
  /** Once true it stays so, and what is in the file only becomes less. */
  let isSealed = false

  /** A run never changes, so one that is known stays known until it is gone. */
  function currentRuns(): Iterable<Run> {
    if (isSealed && runs.size > 0) return runs.values()
    const ids = runIds.all().map(({ id }) => Number(id))
    if (ids.length !== runs.size || ids.some((id) => !runs.has(id)))
      runs = new Map(ids.map((id) => [id, runs.get(id) ?? runIn(runOf.get(id))]))
    return runs.values()
  }

  function chunk(id: number): AliasEntries {
    return wordsIn(chunkOf.get(id)?.['entries'])
  }

  /** Entries of numbers from one to another, in their order, until nobody wants more. */
  function* entriesIn({ firstChunk, firsts }: Run, from: AliasNumber, isWithin: IsWithin): Generator<AliasEntry> {
    const count = firsts.length / 2
    // The chunk before the first that begins at this number or above may end with it.
    let index = Math.max(0, chunkFrom(firsts, from) - 1)
    for (let isFirst = true; index < count; index++, isFirst = false) {
      const entries = chunk(firstChunk + index)
      for (let at = isFirst ? firstFrom(entries, from) : 0; at < entries.length / ENTRY; at++) {
        if (!isWithin(entries, at)) return
        yield entryAt(entries, at)
      }
    }
  }

  function trail(place: number): TrailRow | undefined {
    const row = trailAt.get(place)
    return row && trailIn(row)
  }

  const reader: DayReader = {
    file,
    database,
    namespace,
    together(work) {
      // In memory whoever asks may be within a transaction of their own already.
      if (database.isTransaction) return work()
      if (isSealed) {
        try {
          return work()
        } catch (error) {
          if (!(error instanceof MissingRow)) throw error
          // Somebody was erased meanwhile, and the runs are others now.
        }
      }
      begin.run()
      try {
        isSealed = reader.state().isSealed
        // Those that are known were made into one as it was sealed.
        if (isSealed) runs = new Map()
        return work()
      } finally {
        if (database.isTransaction) end.run()
      }
    },
    state: () => stateIn(stateOf.get()),
    bytes: () => Number(pages.get()?.['bytes']),
    filter() {
      const bits = filterOf.get()?.['bits']
      return bits instanceof Uint8Array ? createFilter(bits) : undefined
    },
    trail,
    find(reference) {
      const number = hash.ofReference(reference)
      for (const { place } of reader.entries(number, { kind: REFERENCE_KIND, before: Infinity, most: Infinity })) {
        const row = trail(place)
        if (row?.reference === reference) return row
      }
      return undefined
    },
    entries(number, { kind, before, most }) {
      const found: AliasEntry[] = []
      const isWithin: IsWithin = (entries, at) => isOf(entries, at, number)
      for (const run of currentRuns()) {
        let left = most
        for (const entry of entriesIn(run, number, isWithin)) {
          if (entry.place >= before || (kind !== undefined && entry.kind !== kind)) continue
          if (left-- <= 0) break
          found.push(entry)
        }
      }
      return found.toSorted((a, b) => b.place - a.place)
    },
    *entriesBetween(first, last) {
      const isWithin: IsWithin = (entries, at) => entries[at * ENTRY]! <= last
      for (const run of currentRuns()) yield* entriesIn(run, { high: first, low: 0 }, isWithin)
    },
    steps({ place, reference }, onShape) {
      const identity = { reference, ownTraceId: traceIdOf(reference, { namespace }) }
      return blocksOf
        .all(place * BLOCKS, (place + 1) * BLOCKS)
        .flatMap(({ data }) => decode(data as Uint8Array, identity, onShape))
    },
    evictedSpans: (place) => evictedOf.all(place).map(({ span }) => String(span)),
    recent: ({ sinceHour, most, served }) => recentOf.all(sinceHour, ...served, most).map(trailIn),
  }
  return reader
}

export interface DayReader {
  readonly file: DayFile
  readonly database: DatabaseSync
  /** In which the trace-ids are the references' own that are not written out. */
  readonly namespace: string
  together<Result>(work: () => Result): Result
  state(): DayState
  /** What the file takes, without free pages. */
  bytes(): number
  /** Says which references may be in here; absent while something may be added. */
  filter(): Filter | undefined
  trail(place: number): TrailRow | undefined
  find(reference: Reference): TrailRow | undefined
  /** Of a number, the last places coming first; those of trails that are gone among them. */
  entries(number: AliasNumber, options: EntriesOptions): AliasEntry[]
  /** Of numbers whose high half is from one to another, both of them among them. */
  entriesBetween(first: number, last: number): Iterable<AliasEntry>
  /** In order of arrival. */
  steps(trail: TrailRow, onShape?: Parameters<StepDecoder>[2]): StoredStep[]
  evictedSpans(place: number): string[]
  recent(options: RecentRowsOptions): TrailRow[]
}

export interface DayReaderOptions {
  readonly database: DatabaseSync
  readonly file: DayFile
  readonly hash: AliasHash
}

export interface EntriesOptions {
  /** @default any */
  readonly kind?: number | undefined
  /** Only lower places. */
  readonly before: number
  /** Of each run. */
  readonly most: number
}

export interface RecentRowsOptions {
  readonly sinceHour: number
  readonly most: number
  /** Whether trails with a server's step are wanted, by the two answers that will do. */
  readonly served: readonly [number, number]
}

export interface DayState {
  readonly namespace: string
  readonly trails: number
  readonly steps: number
  /** When a trail in it was last added to; trails that have moved on since may have been later than those that are left. */
  readonly newestHour: number
  /** The number of the next new trail. */
  readonly nextPlace: number
  readonly nextRun: number
  readonly nextChunk: number
  /** Trails have been copied here, and are perhaps not yet deleted where they came from. */
  readonly movesPending: boolean
  /** Nothing is added to it any more. */
  readonly isSealed: boolean
  /** Somebody was erased from it, and the bytes are perhaps still there. */
  readonly isUnclean: boolean
}

export interface TrailRow {
  readonly place: number
  readonly reference: Reference
  readonly seenHour: number
  readonly steps: number
  readonly claims: number
  readonly blocks: number
  /** How many steps it gave up. */
  readonly evicted: number
  readonly generation: number
  /** The number of the file that it came from. */
  readonly movedFrom: number | null
}

export function trailIn(row: Record<string, unknown>): TrailRow {
  return {
    place: Number(row['place']),
    reference: row['ref'] as Reference,
    seenHour: Number(row['seen_hour']),
    steps: Number(row['steps']),
    claims: Number(row['claims']),
    blocks: Number(row['blocks']),
    evicted: Number(row['evicted']),
    generation: Number(row['generation']),
    movedFrom: row['moved_from'] === null ? null : Number(row['moved_from']),
  }
}

interface Run {
  readonly firstChunk: number
  /** The numbers that its chunks begin with, two words each. */
  readonly firsts: Uint32Array
}

type IsWithin = (entries: AliasEntries, index: number) => boolean

function runIn(row: Record<string, unknown> | undefined): Run {
  return { firstChunk: Number(row?.['first_chunk']), firsts: wordsIn(row?.['firsts']) }
}

/** The first chunk that begins with this number or above. */
function chunkFrom(firsts: Uint32Array, { high, low }: AliasNumber): number {
  let from = 0
  let to = firsts.length / 2
  while (from < to) {
    const middle = (from + to) >>> 1
    const each = firsts[middle * 2]!
    if (each < high || (each === high && firsts[middle * 2 + 1]! < low)) from = middle + 1
    else to = middle
  }
  return from
}

function stateIn(row: Record<string, unknown> | undefined): DayState {
  if (!row) throw new Error(NO_STATE)
  return {
    namespace: String(row['namespace']),
    trails: Number(row['trails']),
    steps: Number(row['steps']),
    newestHour: Number(row['newest_hour']),
    nextPlace: Number(row['next_place']),
    nextRun: Number(row['next_run']),
    nextChunk: Number(row['next_chunk']),
    movesPending: row['moves_pending'] === 1,
    isSealed: row['sealed'] === 1,
    isUnclean: row['unclean'] === 1,
  }
}

const NO_STATE = '[waybill] A day file of the desk has lost what it says of itself, so it is damaged.'
