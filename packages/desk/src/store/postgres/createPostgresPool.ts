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
