import type { NamespaceOptions } from '@waybill/reference'
import { createGroupCommit } from './groupCommit.ts'
import { keepCheckpointed } from './keepCheckpointed.ts'
import { createSqlitePruner } from './sqlitePruner.ts'
import { createSqliteReader } from './sqliteReader.ts'
import type { StoreReader } from './sqliteReader.ts'
import { openSqlite } from './sqliteSchema.ts'
import { createSqliteWriter } from './sqliteWriter.ts'
import type { Store, StoreLimits } from './Store.ts'

/**
 * A store in one SQLite file, or in memory with `:memory:`. Needs nothing but Node. It reads and writes in the thread that calls it,
 * by one connection; a desk keeps the writes of a file in a thread of their own, see `openDeskStore`.
 */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  const { databaseFile, namespace = '', now = Date.now } = options
  const { stepsPerTrail = 2000, claimsPerTrail = 200, waitingSteps = 20_000 } = options
  const { database, secret } = openSqlite(databaseFile)
  const write = createSqliteWriter(database, { namespace, stepsPerTrail, claimsPerTrail, now })
  const group = createGroupCommit({ write, mostWaiting: waitingSteps })
  const { pruneSome } = createSqlitePruner(database, { namespace })
  const stopCheckpoints = keepCheckpointed(database)

  return {
    ...createSqliteReader(database),
    secret,
    async append(steps) {
      const written = group.add(steps)
      return typeof written === 'string' ? { ok: false, reason: written } : await written
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
    async stop() {
      if (!database.isOpen) return
      stopCheckpoints()
      group.commit()
      database.close()
    },
  }
}

/** What changes a store; the rest of it reads. */
export type StoreWrites = Omit<Store, keyof StoreReader | 'secret' | 'stop'>

export interface SqliteStoreOptions extends NamespaceOptions, StoreLimits {
  /** A path, or `:memory:`. */
  readonly databaseFile: string
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined
}
