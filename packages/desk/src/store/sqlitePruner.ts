import type { DatabaseSync } from 'node:sqlite'
import type { NamespaceOptions } from '@waybill/reference'
import { aliasesOf } from './aliasesOf.ts'
import { HOUR_MS } from './sqliteWriter.ts'
import { stepIn } from './StoredStep.ts'

/** Forgets trails, a hundred at a time. */
export function createSqlitePruner(database: DatabaseSync, { namespace }: NamespaceOptions) {
  const stepsOf = database.prepare('SELECT step FROM ev WHERE ref_id = ?')
  const staleTrails = database.prepare('SELECT id FROM refs WHERE seen_hour < ? LIMIT 100')
  const dropAlias = database.prepare('DELETE FROM alias WHERE value = ? AND ref_id = ? AND kind = ?')
  const dropSteps = database.prepare('DELETE FROM ev WHERE ref_id = ?')
  const dropEvicted = database.prepare('DELETE FROM evicted WHERE ref_id = ?')
  const dropTrail = database.prepare('DELETE FROM refs WHERE id = ?')

  return {
    /** One small transaction, so that intake never waits long behind it. Gives how many trails went. */
    pruneSome(before: number): number {
      const trails = staleTrails.all(Math.floor(before / HOUR_MS))
      database.exec('BEGIN IMMEDIATE')
      try {
        for (const { id } of trails) {
          for (const row of stepsOf.all(id!)) {
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
    },
  }
}
