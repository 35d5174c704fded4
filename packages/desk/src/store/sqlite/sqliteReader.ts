import type { Reference } from '@waybill/reference'
import { aliasesOf, claimedKey } from '../aliasesOf.ts'
import type { AliasKind } from '../aliasesOf.ts'
import { MOST_CLAIMS, SERVED } from '../placeOrder.ts'
import type { FindOptions, FoundReference, StoreReader } from '../Store.ts'
import type { StoredStep } from '../StoredStep.ts'
import { kindNumber } from './aliases/AliasEntries.ts'
import type { AliasHash } from './aliases/createAliasHash.ts'
import type { DayReader, TrailRow } from './days/createDayReader.ts'
import type { Days } from './days/createDays.ts'
import type { DayFile } from './days/DayFolder.ts'
import { HOUR_MS } from './HOUR_MS.ts'

/** The half of a store that reads. Needs no more than connections that may read. */
export function createSqliteReader({ days, hash, namespace }: ReaderOptions): StoreReader {
  /** The row of a trail, in the newest file that has it, with what is asked of it there. */
  function inTrail<Answer>(reference: Reference, question: (day: DayReader, row: TrailRow) => Answer) {
    const number = hash.ofReference(reference)
    return days
      .askAll(
        (day) =>
          day.together(() => {
            const row = day.find(reference)
            return row && { answer: question(day, row) }
          }),
        number,
      )
      .at(-1)?.answer
  }

  /** Trails of one file that a value may lead to, those first seen last coming first; wrong ones are rarer than one in 10¹¹. */
  function candidatesIn(day: DayReader, value: string, { before, most, kind }: CandidateOptions): Candidates {
    const found: Candidate[] = []
    const entries = day.entries(hash.of(value), { before, most, kind })
    let place = Infinity
    for (const entry of entries) {
      if (found.length >= most) break
      const row = entry.place === place ? undefined : day.trail(entry.place)
      if (row?.generation !== entry.generation) continue
      place = entry.place
      found.push({ file: day.file, row, value })
    }
    // Every run gave as many, so those down to this one are all there are.
    return { found, floor: entries[most - 1]?.place ?? -Infinity }
  }

  /** What a value is in a trail, by its steps: of another value with the same number there is none. */
  function foundOf({ file, row, value }: Candidate, place: number, kind?: AliasKind): FoundReference | undefined {
    const { reference } = row
    const here = days.ask(file, (day) => {
      const now = day.trail(row.place)
      return now && day.steps(now)
    })
    // It may just have moved.
    const steps = here && here.length > 0 ? here : inTrail(reference, (day, row) => day.steps(row))
    for (const step of steps ?? [])
      for (const alias of aliasesOf(step, { namespace }))
        if (alias.value === value && (kind === undefined || alias.kind === kind))
          return { reference, kind: alias.kind, place }
    return undefined
  }

  function findBeyond(values: readonly string[], options: FindOptions, most: number): FoundReference[] {
    const { limit, after: before = Infinity, kind } = options
    const asked = { before, most, kind: kind && kindNumber(kind) }
    const some = days.askAll((day) => day.together(() => values.map((value) => candidatesIn(day, value, asked)))).flat()
    // Below it another file, or another value, may have more.
    const floor = some.reduce((highest, each) => Math.max(highest, each.floor), -Infinity)
    const found: FoundReference[] = []
    const seen = new Set<number>()
    for (const candidate of some.flatMap((each) => each.found).toSorted((a, b) => b.row.place - a.row.place)) {
      const { place } = candidate.row
      if (found.length >= limit) return found
      if (place < floor) break
      const each = seen.has(place) ? undefined : foundOf(candidate, place, kind)
      if (!each) continue
      seen.add(place)
      found.push(each)
    }
    return found.length < limit && floor > -Infinity ? findBeyond(values, options, most * 8) : found
  }

  /** The places that a value leads to by a server's word, down to this one. */
  function placesFrom(day: DayReader, value: string, last: number): number[] {
    return day
      .entries(hash.of(value), { before: Infinity, most: Infinity })
      .filter(({ place, generation }) => place >= last && day.trail(place)?.generation === generation)
      .map(({ place }) => place)
  }

  return {
    async size() {
      const all = days.askAll((day) => ({ trails: day.state().trails, bytes: day.bytes() }))
      return {
        trails: all.reduce((sum, { trails }) => sum + trails, 0),
        bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
      }
    },
    async trail(reference) {
      return inTrail(reference, (day, row) => day.steps(row)) ?? []
    },
    async evictedFrom(reference) {
      return inTrail(reference, (_, row) => row.evicted) ?? 0
    },
    async find(values, options) {
      return options.limit > 0 ? findBeyond(values, options, options.limit + 1) : []
    },
    async findClaims(values, { limit, after = Infinity }) {
      const asked = { before: Infinity, most: MOST_CLAIMS }
      const all = days.askAll((day) =>
        day.together(() => {
          const claims = values.flatMap((value) => candidatesIn(day, claimedKey(value), asked).found)
          if (claims.length === 0) return []
          // A trail that a server ties to one of the values is none of these.
          const last = claims.reduce((least, { row }) => Math.min(least, row.place), Infinity)
          const served = new Set(values.flatMap((value) => placesFrom(day, value, last)))
          return claims.filter(({ row }) => !served.has(row.place))
        }),
      )
      const byPlace = new Map<number, Candidate>()
      for (const candidate of all.flat().toReversed()) byPlace.set(placeOf(candidate.row), candidate)
      const found: FoundReference[] = []
      for (const [place, candidate] of [...byPlace].toSorted(([a], [b]) => b - a)) {
        if (found.length >= limit) break
        const each = place < after ? foundOf(candidate, place) : undefined
        if (each) found.push(each)
      }
      return { found, count: Math.min(byPlace.size, MOST_CLAIMS) }
    },
    async recent({ since, limit, said }) {
      const sinceHour = Math.floor(since / HOUR_MS)
      const served: [number, number] = [Number(said !== 'by-browser'), Number(said === 'by-server')]
      const rows = new Map<number, TrailRow>()
      const asked = { sinceHour, most: limit + 1, served }
      // Of a trail in two files the later is the newer.
      const some = days.askAll((day) => (day.state().newestHour < sinceHour ? [] : day.recent(asked)))
      for (const row of some.flat()) rows.set(row.place, row)
      const newest = [...rows.values()].toSorted((a, b) => b.seenHour - a.seenHour || b.place - a.place)
      return { references: newest.slice(0, limit).map(({ reference }) => reference), more: newest.length > limit }
    },
    async known(references) {
      const numbers = references.map((reference) => ({ reference, number: hash.ofReference(reference) }))
      const known = new Set(
        days
          .askAll((day) =>
            numbers.filter(
              ({ reference, number }) =>
                days.mayHold(day.file, number) && day.together(() => day.find(reference) !== undefined),
            ),
          )
          .flatMap((some) => some.map(({ reference }) => reference)),
      )
      return references.filter((reference) => known.has(reference))
    },
    async personFrom(beginning) {
      const digits = beginning.slice(0, 8)
      if (!/^[\da-f]+$/.test(digits)) return undefined
      // Claims differ in the low half, see `createAliasHash`.
      const [first, last] = [parseInt(digits.padEnd(8, '0'), 16), parseInt(digits.padEnd(8, 'f'), 16)]
      return days
        .askAll((day) =>
          day.together(() => {
            const seen = new Set<number>()
            for (const { place, kind, generation } of day.entriesBetween(first, last)) {
              const row = kind === PERSON && !seen.has(place) ? day.trail(place) : undefined
              seen.add(place)
              if (row?.generation !== generation) continue
              const step = day.steps(row).find(({ personHash }) => personHash?.startsWith(beginning))
              if (step) return step
            }
            return undefined
          }),
        )
        .filter((step) => step !== undefined)
        .toSorted(byServerFirst)[0]?.personHash
    },
    async unseen() {
      // Whoever was not asked yet is asked now.
      days.askAll((day) => day.state().trails)
      return days.damaged().map(({ day }) => {
        const from = Date.parse(`${day}T00:00:00.000Z`)
        return {
          where: 'desk' as const,
          reason: 'damaged' as const,
          from: new Date(from).toISOString(),
          to: new Date(from + 24 * HOUR_MS - 1).toISOString(),
        }
      })
    },
  }
}

export interface ReaderOptions {
  readonly days: Days
  readonly hash: AliasHash
  readonly namespace: string
}

const PERSON = kindNumber('person')

interface Candidate {
  readonly file: DayFile
  readonly row: TrailRow
  readonly value: string
}

interface Candidates {
  readonly found: readonly Candidate[]
  /** Below this place there may be more. */
  readonly floor: number
}

interface CandidateOptions {
  readonly before: number
  readonly most: number
  readonly kind?: number | undefined
}

function placeOf({ place, steps, claims }: TrailRow): number {
  return steps > claims ? place + SERVED : place
}

function byServerFirst(a: StoredStep, b: StoredStep): number {
  return Number(a.claimed ?? false) - Number(b.claimed ?? false)
}
