import type { Pool, PoolClient } from 'pg'

/** The few values that a database keeps of itself. */
export function createPostgresMeta(pool: Pool) {
  async function text(key: MetaKey): Promise<string | undefined> {
    const { rows } = await pool.query('SELECT value FROM meta WHERE key = $1', [key])
    return rows[0]?.value
  }

  return {
    text,
    async number(key: MetaKey): Promise<number | undefined> {
      const value = await text(key)
      return value === undefined ? undefined : Number(value)
    },
    /** @param client where it is to be part of a transaction. */
    async set(key: MetaKey, value: string | number, client: Pool | PoolClient = pool): Promise<void> {
      await client.query(
        'INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
        [key, String(value)],
      )
    },
  }
}

/**
 * `secret_check` tells whether a secret is this database's and nothing else. `clock_hour` is the latest hour at which retention believed the clock, and what was
 * last added to before `pruned_hour` is forgotten. `checked` is what the readiness check writes. `log_keep_ms` is how long a line of the access log stays.
 * `taken …` is the last line of a log that was taken over.
 */
type MetaKey = 'secret_check' | 'clock_hour' | 'pruned_hour' | 'checked' | 'log_keep_ms' | `taken ${string}`
