import { ATTRIBUTES } from '@waybill/trail'
import { createClickHouseQuestion } from './askClickHouse.ts'
import type { ClickHouseServer } from './askClickHouse.ts'
import { clickHouseShape } from './clickHouseShape.ts'
import type { ClickHouseShape } from './clickHouseShape.ts'
import { searchSpans } from './searchSpans.ts'
import type { SpansInRange } from './searchSpans.ts'
import { resourceSpansOfRow } from './spanOfRow.ts'
import { spanFaultOf } from './SpanFault.ts'
import { MOST_SPANS } from './SpanReader.ts'
import type { AskedSpans, SpanReader, TimeWindow } from './SpanReader.ts'

/**
 * Reads spans from the table of the OpenTelemetry Collector's ClickHouse exporter, `otel_traces`. A trace's rows lie all over a day there, so what a look-up costs is bounded by the
 * time in which it looks, and by `mostRows`: the desk gives the time that it knows from its own steps; else the exporter's table of traces' times, where there
 * is one; else days backwards.
 *
 * @throws TypeError when the table's name is none.
 */
export function clickHouseSpans({
  table = 'otel_traces',
  database = 'default',
  mostRows = 10_000_000,
  ...server
}: ClickHouseSpansOptions): SpanReader {
  for (const name of [table, database]) if (!/^[A-Za-z_][\w-]{0,127}$/.test(name)) throw new TypeError(NO_NAME)
  const ask = createClickHouseQuestion(server)
  const named = `"${database}"."${table}"`
  let shape: ClickHouseShape | undefined

  async function knownShape(signal: AbortSignal): Promise<ClickHouseShape> {
    return (shape ??= await clickHouseShape(ask, { database, table, signal }))
  }

  const limits = {
    max_rows_to_read: mostRows,
    read_overflow_mode: 'throw',
    max_execution_time: MOST_SECONDS,
    // Nobody waits for the rest of a question whose time is over.
    cancel_http_readonly_queries_on_client_close: 1,
  }

  async function spansIn({ from, to }: TimeWindow, { traceIds, signal }: AskedSpans): Promise<SpansInRange> {
    const { attributes } = await knownShape(signal)
    const rows = await ask({
      sql: `SELECT ${SELECTED}${attributes === 'json' ? ATTEMPT_IN_JSON : ''} FROM ${named}
        WHERE TraceId IN {traceIds:Array(String)} AND Timestamp >= fromUnixTimestamp64Milli({from:Int64}) AND Timestamp <= fromUnixTimestamp64Milli({to:Int64})
        ORDER BY Timestamp LIMIT ${MOST_SPANS + 1}`,
      parameters: { traceIds: listOf(traceIds), from: String(Math.floor(from)), to: String(Math.ceil(to)) },
      limits,
      signal,
    })
    return { resourceSpans: rows.slice(0, MOST_SPANS).map(resourceSpansOfRow), isCut: rows.length > MOST_SPANS }
  }

  /** When these traces were; undefined where nothing is known of them. */
  async function timesOf({ traceIds, now, mostDays, signal }: AskedSpans): Promise<TimeWindow | undefined> {
    const [row] = await ask({
      sql: `SELECT count() AS traces, toUnixTimestamp(min(Start)) AS first, toUnixTimestamp(max(End)) AS last
        FROM "${database}"."${table}_trace_id_ts" WHERE TraceId IN {traceIds:Array(String)} AND Start >= toDateTime({from:UInt32})`,
      parameters: { traceIds: listOf(traceIds), from: String(Math.floor((now - mostDays * DAY_MS) / 1000)) },
      limits,
      signal,
    })
    if (!row || Number(row['traces']) === 0) return undefined
    return { from: Number(row['first']) * 1000, to: Number(row['last']) * 1000 }
  }

  return {
    where: 'clickhouse',
    async read(asked) {
      async function range(window: TimeWindow): Promise<SpansInRange> {
        try {
          return await spansIn(window, asked)
        } catch (error) {
          // The table may have been made anew, and is looked at again the next time.
          shape = undefined
          throw error
        }
      }
      const search = (window?: TimeWindow) => searchSpans({ ...asked, window }, { where: 'clickhouse', ask: range })
      try {
        const { hasTimes } = await knownShape(asked.signal)
        if (asked.window || !hasTimes) return await search(asked.window)
        const window = await timesOf(asked)
        const all = { from: asked.now - asked.mostDays * DAY_MS, to: asked.now }
        return window ? await search(window) : { resourceSpans: [], searched: all, unseen: [] }
      } catch (error) {
        const { reason } = spanFaultOf(error)
        return { resourceSpans: [], searched: null, unseen: [{ where: 'clickhouse', reason, from: null, to: null }] }
      }
    },
    async probe(signal) {
      try {
        const { attributes, hasTimes } = await clickHouseShape(ask, { database, table, signal })
        const columns = attributes === 'map' ? 'attributes in maps' : 'attributes in JSON columns'
        return {
          ok: true,
          found: `ClickHouse, ${database}.${table}, ${columns}${hasTimes ? ', with the times of traces' : ''}`,
        }
      } catch (error) {
        const { reason, message } = spanFaultOf(error)
        return { ok: false, reason, detail: message }
      }
    },
  }
}

export interface ClickHouseSpansOptions extends ClickHouseServer {
  /** @default 'otel_traces' */
  readonly table?: string | undefined
  /** @default 'default' */
  readonly database?: string | undefined
  /** What one question may read. @default 10 million */
  readonly mostRows?: number | undefined
}

const DAY_MS = 86_400_000
const MOST_SECONDS = 10

const SELECTED = `TraceId, SpanId, ParentSpanId, SpanName, toString(SpanKind) AS SpanKind, ServiceName, ResourceAttributes, SpanAttributes,
  toString(toUnixTimestamp64Nano(Timestamp)) AS start, toString(Duration) AS Duration, toString(StatusCode) AS StatusCode, StatusMessage,
  Events.Name AS eventNames, arrayMap(each -> toString(toUnixTimestamp64Nano(each)), Events.Timestamp) AS eventTimes, Events.Attributes AS eventAttributes,
  Links.TraceId AS linkTraceIds, Links.SpanId AS linkSpanIds, Links.Attributes AS linkAttributes`

/** JSON columns write a name twice that has a value and names under it, as `waybill.attempt` has `waybill.attempt.max`, and only the last one would be read. */
const ATTEMPT_IN_JSON = `, toString(SpanAttributes.${ATTRIBUTES.attempt}) AS attempt`

const NO_NAME =
  '[waybill] The table of spans in ClickHouse, and its database, must be plain names: letters, digits, _ and -, as in otel.otel_traces.'

/** As ClickHouse reads an Array(String); nothing but hex digits is in it. */
function listOf(traceIds: readonly string[]): string {
  return `[${traceIds.map((traceId) => `'${traceId.replace(/[^\da-f]/g, '')}'`).join(',')}]`
}
