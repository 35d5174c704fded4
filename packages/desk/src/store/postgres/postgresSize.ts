import type { Pool } from 'pg'
import type { StoreSize } from '../Store.ts'

/** How much the desk's tables hold and take, their indexes and what is free in them included. */
export async function postgresSize(pool: Pool): Promise<StoreSize> {
  const { rows } = await pool.query(
    `SELECT (SELECT count(*) FROM trail) AS trails, (
      SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class
      WHERE relkind = 'r' AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'trail'::regclass)
    ) AS bytes`,
  )
  return { trails: Number(rows[0]?.trails), bytes: Number(rows[0]?.bytes) }
}
