import { parseReference } from '@waybill/reference'
import type { NamespaceOptions } from '@waybill/reference'
import { aliasesOf } from './aliasesOf.ts'
import type { AliasKind } from './aliasesOf.ts'
import { createGroupCommit } from './groupCommit.ts'
import { openSqlite } from './sqliteSchema.ts'
import { createSqliteWriter, HOUR_MS } from './sqliteWriter.ts'
import type { FoundReference, Store, StoreLimits } from './Store.ts'
import type { StoredStep } from './StoredStep.ts'

/** A store in one SQLite file, or in memory with `:memory:`. Needs nothing but Node. */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  const { databaseFile, namespace = '', now = Date.now } = options
  const { stepsPerTrail = 2000, claimsPerTrail = 200, waitingSteps = 20_000 } = options
  const { database, secret } = openSqlite(databaseFile)
  const write = createSqliteWriter(database, { namespace, stepsPerTrail, claimsPerTrail, now })
  const group = createGroupCommit({ write, mostWaiting: waitingSteps })

  const stepsOf = database.prepare('SELECT step FROM ev WHERE ref_id = (SELECT id FROM refs WHERE ref = ?) ORDER BY id')
  const findValue = database.prepare(
    'SELECT a.ref_id, a.kind, r.ref FROM alias a JOIN refs r ON r.id = a.ref_id WHERE a.value = ? ORDER BY a.ref_id DESC LIMIT ?',
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
    async find(values, { limit }) {
      const found = new Map<number, FoundReference>()
      for (const value of values) {
        // One trail has a value under two kinds at most now and then, so twice the limit is enough to choose from.
        for (const row of findValue.all(value, limit * 2)) {
          const parsed = parseReference(row['ref'])
          const id = Number(row['ref_id'])
          if (parsed.ok && !found.has(id))
            found.set(id, { reference: parsed.reference, kind: row['kind'] as AliasKind })
        }
      }
      return [...found]
        .toSorted(([a], [b]) => b - a)
        .map(([, each]) => each)
        .slice(0, limit)
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

/** The column holds only what this store wrote. */
function stepIn(row: Record<string, unknown>): StoredStep {
  return JSON.parse(String(row['step'])) as StoredStep
}
