import type { Reference } from '@waybill/reference'
import { claimedKey } from '../aliasesOf.ts'
import type { AliasKind } from '../aliasesOf.ts'
import { inPlaceOrder, MOST_CLAIMS, SERVED } from '../placeOrder.ts'
import type { FoundReference, StoreReader } from '../Store.ts'
import type { StoredStep } from '../StoredStep.ts'
import { clickHouseBytes } from './clickHouseBytes.ts'
import type { ClickHouse, ClickHouseRow } from './createClickHouse.ts'
import { createTrailIndex } from './createTrailIndex.ts'
import type { LiveTrail } from './createTrailIndex.ts'

/** The half of a store that reads. */
export function createClickHouseReader(clickHouse: ClickHouse): StoreReader {
  const index = createTrailIndex(clickHouse)

  /** What a value leads to, the newest first, without what was forgotten: no more than `most`. */
  async function ledTo(value: string, { most, after, kind, except }: LedToOptions): Promise<LedTo[]> {
    const found = new Map<string, LedTo>()
    let before = after
    for (let size = most + SPARE; ; size *= 4) {
      const rows = await clickHouse.rows(
        `SELECT place, kind, ref FROM waybill_alias
         WHERE value = {value:String} AND place < {before:UInt64} ${kind === undefined ? '' : 'AND kind = {kind:String}'}
         ${except === undefined ? '' : 'AND (ref, place) NOT IN (SELECT ref, place FROM waybill_alias WHERE value IN {except:Array(String)})'}
         ORDER BY place DESC, kind DESC, ref DESC LIMIT {size:UInt32}`,
        { value: value, before, kind, except: except?.map((each) => each), size },
      )
      const live = await index.of(rows.map(({ ref }) => String(ref)))
      for (const row of rows) {
        const trail = live.at(String(row['ref']), Number(row['place']))
        if (trail && !found.has(trail.reference)) found.set(trail.reference, { trail, kind: row['kind'] as AliasKind })
      }
      if (found.size >= most || rows.length < size) return [...found.values()].slice(0, most)
      // Two trails of two desks may have the same place.
      before = Number(rows.at(-1)?.['place']) + 1
    }
  }

  return {
    async size() {
      const [trails] = await clickHouse.rows(
        'SELECT count() AS count FROM (SELECT 1 FROM waybill_trail GROUP BY ref) SETTINGS optimize_aggregation_in_order = 1',
      )
      return { trails: Number(trails?.['count']), bytes: await clickHouseBytes(clickHouse) }
    },
    async trail(reference) {
      const live = (await index.of([reference])).of(reference)
      if (live.length === 0) return []
      const rows = await clickHouse.rows(
        `SELECT step FROM (
           SELECT own, kind, seq, step FROM waybill_step
           WHERE ref = {reference:String} AND place IN {places:Array(UInt64)} AND day BETWEEN {from:UInt32} AND {to:UInt32}
           ORDER BY seq DESC LIMIT 1 BY own, kind
         ) ORDER BY seq`,
        {
          reference,
          places: live.map(({ place }) => place),
          from: Math.min(...live.map(({ firstDay }) => firstDay)),
          to: Math.floor(Math.max(...live.map(({ hour }) => hour)) / 24),
        },
      )
      return rows.map(({ step }) => JSON.parse(String(step)) as StoredStep)
    },
    async evictedFrom(reference) {
      const live = (await index.of([reference])).of(reference)
      const [row] = await clickHouse.rows(
        'SELECT uniqExact(span) AS count FROM waybill_evicted WHERE ref = {reference:String} AND place IN {places:Array(UInt64)}',
        { reference, places: live.map(({ place }) => place) },
      )
      return Number(row?.['count'])
    },
    async find(values, options) {
      const { limit, after = Number.MAX_SAFE_INTEGER, kind } = options
      const found = await Promise.all(values.map((value) => ledTo(value, { most: limit, after, kind })))
      return inPlaceOrder(found.flat().map(foundIn), options)
    },
    async findClaims(values, options) {
      const found = await Promise.all(
        values.map((value) =>
          ledTo(claimedKey(value), { most: MOST_CLAIMS, after: Number.MAX_SAFE_INTEGER, except: values }),
        ),
      )
      // Servers' steps lift a place above every number there is.
      const all = found.flat().map((led) => {
        const { place, ...rest } = foundIn(led)
        return { ...rest, place: place + Number(led.trail.isServed) * SERVED }
      })
      const count = new Set(all.map(({ reference }) => reference)).size
      return { found: inPlaceOrder(all, options), count: Math.min(count, MOST_CLAIMS) }
    },
    async recent({ since, limit, said }) {
      const references = new Set<Reference>()
      let before: readonly [hour: number, place: number] = [2 ** 32 - 1, Number.MAX_SAFE_INTEGER]
      for (let size = limit + SPARE; ; size *= 4) {
        const rows: ClickHouseRow[] = await clickHouse.rows(
          `SELECT hour, place, ref FROM waybill_seen
           WHERE hour >= {since:UInt32} AND (hour, place) <= ({hour:UInt32}, {place:UInt64})
           ORDER BY hour DESC, place DESC LIMIT {size:UInt32}`,
          { since: Math.max(0, Math.floor(since / HOUR_MS)), hour: before[0], place: before[1], size },
        )
        const live = await index.of(rows.map(({ ref }) => String(ref)))
        for (const row of rows) {
          const trail = live.at(String(row['ref']), Number(row['place']))
          // What another hour says is from before, or of a group that was not written to its end.
          if (trail?.hour !== Number(row['hour'])) continue
          if (said !== undefined && trail.isServed !== (said === 'by-server')) continue
          references.add(trail.reference)
        }
        const last = rows.at(-1)
        if (references.size > limit || rows.length < size || !last)
          return { references: [...references].slice(0, limit), more: references.size > limit }
        before = [Number(last['hour']), Number(last['place'])]
      }
    },
    async known(references) {
      const live = await index.of(references)
      return references.filter((reference) => live.get(reference))
    },
    async unseen() {
      return []
    },
    async personFrom(beginning) {
      for (const from of [beginning, claimedKey(beginning)]) {
        let after = ''
        let values: string[]
        do {
          const rows = await clickHouse.rows(
            // After every hex digit comes "g".
            `SELECT DISTINCT value FROM waybill_alias
             WHERE kind = 'person' AND value >= {from:String} AND value < {to:String} AND value > {after:String} ORDER BY value LIMIT 10`,
            { from, to: `${from}g`, after },
          )
          values = rows.map(({ value }) => String(value))
          for (const value of values) {
            const found = await ledTo(value, { most: 1, after: Number.MAX_SAFE_INTEGER, kind: 'person' })
            if (found.length > 0) return value.trim()
          }
          after = values.at(-1) ?? after
        } while (values.length > 0)
      }
      return undefined
    },
  }
}

interface LedToOptions {
  readonly most: number
  readonly after: number
  readonly kind?: AliasKind | undefined
  /** Without what one of these leads to as well. */
  readonly except?: readonly string[]
}

interface LedTo {
  readonly trail: LiveTrail
  readonly kind: AliasKind
}

function foundIn({ trail: { reference, place }, kind }: LedTo): FoundReference {
  return { reference, kind, place }
}

const HOUR_MS = 3_600_000
/** Rows beyond what is asked for: some are there twice until they are merged, or of what was forgotten. */
const SPARE = 20
