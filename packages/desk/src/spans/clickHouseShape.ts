import type { AskClickHouse } from './askClickHouse.ts'
import { SpanFault } from './SpanFault.ts'

/**
 * How a table of spans is made: that of the OpenTelemetry Collector's ClickHouse exporter, with attributes in maps of texts or in JSON columns, under any name, and
 * beside it the table that says when each trace was, where there is one.
 *
 * @throws SpanFault where the table is not there, or has other columns.
 */
export async function clickHouseShape(
  ask: AskClickHouse,
  { database, table, signal }: ShapeOptions,
): Promise<ClickHouseShape> {
  const rows = await ask({
    sql: `SELECT table, name, type FROM system.columns WHERE database = {database:String} AND table IN ({table:String}, {times:String})`,
    parameters: { database, table, times: `${table}_trace_id_ts` },
    signal,
  })
  const columnsOf = (name: string): Map<string, string> =>
    new Map(rows.filter((row) => row['table'] === name).map((row) => [String(row['name']), String(row['type'])]))
  const columns = columnsOf(table)
  if (columns.size === 0)
    throw new SpanFault('unreadable', `There is no table ${database}.${table}, or this user may not read it.`)
  const missing = COLUMNS.filter((name) => !columns.has(name))
  if (missing.length > 0)
    throw new SpanFault('unreadable', `The table ${database}.${table} has no column ${missing.join(', ')}.`)
  const times = columnsOf(`${table}_trace_id_ts`)
  return {
    attributes: columns.get('SpanAttributes')!.startsWith('Map') ? 'map' : 'json',
    hasTimes: ['TraceId', 'Start', 'End'].every((name) => times.has(name)),
  }
}

export interface ShapeOptions {
  readonly database: string
  readonly table: string
  readonly signal: AbortSignal
}

export interface ClickHouseShape {
  readonly attributes: 'map' | 'json'
  readonly hasTimes: boolean
}

const COLUMNS = [
  'Timestamp',
  'TraceId',
  'SpanId',
  'ParentSpanId',
  'SpanName',
  'SpanKind',
  'ServiceName',
  'ResourceAttributes',
  'SpanAttributes',
  'Duration',
  'StatusCode',
  'StatusMessage',
  'Events.Name',
  'Events.Timestamp',
  'Events.Attributes',
  'Links.TraceId',
  'Links.SpanId',
  'Links.Attributes',
]
