import type { DatabaseSync } from 'node:sqlite'

/**
 * Moves what was written out of the write-ahead log into the database file within half a second, so that a copy of that file alone
 * holds everything that is older than a second. Gives its stop.
 */
export function keepCheckpointed(database: DatabaseSync): () => void {
  const countChanges = database.prepare('SELECT total_changes() AS changes')
  const changes = (): unknown => countChanges.get()?.['changes']
  const checkpoint = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)')
  let moved: unknown

  const timer = setInterval(() => {
    const written = changes()
    if (written === moved) return
    const wait = database.prepare('PRAGMA busy_timeout').get()?.['timeout']
    try {
      // Whoever reads or writes meanwhile is not waited for: there is a next time.
      database.exec('PRAGMA busy_timeout = 0')
      if (checkpoint.get()?.['busy'] === 0) moved = written
    } catch {
      // What keeps it from this, such as a full disk, keeps it from writing as well, and that is told.
    } finally {
      database.exec(`PRAGMA busy_timeout = ${Number(wait)}`)
    }
  }, EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}

const EVERY_MS = 500
