import type { DatabaseSync } from 'node:sqlite'

/** What the trails and their indexes take in a database, without pages that are free for new ones. */
export function sqliteBytes(database: DatabaseSync): number {
  const row = database
    .prepare(
      'SELECT (page_count - freelist_count) * page_size AS bytes FROM pragma_page_count, pragma_freelist_count, pragma_page_size',
    )
    .get()
  return Number(row?.['bytes'])
}
