import type { Reference } from '@waybill/reference'
import type { ClickHouse } from './createClickHouse.ts'

/** Which trails there are, by their references. */
export function createTrailIndex(clickHouse: ClickHouse) {
  return {
    async of(references: Iterable<string>): Promise<TrailIndex> {
      const found: LiveTrail[] = []
      const asked = [...new Set(references)]
      for (let from = 0; from < asked.length; from += AT_ONCE) {
        const rows = await clickHouse.rows(
          `SELECT ref, place, max(hour) AS hour, min(first_day) AS first_day, max(served) AS served FROM waybill_trail
           WHERE ref IN {refs:Array(String)} GROUP BY ref, place`,
          { refs: asked.slice(from, from + AT_ONCE) },
        )
        for (const row of rows) {
          found.push({
            reference: row['ref'] as Reference,
            place: Number(row['place']),
            hour: Number(row['hour']),
            firstDay: Number(row['first_day']),
            isServed: Number(row['served']) > 0,
          })
        }
      }
      const places = new Map(found.map((trail) => [keyOf(trail), trail]))
      const first = new Map<Reference, LiveTrail>()
      for (const trail of found.toSorted((a, b) => b.place - a.place)) first.set(trail.reference, trail)
      return {
        references: [...first.keys()],
        get: (reference) => first.get(reference),
        of: (reference) => found.filter((trail) => trail.reference === reference),
        at: (reference, place) => places.get(keyOf({ reference, place })),
      }
    },
  }
}

export interface TrailIndex {
  /** Those of the asked that are there. */
  readonly references: readonly Reference[]
  get(reference: Reference): LiveTrail | undefined
  /** A reference has two where two desks saw it first at the same moment. They count as one, which is the first. */
  of(reference: Reference): readonly LiveTrail[]
  /** Undefined where the trail that a row is of was forgotten. */
  at(reference: string, place: number): LiveTrail | undefined
}

/** A trail as `waybill_trail` has it. */
export interface LiveTrail {
  readonly reference: Reference
  /** When it was first seen, among all. */
  readonly place: number
  /** Hours since the epoch at which it was last added to. */
  readonly hour: number
  /** Days since the epoch: no step of it came before. */
  readonly firstDay: number
  /** Whether it holds a server's step. */
  readonly isServed: boolean
}

function keyOf({ reference, place }: { readonly reference: string; readonly place: number }): string {
  return `${reference}\n${place}`
}

const AT_ONCE = 2000
