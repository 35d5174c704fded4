import type { NamespaceOptions } from '@waybill/reference'
import type { Pool, PoolClient } from 'pg'
import type { MigrationProgress, TrailRecord, TrailTarget } from '../../migrate/TrailRecord.ts'
import { createAdmission } from '../admission/createAdmission.ts'
import { createPostgresPool } from './createPostgresPool.ts'
import { createPostgresStore } from './createPostgresStore.ts'
import { inPostgresTransaction } from './inPostgresTransaction.ts'
import { postgresAddress } from './postgresAddress.ts'
import { createPostgresDays } from './postgresDays.ts'
import { postgresFault } from './postgresFault.ts'
import { writeTrails } from './writeTrails.ts'

/**
 * A PostgreSQL store to move trails into, made when it is not there. Desks may run on it meanwhile.
 *
 * @throws what `createPostgresStore` throws, and rejects with what keeps the database from being opened.
 */
export async function openPostgresTrailTarget(options: PostgresTrailTargetOptions): Promise<TrailTarget> {
  const { url, hashSecret, namespace = '' } = options
  const store = createPostgresStore({ url, hashSecret, namespace })
  const opened = await store.opened.then(
    () => null,
    (error: unknown) => ({ error }),
  )
  await store.stop()
  if (opened) throw opened.error
  const pool = createPostgresPool(postgresAddress(url), { most: 2, statementTimeoutMs: WRITE_MS })
  const days = createPostgresDays(pool)
  // The source applied its caps.
  const admission = createAdmission({ namespace, stepsPerTrail: Infinity, claimsPerTrail: Infinity })

  async function take(records: readonly TrailRecord[], progress: MigrationProgress): Promise<void> {
    const hours = records.map(({ seenHour }) => seenHour)
    await days.holding(hours, () =>
      inPostgresTransaction(pool, async (client) => {
        const base = progress.base ?? (await progressOf(client, progress.sourceId))?.base ?? (await reserve(client))
        const arriving = records.map(({ reference, steps, seenHour, evicted, place }) => {
          if (!(place >= 0 && place < MOST_TRAILS)) throw new RangeError(TOO_MANY)
          return { reference, steps, hour: seenHour, evicted, place: base + place }
        })
        await writeTrails(client, { admission, arriving })
        await client.query(
          'INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
          [keyOf(progress.sourceId), JSON.stringify({ ...progress, base })],
        )
      }),
    )
  }

  const asked = <Result>(work: () => Promise<Result>): Promise<Result> =>
    work().catch((error: unknown) => {
      throw postgresFault(error)
    })

  return {
    secret: store.secret,
    importTrails: (records, progress) => asked(() => take(records, progress)),
    progress: (sourceId) => asked(() => progressOf(pool, sourceId)),
    finish: (sourceId) =>
      asked(async () => {
        await pool.query('DELETE FROM meta WHERE key = $1', [keyOf(sourceId)])
      }),
    close: () => pool.end(),
  }
}

export interface PostgresTrailTargetOptions extends NamespaceOptions {
  /** See `PostgresStoreOptions`. */
  readonly url: URL
  /** See `serverHashSecret`. */
  readonly hashSecret?: string | undefined
}

const WRITE_MS = 300_000
/** So many places are kept free for one migration, for trails that arrive meanwhile come after all of its. */
const MOST_TRAILS = 2 ** 36

const TOO_MANY = '[waybill] A trail’s place in the source is none that PostgreSQL has room for. The source is damaged.'

function keyOf(sourceId: string): string {
  return `migration ${sourceId}`
}

async function progressOf(client: Pool | PoolClient, sourceId: string): Promise<MigrationProgress | undefined> {
  const { rows } = await client.query('SELECT value FROM meta WHERE key = $1', [keyOf(sourceId)])
  return rows[0] && (JSON.parse(rows[0].value) as MigrationProgress)
}

/** Gives the number after which the migration's trails come. */
async function reserve(client: PoolClient): Promise<number> {
  const { rows } = await client.query(
    `SELECT nextval('trail_id_seq') AS base, setval('trail_id_seq', currval('trail_id_seq') + ${MOST_TRAILS})`,
  )
  return Number(rows[0].base)
}
