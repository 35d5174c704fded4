import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import type { TrailSource } from '../../migrate/TrailRecord.ts'
import { createAliasHash } from './aliases/createAliasHash.ts'
import { createDays } from './days/createDays.ts'
import { openDayFolder } from './days/DayFolder.ts'
import type { DayFile } from './days/DayFolder.ts'
import { exportTrails } from './exportTrails.ts'
import { openSqlite } from './sqliteSchema.ts'

/**
 * A SQLite store to move trails out of, also while its desk runs.
 *
 * @throws Error when the database cannot be opened.
 */
export function openSqliteTrailSource({
  databaseFile,
  hashSecret,
  onDamage = () => {},
}: SqliteTrailSourceOptions): TrailSource {
  const { database, secret } = openSqlite(databaseFile, { hashSecret })
  database.close()
  const folder = openDayFolder(databaseFile)
  const days = createDays({ folder, hash: createAliasHash(secret), onDamage, timeoutMs: 5000 })
  const states = days.askAll((day) => ({ number: day.file.number, ...day.state() }))
  return {
    secret,
    sourceId: createHash('sha256')
      .update(JSON.stringify([realpathSync(databaseFile), states]))
      .digest('hex')
      .slice(0, 32),
    async count() {
      return {
        trails: states.reduce((sum, { trails }) => sum + trails, 0),
        steps: states.reduce((sum, { steps }) => sum + steps, 0),
      }
    },
    exportTrails: ({ after } = {}) => exportTrails({ databaseFile, after, onDamage }),
    async close() {
      days.close()
    },
  }
}

export interface SqliteTrailSourceOptions {
  /** The main file's path. */
  readonly databaseFile: string
  /** See `openHashSecret`. */
  readonly hashSecret?: string | undefined
  /** Hears once of each day file that cannot be read; its trails are missing. @default nobody */
  readonly onDamage?: ((file: DayFile, error: unknown) => void) | undefined
}
