import type { NamespaceOptions } from '@waybill/reference'
import { createGroupCommit } from '../groupCommit.ts'
import { inTurns } from '../inTurns.ts'
import type { Store, StoreLimits } from '../Store.ts'
import { createAliasHash } from './aliases/createAliasHash.ts'
import { checkSqlite } from './checkSqlite.ts'
import { createActiveDay } from './days/createActiveDay.ts'
import { createDays } from './days/createDays.ts'
import type { DayFile } from './days/DayFolder.ts'
import { openDayFolder } from './days/DayFolder.ts'
import { keepCheckpointed } from './keepCheckpointed.ts'
import { createSqliteEraser } from './sqliteEraser.ts'
import { createSqliteMeta } from './sqliteMeta.ts'
import { createSqliteQuota } from './sqliteQuota.ts'
import { createSqliteReader } from './sqliteReader.ts'
import { createSqliteRetention } from './sqliteRetention.ts'
import { BUSY_TIMEOUT_MS, openSqlite } from './sqliteSchema.ts'
import { createSqliteWriter } from './sqliteWriter.ts'

/**
 * A store in SQLite files, one for each day beside a small main file, or in memory with `:memory:`. Needs nothing but Node. It reads and writes in the
 * thread that calls it; a desk keeps the writes in a thread of their own, see `openDeskStore`.
 */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  const { databaseFile, hashSecret, namespace = '', now = Date.now, onDamage = () => {}, entriesPerFile } = options
  const { stepsPerTrail = 2000, claimsPerTrail = 200, waitingSteps = 20_000 } = options
  const { database: main, secret } = openSqlite(databaseFile, { hashSecret })
  const folder = openDayFolder(databaseFile)
  const hash = createAliasHash(secret)
  const meta = createSqliteMeta(main)
  const active = createActiveDay({ main, folder, hash, namespace, now, onDamage, entriesPerFile })
  const writer = createSqliteWriter(active, { namespace, stepsPerTrail, claimsPerTrail, now, hash })
  const group = createGroupCommit({ write: writer.write, mostWaiting: waitingSteps })
  const days = createDays({ folder, hash, onDamage, timeoutMs: BUSY_TIMEOUT_MS })
  const stopCheckpoints = keepCheckpointed(() => [main, ...active.open()])
  const retain = createSqliteRetention({ active, meta, now })
  const shrinkTo = createSqliteQuota({ active, now })
  const erase = createSqliteEraser({ active, hash, namespace })
  const isOver = (): boolean => !main.isOpen

  return {
    ...createSqliteReader({ days, hash, namespace }),
    secret,
    async append(steps) {
      const written = group.add(steps)
      return typeof written === 'string' ? { ok: false, reason: written } : await written
    },
    retain: (retainOptions) => inTurns(retain(retainOptions), isOver).finally(writer.forget),
    shrinkTo: (bytes) => inTurns(shrinkTo(bytes), isOver).finally(writer.forget),
    async erase(whom, eraseOptions) {
      // What is waiting would be written afterwards.
      group.commit()
      return await inTurns(erase(whom, eraseOptions), isOver).finally(writer.forget)
    },
    async check() {
      checkSqlite(main)
    },
    async stop() {
      if (!main.isOpen) return
      stopCheckpoints()
      group.commit()
      days.close()
      active.close()
      main.close()
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
  /** After so many entries that lead to trails, two for a small step, a day goes on in another file. @default 2000000 */
  readonly entriesPerFile?: number | undefined
  /** Hears once of each day file that cannot be read. @default nobody */
  readonly onDamage?: ((file: DayFile, error: unknown) => void) | undefined
}
