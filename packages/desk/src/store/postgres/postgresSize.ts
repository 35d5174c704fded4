import type { Pool } from 'pg'
import type { StoreSize } from '../Store.ts'

/** How much the tables of trails hold and take, their indexes and what is free in them included. Of very many trails the count is PostgreSQL's estimate. */
export async function postgresSize(pool: Pool): Promise<StoreSize> {
  const { rows } = await pool.query(
    `SELECT coalesce(sum(pg_total_relation_size(oid)), 0) AS bytes, max(reltuples) FILTER (WHERE relname = 'trail') AS estimate FROM pg_class
     WHERE relkind = 'r' AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'trail'::regclass) AND relname ~ '^(trail|evicted|step_\\d+|alias_\\d+)$'`,
  )
  const { bytes, estimate } = rows[0] ?? {}
  return { trails: Number(estimate) > MOST_COUNTED ? Number(estimate) : await countOf(pool), bytes: Number(bytes) }
}

/** Counting takes as long as it takes to read them. */
const MOST_COUNTED = 200_000

async function countOf(pool: Pool): Promise<number> {
  const { rows } = await pool.query('SELECT count(*) AS trails FROM trail')
  return Number(rows[0]?.['trails'])
}
