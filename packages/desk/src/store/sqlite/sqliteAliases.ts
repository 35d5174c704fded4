import type { DatabaseSync } from 'node:sqlite'
import type { NamespaceOptions } from '@waybill/reference'
import { aliasesOf } from '../aliasesOf.ts'
import type { StoredStep } from '../StoredStep.ts'

/** Ties the values of steps to trails, and takes them away again. Within a transaction of the caller's. */
export function createSqliteAliases(database: DatabaseSync, { namespace }: NamespaceOptions): SqliteAliases {
  const addAlias = database.prepare('INSERT OR IGNORE INTO alias (value, ref_id, kind) VALUES (?, ?, ?)')
  const dropAlias = database.prepare('DELETE FROM alias WHERE value = ? AND ref_id = ? AND kind = ?')
  return {
    add(steps, trail) {
      for (const step of steps)
        for (const { value, kind } of aliasesOf(step, { namespace })) addAlias.run(value, trail, kind)
    },
    drop(steps, trail) {
      for (const step of steps)
        for (const { value, kind } of aliasesOf(step, { namespace })) dropAlias.run(value, trail, kind)
    },
  }
}

export interface SqliteAliases {
  add(steps: readonly StoredStep[], trail: number): void
  /** A value may lead to the trail by other steps as well: add those that stay once more. */
  drop(steps: readonly StoredStep[], trail: number): void
}
