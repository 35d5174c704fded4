import pg from 'pg'
import type { Pool } from 'pg'
import type { PostgresAddress } from './postgresAddress.ts'

/**
 * Connections to the desk's database, made when they are needed. One that is lost while nobody uses it is told to nobody: the next use makes a new one, or
 * says why it cannot.
 */
export function createPostgresPool(
  { connectionString }: PostgresAddress,
  { most, statementTimeoutMs }: PoolOptions,
): Pool {
  const pool = new pg.Pool({
    connectionString,
    max: most,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    application_name: 'waybill',
    // A server that is there and does not answer must not hold a look-up, or a body, for ever.
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + GRACE_MS,
    // What is acknowledged is on the disk, whatever is the default of the user and the database; more than that is theirs to say.
    onConnect: async (client) => {
      await client.query(
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
      )
    },
  })
  // One that is lost says so here while nobody uses it, and by itself while somebody does; nobody but its user need hear of it.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

export interface PoolOptions {
  /** Connections at once. */
  readonly most: number
  readonly statementTimeoutMs: number
}

const CONNECT_MS = 5000
/** The server’s own word, that a statement took too long, comes first. */
const GRACE_MS = 2000
