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
  for (const [table, { columns, ...shape }] of Object.entries(TABLES)) {
    await clickHouse.command(
      `CREATE TABLE IF NOT EXISTS ${table} (${columns.map((column) => column.join(' ')).join(', ')})
       ENGINE = ${shape.engine} ${shape.partition === undefined ? '' : `PARTITION BY ${shape.partition}`} ORDER BY (${shape.order})
       SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1, old_parts_lifetime = 1`,
    )
  }
  const meta = createClickHouseMeta(clickHouse)
  await assertShape(clickHouse)
  const version = await meta.number('version')
  if (version !== undefined && version > VERSION) throw new Error(NEWER)
  if (version === undefined) await meta.set('version', VERSION)
}

async function assertShape(clickHouse: ClickHouse): Promise<void> {
  const rows = await clickHouse.rows(
    "SELECT table, name FROM system.columns WHERE database = currentDatabase() AND startsWith(table, 'waybill_')",
  )
  const there = new Set(rows.map(({ table, name }) => `${String(table)}.${String(name)}`))
  for (const [table, { columns }] of Object.entries(TABLES)) {
    const missing = columns.find(([name]) => !there.has(`${table}.${name}`))
    if (missing) throw new Error(FOREIGN(table, missing[0]))
  }
}

const VERSION = 1

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
}

const NEWER =
  '[waybill] The desk database was made by a newer version, and opening it could damage it. Update @waybill/desk.'

const FOREIGN = (table: string, column: string): string =>
  `[waybill] The table ${table} in ClickHouse has no column ${column}, so it is not the desk's, and was left as it is. Give the desk a database of its own.`
