import { toUSVString } from 'node:util'
import { ClickHouseLogLevel, createClient, TupleParam } from '@clickhouse/client'
import type { ClickHouseAddress } from './clickHouseAddress.ts'
import { clickHouseFault } from './clickHouseFault.ts'

/**
 * The desk's way to ClickHouse. Nothing is connected before it is needed, and what was lost is connected anew. Whatever fails is told in words without what was
 * asked.
 */
export function createClickHouse({ url, username, password, database, timeoutMs }: ClickHouseOptions): ClickHouse {
  const client = createClient({
    url,
    username,
    password,
    database,
    application: 'waybill',
    request_timeout: timeoutMs,
    max_open_connections: 10,
    // Long lists of what is asked for go in the body, for some proxies take only short addresses.
    use_multipart_params_auto: true,
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: {
      // Numbers that JavaScript cannot hold come as text.
      output_format_json_quote_64bit_integers: 1,
      // Whatever the user's profile says: a group is one insert already, and is on disk when the answer comes.
      async_insert: 0,
      // The answer to a change comes once it is made, and not when it is planned.
      mutations_sync: '2',
      lightweight_deletes_sync: '2',
    },
  })

  async function guarded<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      throw clickHouseFault(error)
    }
  }

  return {
    database,
    rows: (query, query_params = {}) =>
      guarded(async () => {
        const answer = await client.query({ query, query_params: wellFormed(query_params), format: 'JSONEachRow' })
        return await answer.json<ClickHouseRow>()
      }),
    command: (query, query_params = {}) =>
      guarded(async () => {
        await client.command({ query, query_params: wellFormed(query_params) })
      }),
    insert: (table, columns, values) =>
      guarded(async () => {
        if (values.length === 0) return
        await client.insert({
          table,
          columns: [...columns] as [string, ...string[]],
          values: wellFormed(values),
          format: 'JSONCompactEachRow',
        })
      }),
    close: () => client.close(),
  }
}

export interface ClickHouse {
  readonly database: string
  /** Parameters are written `{name:Type}`. */
  readonly rows: (query: string, parameters?: Readonly<Record<string, unknown>>) => Promise<ClickHouseRow[]>
  readonly command: (query: string, parameters?: Readonly<Record<string, unknown>>) => Promise<void>
  /** All of these rows, or none where it rejects; unless only the answer was lost. */
  readonly insert: (table: string, columns: readonly string[], rows: readonly (readonly unknown[])[]) => Promise<void>
  readonly close: () => Promise<void>
}

export type ClickHouseRow = Readonly<Record<string, unknown>>

export interface ClickHouseOptions extends ClickHouseAddress {
  /** A server that is there and does not answer must hold nobody for longer. */
  readonly timeoutMs: number
}

/** Texts as ClickHouse takes them: it reads no half of a character that takes two. */
function wellFormed<Value>(value: Value): Value
function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return toUSVString(value)
  if (Array.isArray(value)) return value.map(wellFormed)
  if (value instanceof TupleParam) return new TupleParam(value.values.map(wellFormed))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, wellFormed(each)]))
}
