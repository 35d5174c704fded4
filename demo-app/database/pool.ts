import pg from 'pg'

/**
 * Connections to the shop's database, real or embedded. The embedded one is a single session underneath, so nothing here
 * sets session settings, names statements, or holds a transaction while it waits for anything but the database.
 */
export function createPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 4, connectionTimeoutMillis: 20_000 })
  // An idle connection that the server closes is replaced by the next query; without a listener the process would end.
  pool.on('error', () => undefined)
  return pool
}
