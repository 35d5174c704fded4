import type { DatabaseSync } from 'node:sqlite'
import type { NamespaceOptions } from '@waybill/reference'
import { createSqliteAliases } from './sqliteAliases.ts'
import { inTransaction } from './inTransaction.ts'
import { stepIn } from '../StoredStep.ts'

/** Forgets whole trails, a few at a time. */
export function createSqlitePruner(database: DatabaseSync, { namespace }: NamespaceOptions): SqlitePruner {
  const aliases = createSqliteAliases(database, { namespace })
  const stepsOf = database.prepare('SELECT step FROM ev WHERE ref_id = ?')
  const staleTrails = database.prepare(
    'SELECT id, steps FROM refs WHERE seen_hour < ? ORDER BY seen_hour, id LIMIT 100',
  )
  const dropSteps = database.prepare('DELETE FROM ev WHERE ref_id = ?')
  const dropEvicted = database.prepare('DELETE FROM evicted WHERE ref_id = ?')
  const dropTrail = database.prepare('DELETE FROM refs WHERE id = ?')

  function forget(trail: number): void {
    aliases.drop(stepsOf.all(trail).map(stepIn), trail)
    dropSteps.run(trail)
    dropEvicted.run(trail)
    dropTrail.run(trail)
  }

  return {
    forget,
    pruneSome(beforeHour) {
      const trails: number[] = []
      let steps = 0
      for (const row of staleTrails.all(beforeHour)) {
        if (trails.length > 0 && steps + Number(row['steps']) > STEPS_AT_ONCE) break
        trails.push(Number(row['id']))
        steps += Number(row['steps'])
      }
      if (trails.length > 0) inTransaction(database, () => trails.forEach(forget))
      return trails.length
    },
  }
}

export interface SqlitePruner {
  /** Within a transaction of the caller's. */
  forget(trail: number): void
  /**
   * Those of the trails last added to before an hour (since the epoch) that were added to longest ago, in one small transaction, so
   * that intake never waits long behind it. Gives how many went.
   */
  pruneSome(beforeHour: number): number
}

const STEPS_AT_ONCE = 1000
