import type { ClickHouse } from './createClickHouse.ts'
import { createClickHouseMeta } from './clickHouseMeta.ts'

/**
 * Makes the desk's tables in its database, or finds them as they should be. Several desks may do it at once. Their names begin with `waybill_`, so that a database may
 * hold others.
 *
 * `waybill_trail` says which trails there are, and when they were last added to: a trail is there once it has a row, and forgotten as its row goes. `place` is
 * when it was first seen, and is not given again, so rows of a forgotten trail in the other tables mean nothing, and go when their day is due.
 * `waybill_step` is ordered by trail, so that one lies together, and partitioned by the day of arrival, so that a look-up, which knows a trail's days, opens no others, and a day is
 * forgotten by dropping it. `waybill_alias` is ordered by value, the newest of a value last, and has partitions of a week, because a look-up by value knows no day
 * and asks each. `waybill_seen` has a row for each hour in which a trail was added to. All keys are those by which rows that were written twice are one.
 *
 * The tables have no TTL: it would go by the server's clock alone, which may be wrong, and by when a step came rather than by when its trail was last added to.
 *
 * @throws Error when a newer version made the tables, or they are not as they should be.
 */
export async function openClickHouseSchema(clickHouse: ClickHouse): Promise<void> {
  const missing = await missingTables(clickHouse)
  await Promise.all(missing.map((table) => clickHouse.command(definitionOf(table))))
  const meta = createClickHouseMeta(clickHouse)
  const { version } = await meta.numbers()
  if (version !== undefined && version > VERSION) throw new Error(NEWER)
  if (version === undefined) await meta.set('version', VERSION)
}

function definitionOf(table: ClickHouseTable): string {
  const { columns, engine, partition, order, granularity = 1024 } = TABLES[table]
  return `CREATE TABLE IF NOT EXISTS ${table} (${columns.map((column) => column.join(' ')).join(', ')}) ENGINE = ${engine}
    ${partition === undefined ? '' : `PARTITION BY ${partition}`} ORDER BY (${order}) SETTINGS index_granularity = ${granularity}, ${SETTINGS}`
}

/** @throws Error when one that is there is another program's. */
async function missingTables(clickHouse: ClickHouse): Promise<ClickHouseTable[]> {
  const rows = await clickHouse.rows(
    `SELECT table, groupArray(name) AS columns, any(sorting_key) AS order FROM system.columns
     INNER JOIN (SELECT name AS table, sorting_key FROM system.tables WHERE database = currentDatabase()) AS tables USING (table)
     WHERE database = currentDatabase() AND startsWith(table, 'waybill_') GROUP BY table`,
  )
  const there = new Map(rows.map((row) => [row['table'], row]))
  return (Object.keys(TABLES) as ClickHouseTable[]).filter((table) => {
    const found = there.get(table)
    if (!found) return true
    const { columns, order } = TABLES[table]
    const has = new Set(found['columns'] as readonly string[])
    if (found['order'] !== order || !columns.every(([name]) => has.has(name))) throw new Error(FOREIGN(table))
    return false
  })
}

const VERSION = 1

/**
 * An insert is on the disk once it is answered, and so is what was merged before its parts go. They go at once, and so do the texts of changes, so that what is erased
 * does not lie about.
 */
const SETTINGS = [
  'fsync_after_insert = 1',
  'fsync_part_directory = 1',
  'min_rows_to_fsync_after_merge = 1',
  'min_compressed_bytes_to_fsync_after_merge = 1',
  'old_parts_lifetime = 0',
  'finished_mutations_to_keep = 1',
  'cleanup_delay_period = 1',
  'cleanup_delay_period_random_add = 0',
  'cleanup_thread_preferred_points_per_iteration = 0',
].join(', ')

const KEY: readonly Column[] = [
  ['ref', 'String'],
  ['place', 'UInt64'],
]

type Column = readonly [name: string, type: string]

export const TABLES: Readonly<Record<ClickHouseTable, TableShape>> = {
  waybill_meta: {
    columns: [
      ['key', 'String'],
      ['value', 'String'],
      ['at', 'DateTime64(9) DEFAULT now64(9)'],
    ],
    engine: 'ReplacingMergeTree(at)',
    order: 'key, value',
  },
  waybill_trail: {
    columns: [
      ...KEY,
      ['hour', 'SimpleAggregateFunction(max, UInt32)'],
      ['first_day', 'SimpleAggregateFunction(min, UInt32)'],
      ['served', 'SimpleAggregateFunction(max, UInt8)'],
    ],
    engine: 'AggregatingMergeTree',
    order: 'ref, place',
    // Its rows are small, and read one by one for all that a value leads to.
    granularity: 128,
  },
  waybill_step: {
    columns: [
      ['day', 'UInt32'],
      ...KEY,
      ['own', 'UInt64'],
      ['kind', "Enum8('span' = 1, 'claim' = 2, 'cut-short' = 3)"],
      ['seq', 'UInt64'],
      ['claimed', 'Bool'],
      ['started', 'UInt64'],
      ['person', 'UInt64'],
      ['step', 'String CODEC(ZSTD(3))'],
    ],
    engine: 'ReplacingMergeTree',
    partition: 'day',
    order: 'ref, place, own, kind',
  },
  waybill_alias: {
    columns: [['day', 'UInt32'], ['value', 'String'], ['kind', 'LowCardinality(String)'], ...KEY],
    engine: 'ReplacingMergeTree',
    partition: 'intDiv(day, 7)',
    order: 'value, place, kind, ref',
  },
  waybill_seen: {
    columns: [['day', 'UInt32'], ['hour', 'UInt32'], ...KEY],
    engine: 'ReplacingMergeTree',
    partition: 'intDiv(day, 7)',
    order: 'hour, place, ref',
  },
  waybill_evicted: {
    columns: [['day', 'UInt32'], ...KEY, ['span', 'String']],
    engine: 'ReplacingMergeTree',
    partition: 'intDiv(day, 7)',
    order: 'ref, place, span',
  },
}

export type ClickHouseTable =
  'waybill_meta' | 'waybill_trail' | 'waybill_step' | 'waybill_alias' | 'waybill_seen' | 'waybill_evicted'

interface TableShape {
  readonly columns: readonly Column[]
  readonly engine: string
  readonly partition?: string
  readonly order: string
  /** Rows that are read for one. @default 1024 */
  readonly granularity?: number
}

const NEWER =
  '[waybill] The desk database was made by a newer version, and opening it could damage it. Update @waybill/desk.'

const FOREIGN = (table: string): string =>
  `[waybill] The table ${table} in ClickHouse is not as the desk makes it, so it was left as it is. Give the desk a database of its own.`
