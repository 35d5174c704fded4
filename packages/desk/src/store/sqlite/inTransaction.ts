import type { DatabaseSync } from 'node:sqlite'

/** All that `write` does is durable when it returns, or none of it and it throws. */
export function inTransaction<Result>(database: DatabaseSync, write: () => Result): Result {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = write()
    database.exec('COMMIT')
    return result
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
