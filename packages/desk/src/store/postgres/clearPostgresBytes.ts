import { setTimeout } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import { CLEARING_LOCK } from './postgresSchema.ts'

/**
 * Writes the tables anew in whose bytes something erased may still be, since deleted rows stay in them until other rows take their room. Each is locked
 * meanwhile: what is looked up or written there waits. False while somebody reads, or has an old view of the database, for long: then the bytes
 * are still there, and are gone when it is done again.
 */
export async function clearPostgresBytes(pool: Pool): Promise<boolean> {
  const client = await pool.connect()
  try {
    // Another desk may be at it.
    await client.query(`SELECT pg_advisory_lock(${CLEARING_LOCK})`)
    await client.query(`SET lock_timeout = ${LOCK_MS}; SET statement_timeout = ${LONGEST_MS}`)
    const { rows } = await client.query('SELECT day FROM uncleared ORDER BY day')
    if (rows.length === 0) return true
    if (!(await isOwner(client)) || !(await isUnseen(client))) return false
    // It holds their references, and the spans that they gave up.
    for (const table of ['evicted', 'trail']) await writeAnew(client, table)
    for (const { day } of rows) {
      for (const table of [`step_${day}`, `alias_${day}`]) {
        const { rows: found } = await client.query('SELECT to_regclass($1) AS there', [table])
        if (found[0]?.there) await writeAnew(client, table)
      }
      await client.query('DELETE FROM uncleared WHERE day = $1', [day])
    }
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && PASSING.has(error.code)) return false
    throw error
  } finally {
    // With what was set, and the lock, the connection is nobody else's.
    client.release(true)
  }
}

/** Otherwise PostgreSQL warns, passes over the table, and says that all went well. */
async function isOwner(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT bool_and(pg_has_role(relowner, 'USAGE')) AS owns FROM pg_class
     WHERE relkind = 'r' AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'trail'::regclass)`,
  )
  return rows[0]?.['owns'] === true
}

async function writeAnew(client: PoolClient, table: string): Promise<void> {
  const query = { text: `VACUUM FULL ${table}`, query_timeout: LONGEST_MS }
  await client.query(query)
}

/** Whether nobody can see what is erased any more, so that PostgreSQL leaves it out when it writes a table anew. Waits a little for those who still can. */
async function isUnseen(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query('SELECT pg_current_xact_id()::text::bigint % (2^32)::bigint AS erased')
  const erased = [String(rows[0]?.['erased'])]
  for (let tries = 1; ; tries++) {
    // The older one's age is greater. Of autovacuum PostgreSQL knows itself that it looks at no row twice.
    const { rows: seeing } = await client.query(
      `SELECT 1 FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type <> 'autovacuum worker' AND (datname IS NULL OR datname = current_database())
         AND (age(backend_xmin) >= age($1::text::xid) OR age(backend_xid) >= age($1::text::xid))
       UNION ALL SELECT 1 FROM pg_replication_slots WHERE age(xmin) >= age($1::text::xid)
       UNION ALL SELECT 1 FROM pg_prepared_xacts WHERE database = current_database() AND age(transaction) >= age($1::text::xid)`,
      erased,
    )
    if (seeing.length === 0) return true
    if (tries === MOST_TRIES) return false
    await setTimeout(WAIT_MS)
  }
}

const LOCK_MS = 2000
const LONGEST_MS = 3_600_000
const WAIT_MS = 50
/** Two seconds in all. */
const MOST_TRIES = 40

/** lock_not_available, query_canceled, disk_full, insufficient_privilege (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const PASSING: ReadonlySet<unknown> = new Set(['55P03', '57014', '53100', '42501'])
