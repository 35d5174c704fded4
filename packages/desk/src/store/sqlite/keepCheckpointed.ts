import type { DatabaseSync } from 'node:sqlite'

/**
 * Moves what was written out of the write-ahead logs into the database files within half a second, so that a copy of these alone holds everything that
 * is older than a second. `databases` gives those that are open. Gives its stop.
 */
export function keepCheckpointed(databases: () => readonly DatabaseSync[]): () => void {
  const moved = new WeakMap<DatabaseSync, unknown>()

  function moveLog(database: DatabaseSync): void {
    const written = database.prepare('SELECT total_changes() AS changes').get()?.['changes']
    if (written === moved.get(database) || written === 0) return
    const wait = database.prepare('PRAGMA busy_timeout').get()?.['timeout']
    try {
      // Whoever reads or writes meanwhile is not waited for: there is a next time.
      database.exec('PRAGMA busy_timeout = 0')
      if (database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0) moved.set(database, written)
    } catch {
      // What keeps it from this, such as a full disk, keeps it from writing as well, and that is told.
    } finally {
      database.exec(`PRAGMA busy_timeout = ${Number(wait)}`)
    }
  }

  const timer = setInterval(() => databases().forEach(moveLog), EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}

const EVERY_MS = 500
