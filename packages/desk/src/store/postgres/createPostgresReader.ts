import type { Reference } from '@waybill/reference'
import type { Pool } from 'pg'
import { claimedKey } from '../aliasesOf.ts'
import type { AliasKind } from '../aliasesOf.ts'
import { inPlaceOrder, MOST_CLAIMS, SERVED } from '../placeOrder.ts'
import type { FoundReference, StoreReader } from '../Store.ts'
import type { StoredStep } from '../StoredStep.ts'
import { aliasHash } from './aliasHash.ts'
import { postgresSize } from './postgresSize.ts'
import { storableText } from './storableText.ts'

/** The half of a store that reads. */
export function createPostgresReader(pool: Pool): StoreReader {
  /** By a name, so that PostgreSQL plans it once on each connection: over many days that takes longer than the look-up itself. */
  const rowsOf = async (name: string, text: string, values: readonly unknown[]): Promise<Row[]> =>
    (await pool.query<Row>({ name: `waybill_${name}`, text, values: [...values] })).rows

  return {
    size: () => postgresSize(pool),
    async trail(reference) {
      const rows = await rowsOf(
        'trail',
        'SELECT step FROM step JOIN trail ON trail.id = step.trail AND step.day >= trail.first_day WHERE ref = $1 ORDER BY step.id',
        [reference],
      )
      return rows.map(({ step }) => JSON.parse(String(step)) as StoredStep)
    },
    async evictedFrom(reference) {
      const [row] = await rowsOf(
        'evicted',
        'SELECT count(*) AS count FROM evicted JOIN trail ON id = trail WHERE ref = $1',
        [reference],
      )
      return Number(row?.['count'])
    },
    async find(values, options) {
      const { limit, after = Number.MAX_SAFE_INTEGER, kind = null } = options
      // A trail has a value once for each day on which it came.
      const rows = await rowsOf(
        'find',
        `SELECT found.* FROM unnest($1::bigint[], $2::text[]) AS asked (hash, value) CROSS JOIN LATERAL (
           SELECT DISTINCT ON (alias.trail) alias.trail AS place, kind, ref FROM alias JOIN trail ON trail.id = alias.trail
           WHERE alias.hash = asked.hash AND alias.value = asked.value AND alias.trail < $3 AND ($4::text IS NULL OR kind = $4)
           ORDER BY alias.trail DESC, kind DESC LIMIT $5
         ) AS found`,
        [values.map(aliasHash), values.map(storableText), after, kind && storableText(kind), limit],
      )
      return inPlaceOrder(rows.map(foundIn), options)
    },
    async findClaims(values, options) {
      const keys = values.map(claimedKey)
      // A trail that a server ties to one of the values is none of these. Servers' steps lift a place above every number there is.
      const rows = await rowsOf(
        'find_claims',
        `SELECT found.* FROM unnest($1::bigint[], $2::text[]) AS asked (hash, value) CROSS JOIN LATERAL (
           SELECT DISTINCT ON (alias.trail) alias.trail + (trail.steps > trail.claims)::integer * ${SERVED}::bigint AS place, kind, ref
           FROM alias JOIN trail ON trail.id = alias.trail
           WHERE alias.hash = asked.hash AND alias.value = asked.value AND NOT EXISTS (
             SELECT 1 FROM alias AS served WHERE served.trail = alias.trail AND served.hash = ANY($3::bigint[]) AND served.value = ANY($4::text[])
           )
           ORDER BY alias.trail DESC, kind DESC LIMIT ${MOST_CLAIMS}
         ) AS found`,
        [keys.map(aliasHash), keys.map(storableText), values.map(aliasHash), values.map(storableText)],
      )
      const all = rows.map(foundIn)
      const count = new Set(all.map(({ reference }) => reference)).size
      return { found: inPlaceOrder(all, options), count: Math.min(count, MOST_CLAIMS) }
    },
    async recent({ since, limit, said }) {
      const rows = await rowsOf(
        'recent',
        'SELECT ref FROM trail WHERE seen_hour >= $1 AND (steps > claims) IN ($2, $3) ORDER BY seen_hour DESC, id DESC LIMIT $4',
        [Math.floor(since / HOUR_MS), said !== 'by-browser', said === 'by-server', limit + 1],
      )
      return { references: rows.slice(0, limit).map(({ ref }) => ref as Reference), more: rows.length > limit }
    },
    async known(references) {
      const rows = await rowsOf('known', 'SELECT ref FROM trail WHERE ref = ANY($1::text[])', [references])
      const known = new Set(rows.map(({ ref }) => ref))
      return references.filter((reference) => known.has(reference))
    },
    async unseen() {
      return []
    },
    async personFrom(beginning) {
      for (const from of [beginning, claimedKey(beginning)]) {
        // After every hex digit comes "g".
        const [row] = await rowsOf(
          'person',
          `SELECT value FROM alias JOIN trail ON trail.id = alias.trail WHERE kind = 'person' AND value >= $1 AND value < $2 LIMIT 1`,
          [from, `${from}g`],
        )
        if (row) return String(row['value']).trim()
      }
      return undefined
    },
  }
}

type Row = Readonly<Record<string, unknown>>

const HOUR_MS = 3_600_000

/** The columns hold only what the desk wrote. */
function foundIn({ ref, kind, place }: Row): FoundReference {
  return { reference: ref as Reference, kind: kind as AliasKind, place: Number(place) }
}
