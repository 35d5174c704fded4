import type { DatabaseSync } from 'node:sqlite'

/** The few values that a store keeps of itself, in its main file. */
export function createSqliteMeta(database: DatabaseSync): SqliteMeta {
  const read = database.prepare('SELECT value FROM meta WHERE key = ?')
  const write = database.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)')
  return {
    bytes(key) {
      const value = read.get(key)?.['value']
      return value instanceof Uint8Array ? value : undefined
    },
    number(key) {
      const value = read.get(key)?.['value']
      return typeof value === 'number' ? value : undefined
    },
    set(key, value) {
      write.run(key, value)
    },
  }
}

export interface SqliteMeta {
  bytes(key: MetaKey): Uint8Array | undefined
  number(key: MetaKey): number | undefined
  set(key: MetaKey, value: Uint8Array | number): void
}

/**
 * `secret_check` tells whether a secret is this database's and nothing else. `clock_hour` is the latest hour at which retention believed the clock, and
 * what was last added to before `pruned_hour` is forgotten. `next_place` and `next_file` are numbers of trails and files that were not given yet.
 */
type MetaKey = 'secret_check' | 'clock_hour' | 'pruned_hour' | 'next_place' | 'next_file'
