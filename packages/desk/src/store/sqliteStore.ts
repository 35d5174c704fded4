import type { NamespaceOptions } from '@waybill/reference'
import { checkSqlite } from './checkSqlite.ts'
import { createGroupCommit } from './groupCommit.ts'
import { createSqlitePruner } from './sqlitePruner.ts'
import { createSqliteReader } from './sqliteReader.ts'
import { openSqlite } from './sqliteSchema.ts'
import { createSqliteWriter } from './sqliteWriter.ts'
import type { Store, StoreLimits } from './Store.ts'

/** A store in one SQLite file, or in memory with `:memory:`. Needs nothing but Node. */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  const { databaseFile, namespace = '', now = Date.now } = options
  const { stepsPerTrail = 2000, claimsPerTrail = 200, waitingSteps = 20_000 } = options
  const { database, secret } = openSqlite(databaseFile)
  const write = createSqliteWriter(database, { namespace, stepsPerTrail, claimsPerTrail, now })
  const group = createGroupCommit({ write, mostWaiting: waitingSteps })
  const { pruneSome } = createSqlitePruner(database, { namespace })

  return {
    ...createSqliteReader(database),
    secret,
    async append(steps) {
      return (await group.add(steps)) ?? { ok: false, reason: 'busy' }
    },
    async prune(before) {
      let all = 0
      for (let some = pruneSome(before); some > 0; some = pruneSome(before)) {
        all += some
        await new Promise((resolve) => setImmediate(resolve))
        if (!database.isOpen) break
      }
      return all
    },
    async check() {
      checkSqlite(database)
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
