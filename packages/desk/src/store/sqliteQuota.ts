import type { DatabaseSync } from 'node:sqlite'
import type { NamespaceOptions } from '@waybill/reference'
import { createSqlitePruner } from './sqlitePruner.ts'
import { HOUR_MS } from './sqliteWriter.ts'
import type { Shrunk, Usage } from './Store.ts'

/**
 * Keeps a database within a number of bytes: above it the trails that were added to longest ago are forgotten, down to nineteen twentieths of
 * it. What was added to within the last 24 hours stays, however much that is. Their pages are used again, so the file grows no
 * further; it becomes smaller when somebody is erased.
 */
export function createSqliteQuota(database: DatabaseSync, { namespace, now }: QuotaOptions): SqliteQuota {
  const { pruneSome } = createSqlitePruner(database, { namespace })
  const count = database.prepare('SELECT count(*) AS trails FROM refs')

  function bytes(): number {
    const number = (pragma: string): number =>
      Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0])
    return (number('page_count') - number('freelist_count')) * number('page_size')
  }

  return {
    usage: () => ({ bytes: bytes(), trails: Number(count.get()?.['trails']) }),
    *shrinkTo(most) {
      let forgotten = 0
      if (bytes() > most) {
        const today = Math.floor(now() / HOUR_MS) - 24
        for (let some = 1; some > 0 && bytes() > most * 0.95; forgotten += some) {
          some = pruneSome(today)
          yield
        }
      }
      return { forgotten, bytes: bytes() }
    },
  }
}

export interface SqliteQuota {
  usage(): Usage
  shrinkTo(bytes: number): Generator<void, Shrunk>
}

export interface QuotaOptions extends NamespaceOptions {
  readonly now: () => number
}
