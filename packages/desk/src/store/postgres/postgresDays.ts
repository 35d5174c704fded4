import type { Pool } from 'pg'
import { inPostgresTransaction } from './inPostgresTransaction.ts'
import { PARTITION_LOCK } from './postgresSchema.ts'

/** The partitions of a desk's tables, one for each UTC day on which something arrived. Days are counted since the epoch. */
export function createPostgresDays(pool: Pool): PostgresDays {
  const known = new Set<number>()

  /** The days up to `last` that a table still has, the oldest first. */
  async function list(last: number): Promise<number[]> {
    const { rows } = await pool.query(
      `SELECT DISTINCT substring(c.relname FROM '\\d+$')::integer AS day FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent IN ('step'::regclass, 'alias'::regclass) ORDER BY 1`,
    )
    return rows.map(({ day }) => Number(day)).filter((day) => day <= last)
  }

  /**
   * Moves some of the trails that were added to later, with all that arrived up to `last`, into the day on which they were last added to, with which they are
   * forgotten. Gives how many.
   */
  async function carrySome(last: number): Promise<number> {
    const { rows: days } = await pool.query(
      'SELECT DISTINCT greatest(seen_hour / 24, $1::integer + 1) AS day FROM trail WHERE first_day <= $1',
      [last],
    )
    for (const { day } of days) await ensure(Number(day))
    return await inPostgresTransaction(pool, async (client) => {
      // In the order in which steps lock them; whoever adds to one now waits.
      const { rows } = await client.query(
        `SELECT id, greatest(seen_hour / 24, $1::integer + 1) AS day FROM trail WHERE id IN (
           SELECT id FROM (SELECT id, sum(steps) OVER (ORDER BY id) - steps AS before FROM trail WHERE first_day <= $1) AS due
           WHERE before < ${STEPS_AT_ONCE} ORDER BY id LIMIT ${TRAILS_AT_ONCE}
         ) ORDER BY ref FOR UPDATE`,
        [last],
      )
      const carried = [last, rows.map(({ id }) => id), rows.map(({ day }) => day)]
      await client.query(
        `WITH moved AS (DELETE FROM step WHERE day <= $1 AND trail = ANY($2::bigint[]) RETURNING trail, id, step)
         INSERT INTO step (day, trail, id, step) SELECT into_day, trail, id, step FROM moved JOIN unnest($2::bigint[], $3::integer[]) AS living (trail, into_day) USING (trail)`,
        carried,
      )
      // A value that the younger day has as well is there once.
      await client.query(
        `WITH moved AS (DELETE FROM alias WHERE day <= $1 AND trail = ANY($2::bigint[]) RETURNING hash, trail, kind, value)
         INSERT INTO alias (day, hash, trail, kind, value) SELECT into_day, hash, trail, kind, value FROM moved
         JOIN unnest($2::bigint[], $3::integer[]) AS living (trail, into_day) USING (trail) ON CONFLICT DO NOTHING`,
        carried,
      )
      await client.query(
        'UPDATE trail SET first_day = $1::integer + 1 WHERE id = ANY($2::bigint[])',
        carried.slice(0, 2),
      )
      return rows.length
    })
  }

  /** Whether the day is gone now. It is not while somebody reads it, or a trail has come to have something in it. */
  async function drop(day: number): Promise<boolean> {
    try {
      return await inPostgresTransaction(pool, async (client) => {
        await client.query(`SET LOCAL lock_timeout = ${LOCK_MS}`)
        await client.query(`SELECT pg_advisory_xact_lock(${PARTITION_LOCK})`)
        // From here on nobody has anything under way in these tables, so what is asked next stays true.
        await client.query(`LOCK TABLE ONLY step, ONLY alias IN ACCESS EXCLUSIVE MODE`)
        const { rows } = await client.query('SELECT EXISTS (SELECT 1 FROM trail WHERE first_day <= $1) AS used', [day])
        if (rows[0]?.used) return false
        for (const table of TABLES) await client.query(`DROP TABLE IF EXISTS ${table}_${day}`)
        await client.query('DELETE FROM uncleared WHERE day = $1', [day])
        return true
      })
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE) return false
      throw error
    }
  }

  async function ensure(day: number): Promise<void> {
    if (known.has(day)) return
    await inPostgresTransaction(pool, async (client) => {
      await client.query(`SELECT pg_advisory_xact_lock(${PARTITION_LOCK})`)
      for (const table of TABLES) {
        const { rows } = await client.query('SELECT to_regclass($1) AS there', [`${table}_${day}`])
        if (rows[0]?.there) continue
        // To attach a table locks less than to make it as a partition: whoever reads or writes goes on.
        await client.query(`CREATE TABLE ${table}_${day} (LIKE ${table} INCLUDING ALL)`)
        await client.query(
          `ALTER TABLE ${table} ATTACH PARTITION ${table}_${day} FOR VALUES FROM (${day}) TO (${day + 1})`,
        )
      }
    })
    known.add(day)
  }

  return {
    ensure,
    async holding(hours, write) {
      for (const again of [true, false]) {
        for (const day of new Set(hours.map((hour) => Math.floor(hour / 24)))) await ensure(day)
        try {
          return await write()
        } catch (error) {
          if (!again || !isNoPartition(error)) throw error
          // Another desk's clock was ahead, and it has dropped the day.
          known.clear()
        }
      }
      throw new Error(
        '[waybill] A day of the desk’s tables is dropped as soon as it is made. Set the clocks of all desks.',
      )
    },
    async dropBefore(firstKept) {
      const due = await list(firstKept - 1)
      if (due.length === 0) return true
      for (let tries = 1; ; tries++) {
        while ((await carrySome(due.at(-1)!)) > 0);
        while (due.length > 0 && (await drop(due[0]!))) known.delete(due.shift()!)
        if (due.length === 0) return true
        if (tries === MOST_TRIES) return false
      }
    },
  }
}

export interface PostgresDays {
  /** Makes the day's partitions, unless they are there. */
  ensure(day: number): Promise<void>
  /** Writes what arrives in these hours, whose partitions are made unless they are there; once more where one was dropped meanwhile. */
  holding<Result>(hours: readonly number[], write: () => Promise<Result>): Promise<Result>
  /**
   * Drops the days before one. What is in them of trails that were added to later is moved into younger days first. False where a day stays for now,
   * because somebody reads it for long.
   */
  dropBefore(firstKept: number): Promise<boolean>
}

/** `check_violation`, which is what PostgreSQL answers to a row that no partition is for. */
function isNoPartition(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23514'
}

const TABLES = ['step', 'alias'] as const

/** Whoever adds to one of these trails waits until all are moved. */
const TRAILS_AT_ONCE = 200
const STEPS_AT_ONCE = 10_000
/** Look-ups and intake wait behind whoever waits for a lock. Less than PostgreSQL's deadlock_timeout, so that it is this that gives up. */
const LOCK_MS = 300
const MOST_TRIES = 10
const LOCK_NOT_AVAILABLE = '55P03'
