import type { ClickHouse } from './createClickHouse.ts'

/** The few values that a database keeps of itself. */
export function createClickHouseMeta(clickHouse: ClickHouse): ClickHouseMeta {
  return {
    async text(key, which = 'last') {
      const [row] = await clickHouse.rows(
        `SELECT value FROM waybill_meta WHERE key = {key:String} ORDER BY at ${which === 'first' ? 'ASC' : 'DESC'} LIMIT 1`,
        { key },
      )
      return row === undefined ? undefined : String(row['value'])
    },
    async numbers() {
      const rows = await clickHouse.rows('SELECT key, argMax(value, at) AS last FROM waybill_meta GROUP BY key')
      return Object.fromEntries(rows.map(({ key, last }) => [key, Number(last)]))
    },
    set: (key, value) => clickHouse.insert('waybill_meta', ['key', 'value'], [[key, String(value)]]),
  }
}

export interface ClickHouseMeta {
  /** @param which of several that were ever written. @default the last */
  text(key: MetaKey, which?: 'first' | 'last'): Promise<string | undefined>
  /** The last of each. */
  numbers(): Promise<{ readonly [Key in MetaKey]?: number }>
  set(key: MetaKey, value: string | number): Promise<void>
}

/**
 * `secret_check` tells whether a secret is this database's and nothing else; the first one stays. `clock_hour` is the latest hour at which retention believed the clock,
 * and what was last added to before `pruned_hour` is forgotten. `checked` is what the readiness check writes.
 */
type MetaKey = 'version' | 'secret_check' | 'clock_hour' | 'pruned_hour' | 'checked'
