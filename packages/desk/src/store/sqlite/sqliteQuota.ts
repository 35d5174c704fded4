import type { DatabaseSync } from 'node:sqlite'
import type { NamespaceOptions } from '@waybill/reference'
import { createSqlitePruner } from './sqlitePruner.ts'
import { HOUR_MS } from './sqliteWriter.ts'
import { sqliteBytes } from './sqliteBytes.ts'
import type { Shrunk } from '../Store.ts'

/**
 * Keeps a database within a number of bytes: above it the trails that were added to longest ago are forgotten, down to nineteen twentieths of
 * it. What was added to within the last 24 hours stays, however much that is. Their pages are used again, so the file grows no
 * further; it becomes smaller when somebody is erased.
 */
export function createSqliteQuota(database: DatabaseSync, { namespace, now }: QuotaOptions) {
  const { pruneSome } = createSqlitePruner(database, { namespace })

  return function* shrinkTo(most: number): Generator<void, Shrunk> {
    let forgotten = 0
    if (sqliteBytes(database) > most) {
      const today = Math.floor(now() / HOUR_MS) - 24
      for (let some = 1; some > 0 && sqliteBytes(database) > most * 0.95; forgotten += some) {
        some = pruneSome(today)
        yield
      }
    }
    return { forgotten, bytes: sqliteBytes(database) }
  }
}

export interface QuotaOptions extends NamespaceOptions {
  readonly now: () => number
}
