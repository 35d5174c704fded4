import pg from 'pg'
import type { Pool, PoolClient } from 'pg'

/** All that `work` does is durable when it is fulfilled, or none of it and it rejects. A deadlock, or a conflict with another desk, is tried again. */
export async function inPostgresTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    const client = await pool.connect()
    let isBroken = false
    try {
      await client.query('BEGIN')
      const result = await work(client)
      await client.query('COMMIT')
      return result
    } catch (error) {
      // Where the server did not say what is wrong the connection is of no more use, nor where not even this is answered.
      isBroken = !isOfServer(error)
      if (!isBroken) await client.query('ROLLBACK').catch(() => (isBroken = true))
      if (!isPassing(error) || tries === MOST_TRIES) throw error
    } finally {
      client.release(isBroken)
    }
  }
}

const MOST_TRIES = 5

function isOfServer(error: unknown): boolean {
  return error instanceof pg.DatabaseError
}

/** serialization_failure and deadlock_detected (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
function isPassing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '40001' || error.code === '40P01')
}
