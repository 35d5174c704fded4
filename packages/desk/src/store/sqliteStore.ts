import type { NamespaceOptions, Reference } from '@waybill/reference'
import { aliasesOf, claimedKey } from './aliasesOf.ts'
import type { AliasKind } from './aliasesOf.ts'
import { createGroupCommit } from './groupCommit.ts'
import { openSqlite } from './sqliteSchema.ts'
import { createSqliteWriter, HOUR_MS } from './sqliteWriter.ts'
import type { FindOptions, FoundReference, Store, StoreLimits } from './Store.ts'
import { stepIn } from './StoredStep.ts'

/** A store in one SQLite file, or in memory with `:memory:`. Needs nothing but Node. */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  const { databaseFile, namespace = '', now = Date.now } = options
  const { stepsPerTrail = 2000, claimsPerTrail = 200, waitingSteps = 20_000 } = options
  const { database, secret } = openSqlite(databaseFile)
  const write = createSqliteWriter(database, { namespace, stepsPerTrail, claimsPerTrail, now })
  const group = createGroupCommit({ write, mostWaiting: waitingSteps })

  const stepsOf = database.prepare('SELECT step FROM ev WHERE ref_id = (SELECT id FROM refs WHERE ref = ?) ORDER BY id')
  const findValue = database.prepare(
    `SELECT a.ref_id AS place, a.kind, r.ref FROM alias a JOIN refs r ON r.id = a.ref_id
     WHERE a.value = ? AND a.ref_id < ? ORDER BY a.ref_id DESC LIMIT ?`,
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
    'SELECT ref FROM refs WHERE seen_hour >= ? ORDER BY seen_hour DESC, id DESC LIMIT ?',
  )
  const personIn = database.prepare(
    "SELECT value FROM alias WHERE value >= ? AND value < ? AND kind = 'person' LIMIT 1",
  )
  const staleTrails = database.prepare('SELECT id, ref FROM refs WHERE seen_hour < ? LIMIT 100')
  const dropAlias = database.prepare('DELETE FROM alias WHERE value = ? AND ref_id = ? AND kind = ?')
  const dropSteps = database.prepare('DELETE FROM ev WHERE ref_id = ?')
  const dropEvicted = database.prepare('DELETE FROM evicted WHERE ref_id = ?')
  const dropTrail = database.prepare('DELETE FROM refs WHERE id = ?')
  const countEvicted = database.prepare(
    'SELECT count(*) AS count FROM evicted WHERE ref_id = (SELECT id FROM refs WHERE ref = ?)',
  )

  /** One small transaction, so that intake never waits long behind it. Gives how many trails went. */
  function pruneSome(hour: number): number {
    const trails = staleTrails.all(hour)
    database.exec('BEGIN IMMEDIATE')
    try {
      for (const { id, ref } of trails) {
        for (const row of stepsOf.all(ref!)) {
          for (const alias of aliasesOf(stepIn(row), { namespace })) dropAlias.run(alias.value, id!, alias.kind)
        }
        dropSteps.run(id!)
        dropEvicted.run(id!)
        dropTrail.run(id!)
      }
      database.exec('COMMIT')
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
    return trails.length
  }

  return {
    secret,
    async append(steps) {
      return (await group.add(steps)) ?? { ok: false, reason: 'busy' }
    },
    async trail(reference) {
      return stepsOf.all(reference).map(stepIn)
    },
    async evictedFrom(reference) {
      return Number(countEvicted.get(reference)?.['count'])
    },
    async find(values, options) {
      const { limit, after = Number.MAX_SAFE_INTEGER } = options
      // One trail has a value under two kinds at most now and then, so twice the limit is enough to choose from.
      return inOrder(values.flatMap((value) => findValue.all(value, after, limit * 2)).map(foundIn), options)
    },
    async findClaims(values, options) {
      const all: FoundReference[] = []
      for (const value of values) {
        if (all.length < MOST_CLAIMS) all.push(...findClaim.all(claimedKey(value), JSON.stringify(values)).map(foundIn))
      }
      const count = new Set(all.map(({ reference }) => reference)).size
      return { found: inOrder(all, options), count: Math.min(count, MOST_CLAIMS) }
    },
    async recent({ since, limit }) {
      const rows = recentOf.all(Math.floor(since / HOUR_MS), limit + 1)
      const references = rows.slice(0, limit).map((row) => row['ref'] as Reference)
      return { references, more: rows.length > limit }
    },
    async known(references) {
      const known = new Set(knownOf.all(JSON.stringify(references)).map((row) => row['ref']))
      return references.filter((reference) => known.has(reference))
    },
    async personFrom(beginning) {
      for (const from of [beginning, claimedKey(beginning)]) {
        // After every hex digit comes "g".
        const value = personIn.get(from, `${from}g`)?.['value']
        if (typeof value === 'string') return value.trim()
      }
      return undefined
    },
    async prune(before) {
      const hour = Math.floor(before / HOUR_MS)
      let all = 0
      for (let some = pruneSome(hour); some > 0; some = pruneSome(hour)) {
        all += some
        await new Promise((resolve) => setImmediate(resolve))
        if (!database.isOpen) break
      }
      return all
    },
    async stop() {
      if (!database.isOpen) return
      group.commit()
      database.close()
    },
  }
}

export interface SqliteStoreOptions extends NamespaceOptions, StoreLimits {
  /** A path, or `:memory:`. */
  readonly databaseFile: string
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined
}

/** How many claims of one value are looked at. */
const MOST_CLAIMS = 10_000
const SERVED = 2 ** 50

/** Each trail once, at its first place. */
function inOrder(found: readonly FoundReference[], { limit, after = Number.MAX_SAFE_INTEGER }: FindOptions) {
  const seen = new Set<Reference>()
  return found
    .toSorted((a, b) => b.place - a.place)
    .filter(({ reference, place }) => place < after && !seen.has(reference) && seen.add(reference))
    .slice(0, limit)
}

/** The columns hold only what this store wrote. */
function foundIn(row: Record<string, unknown>): FoundReference {
  return { reference: row['ref'] as Reference, kind: row['kind'] as AliasKind, place: Number(row['place']) }
}
