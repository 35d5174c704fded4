import type { DatabaseSync } from 'node:sqlite'

/**
 * Writes a value and reads it back, on the connection that writes steps, so that a full disk, a lost one or a lock shows.
 *
 * @throws Error when it cannot, or reads something else.
 */
export function checkSqlite(database: DatabaseSync): void {
  const written = String(performance.now())
  database
    .prepare(
      "INSERT INTO meta (key, value) VALUES ('checked', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
    .run(written)
  const read = database.prepare("SELECT value FROM meta WHERE key = 'checked'").get()?.['value']
  if (read !== written)
    throw new Error('[waybill] The store reads something else than was written. Check the disk, and restore a backup.')
}
