import type { ClickHouse } from './createClickHouse.ts'

/** The few values that a database keeps of itself. */
export function createClickHouseMeta(clickHouse: ClickHouse): ClickHouseMeta {
  async function text(key: MetaKey, which: 'first' | 'last' = 'last'): Promise<string | undefined> {
    const [row] = await clickHouse.rows(
      `SELECT value FROM waybill_meta WHERE key = {key:String} ORDER BY at ${which === 'first' ? 'ASC' : 'DESC'} LIMIT 1`,
      { key },
    )
    return row === undefined ? undefined : String(row['value'])
  }

  return {
    text,
    async number(key) {
      const value = await text(key)
      return value === undefined ? undefined : Number(value)
    },
    set: (key, value) => clickHouse.insert('waybill_meta', ['key', 'value'], [[key, String(value)]]),
  }
}

export interface ClickHouseMeta {
  /** @param which of several that were ever written. @default the last */
  text(key: MetaKey, which?: 'first' | 'last'): Promise<string | undefined>
  number(key: MetaKey): Promise<number | undefined>
  set(key: MetaKey, value: string | number): Promise<void>
}

/**
 * `secret_check` tells whether a secret is this database's and nothing else; the first one stays. `clock_hour` is the latest hour at which retention believed the clock,
 * and what was last added to before `pruned_hour` is forgotten. `checked` is what the readiness check writes.
 */
type MetaKey = 'version' | 'secret_check' | 'clock_hour' | 'pruned_hour' | 'checked'
