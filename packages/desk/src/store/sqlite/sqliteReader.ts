import type { DatabaseSync } from 'node:sqlite'
import type { Reference } from '@waybill/reference'
import { claimedKey } from '../aliasesOf.ts'
import type { AliasKind } from '../aliasesOf.ts'
import { sqliteBytes } from './sqliteBytes.ts'
import { HOUR_MS } from './sqliteWriter.ts'
import { inPlaceOrder, MOST_CLAIMS, SERVED } from '../placeOrder.ts'
import type { FoundReference, StoreReader } from '../Store.ts'
import { stepIn } from '../StoredStep.ts'

/** The half of a store that reads. Needs no more than a connection that may read. */
export function createSqliteReader(database: DatabaseSync): StoreReader {
  const stepsOf = database.prepare('SELECT step FROM ev WHERE ref_id = (SELECT id FROM refs WHERE ref = ?) ORDER BY id')
  const findValue = database.prepare(
    `SELECT a.ref_id AS place, a.kind, r.ref FROM alias a JOIN refs r ON r.id = a.ref_id
     WHERE a.value = ? AND a.ref_id < ? AND a.kind = coalesce(?, a.kind) ORDER BY a.ref_id DESC LIMIT ?`,
  )
  // A trail that a server ties to one of the values is none of these. Servers' steps lift a place above every number there is.
  const findClaim = database.prepare(
    `SELECT a.ref_id + (r.steps > r.claims) * ${SERVED} AS place, a.kind, r.ref FROM alias a JOIN refs r ON r.id = a.ref_id
     WHERE a.value = ? AND NOT EXISTS (
       SELECT 1 FROM alias s WHERE s.ref_id = a.ref_id AND s.value IN (SELECT value FROM json_each(?))
     ) ORDER BY a.ref_id DESC LIMIT ${MOST_CLAIMS}`,
  )
  const knownOf = database.prepare('SELECT ref FROM refs WHERE ref IN (SELECT value FROM json_each(?))')
  const recentOf = database.prepare(
    'SELECT ref FROM refs WHERE seen_hour >= ? AND (steps > claims) IN (?, ?) ORDER BY seen_hour DESC, id DESC LIMIT ?',
  )
  const personIn = database.prepare(
    "SELECT value FROM alias WHERE value >= ? AND value < ? AND kind = 'person' LIMIT 1",
  )
  const countEvicted = database.prepare(
    'SELECT count(*) AS count FROM evicted WHERE ref_id = (SELECT id FROM refs WHERE ref = ?)',
  )
  const countTrails = database.prepare('SELECT count(*) AS count FROM refs')

  return {
    async size() {
      return { trails: Number(countTrails.get()?.['count']), bytes: sqliteBytes(database) }
    },
    async trail(reference) {
      return stepsOf.all(reference).map(stepIn)
    },
    async evictedFrom(reference) {
      return Number(countEvicted.get(reference)?.['count'])
    },
    async find(values, options) {
      const { limit, after = Number.MAX_SAFE_INTEGER, kind = null } = options
      // One trail has a value under two kinds at most now and then, so twice the limit is enough to choose from.
      return inPlaceOrder(values.flatMap((value) => findValue.all(value, after, kind, limit * 2)).map(foundIn), options)
    },
    async findClaims(values, options) {
      const all: FoundReference[] = []
      for (const value of values) {
        if (all.length < MOST_CLAIMS) all.push(...findClaim.all(claimedKey(value), JSON.stringify(values)).map(foundIn))
      }
      const count = new Set(all.map(({ reference }) => reference)).size
      return { found: inPlaceOrder(all, options), count: Math.min(count, MOST_CLAIMS) }
    },
    async recent({ since, limit, said }) {
      const served = [Number(said !== 'by-browser'), Number(said === 'by-server')]
      const rows = recentOf.all(Math.floor(since / HOUR_MS), ...served, limit + 1)
      const references = rows.slice(0, limit).map((row) => row['ref'] as Reference)
      return { references, more: rows.length > limit }
    },
    async known(references) {
      const known = new Set(knownOf.all(JSON.stringify(references)).map((row) => row['ref']))
      return references.filter((reference) => known.has(reference))
    },
    async unseen() {
      return []
    },
    async personFrom(beginning) {
      for (const from of [beginning, claimedKey(beginning)]) {
        // After every hex digit comes "g".
        const value = personIn.get(from, `${from}g`)?.['value']
        if (typeof value === 'string') return value.trim()
      }
      return undefined
    },
  }
}

/** The columns hold only what this store wrote. */
function foundIn(row: Record<string, unknown>): FoundReference {
  return { reference: row['ref'] as Reference, kind: row['kind'] as AliasKind, place: Number(row['place']) }
}
