import type { NamespaceOptions } from '@waybill/reference'
import { checkSqlite } from './checkSqlite.ts'
import { createGroupCommit } from '../groupCommit.ts'
import { inTurns } from '../inTurns.ts'
import { keepCheckpointed } from './keepCheckpointed.ts'
import { createSqliteEraser } from './sqliteEraser.ts'
import { createSqliteQuota } from './sqliteQuota.ts'
import { createSqliteReader } from './sqliteReader.ts'
import { createSqliteRetention } from './sqliteRetention.ts'
import { openSqlite } from './sqliteSchema.ts'
import { createSqliteWriter } from './sqliteWriter.ts'
import type { Store, StoreLimits } from '../Store.ts'

/**
 * A store in one SQLite file, or in memory with `:memory:`. Needs nothing but Node. It reads and writes in the thread that calls it,
 * by one connection; a desk keeps the writes of a file in a thread of their own, see `openDeskStore`.
 */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  const { databaseFile, hashSecret, namespace = '', now = Date.now } = options
  const { stepsPerTrail = 2000, claimsPerTrail = 200, waitingSteps = 20_000 } = options
  const { database, secret } = openSqlite(databaseFile, { hashSecret })
  const write = createSqliteWriter(database, { namespace, stepsPerTrail, claimsPerTrail, now })
  const group = createGroupCommit({ write, mostWaiting: waitingSteps })
  const stopCheckpoints = keepCheckpointed(database)
  const retain = createSqliteRetention(database, { namespace, now })
  const shrinkTo = createSqliteQuota(database, { namespace, now })
  const erase = createSqliteEraser(database, { namespace })
  const isOver = (): boolean => !database.isOpen

  return {
    ...createSqliteReader(database),
    secret,
    async append(steps) {
      const written = group.add(steps)
      return typeof written === 'string' ? { ok: false, reason: written } : await written
    },
    retain: (retainOptions) => inTurns(retain(retainOptions), isOver),
    shrinkTo: (bytes) => inTurns(shrinkTo(bytes), isOver),
    async erase(whom, eraseOptions) {
      // What is waiting would be written afterwards.
      group.commit()
      return await inTurns(erase(whom, eraseOptions), isOver)
    },
    async check() {
      checkSqlite(database)
    },
    async stop() {
      if (!database.isOpen) return
      stopCheckpoints()
      group.commit()
      database.close()
    },
  }
}

export interface SqliteStoreOptions extends NamespaceOptions, StoreLimits {
  /** A path, or `:memory:`. */
  readonly databaseFile: string
  /** See `openHashSecret`. */
  readonly hashSecret?: string | undefined
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined
}
