import type { Pool } from 'pg'
import { inPostgresTransaction } from './inPostgresTransaction.ts'
import { PARTITION_LOCK } from './postgresSchema.ts'

/** The partitions of a desk's tables, one for each UTC day on which something arrived. Days are counted since the epoch. */
export function createPostgresDays(pool: Pool): PostgresDays {
  const known = new Set<number>()

  return {
    async ensure(day) {
      if (known.has(day)) return
      await inPostgresTransaction(pool, async (client) => {
        await client.query('SELECT pg_advisory_xact_lock($1)', [PARTITION_LOCK])
        const { rows } = await client.query('SELECT to_regclass($1) AS there', [`step_${day}`])
        if (rows[0]?.there) return
        for (const table of TABLES) {
          // To attach a table locks less than to make it as a partition: whoever reads or writes goes on.
          await client.query(`CREATE TABLE ${table}_${day} (LIKE ${table} INCLUDING ALL)`)
          await client.query(
            `ALTER TABLE ${table} ATTACH PARTITION ${table}_${day} FOR VALUES FROM (${day}) TO (${day + 1})`,
          )
        }
      })
      known.add(day)
    },
    forget() {
      known.clear()
    },
    async list() {
      const { rows } = await pool.query(
        "SELECT substr(c.relname, 6)::integer AS day FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'step'::regclass ORDER BY 1",
      )
      return rows.map(({ day }) => Number(day))
    },
    async dropBefore(firstKept, into) {
      const due = (await this.list()).filter((day) => day < firstKept)
      if (due.length === 0) return
      await this.ensure(into)
      for (const day of due) {
        await inPostgresTransaction(pool, async (client) => {
          await client.query(`SET LOCAL lock_timeout = ${LOCK_MS}`)
          await client.query('SELECT pg_advisory_xact_lock($1)', [PARTITION_LOCK])
          const { rows } = await client.query('SELECT to_regclass($1) AS there', [`step_${day}`])
          if (!rows[0]?.there) return
          // A trail that was added to later keeps all it has. Whoever adds to it now waits.
          const { rows: living } = await client.query(
            `SELECT id FROM trail WHERE first_day <= $1 AND id IN (SELECT trail FROM step_${day}) ORDER BY ref FOR UPDATE`,
            [day],
          )
          const ids = living.map(({ id }) => String(id))
          await client.query(
            `INSERT INTO step (day, trail, id, step) SELECT $1, trail, id, step FROM step_${day} WHERE trail = ANY($2::bigint[])`,
            [into, ids],
          )
          await client.query(
            `INSERT INTO alias (day, hash, trail, kind, value) SELECT $1, hash, trail, kind, value FROM alias_${day} WHERE trail = ANY($2::bigint[]) ON CONFLICT DO NOTHING`,
            [into, ids],
          )
          for (const table of TABLES) await client.query(`DROP TABLE ${table}_${day}`)
          await client.query(
            'UPDATE trail SET first_day = coalesce((SELECT min(day) FROM step WHERE step.trail = trail.id), $2) WHERE id = ANY($1::bigint[])',
            [ids, into],
          )
        })
        known.delete(day)
      }
    },
  }
}

export interface PostgresDays {
  /** Makes the day's partitions, unless they are there. */
  ensure(day: number): Promise<void>
  /** Looks again which are there, before the next is made. */
  forget(): void
  /** Those that are there, the oldest first. */
  list(): Promise<number[]>
  /** Drops the days before one. What is in them of trails that were added to later is moved into the day `into` first. */
  dropBefore(firstKept: number, into: number): Promise<void>
}

const TABLES = ['step', 'alias'] as const

/** Who reads a day that is to go is waited for so long; there is a next time. */
const LOCK_MS = 5000
