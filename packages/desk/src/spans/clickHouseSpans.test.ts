import { createHash, randomBytes } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { describeSpanReader } from '../../fixtures/describeSpanReader.ts'
import { otelTracesRows, otelTracesTables } from '../../fixtures/otelTraces.ts'
import type { TablesOptions } from '../../fixtures/otelTraces.ts'
import { startClickHouse } from '../../fixtures/startClickHouse.ts'
import { clickHouseSpans } from './clickHouseSpans.ts'
import type { SpanReader } from './SpanReader.ts'

const clickHouse = await startClickHouse()
afterAll(() => clickHouse?.stop())

/** More of them, for the numbers that are printed: SPANS=5000000. */
const SPANS = Number(process.env['SPANS'] ?? 200_000)
const DAYS = 10
const NOW = Date.UTC(2026, 10, 20, 12)

async function newDatabase(options: TablesOptions = {}): Promise<string> {
  const database = `otel_${randomBytes(4).toString('hex')}`
  await clickHouse!.query(`CREATE DATABASE ${database}`)
  for (const sql of otelTracesTables(options))
    await clickHouse!.query(sql.replace(/(TABLE|VIEW|TO|FROM) (?=otel|spans)/g, `$1 ${database}.`))
  return database
}

function readerOf(database: string, { table, user = 'reader', mostRows }: ReaderOptions = {}): SpanReader {
  const { name, password } = clickHouse!.users[user]
  return clickHouseSpans({ url: new URL(clickHouse!.url), user: name, password, database, table, mostRows })
}

interface Shape extends TablesOptions {
  readonly user?: 'reader' | 'strictReader'
}

interface ReaderOptions {
  readonly table?: string
  readonly user?: 'reader' | 'strictReader'
  readonly mostRows?: number
}

if (clickHouse) {
  for (const { title, found, ...shape } of [
    { title: 'maps, with the times of traces', found: /otel_traces, attributes in maps, with the times of traces$/ },
    { title: 'maps alone', hasTimes: false, found: /attributes in maps$/ },
    { title: 'JSON columns', attributes: 'json' as const, found: /attributes in JSON columns, with/ },
    {
      title: 'another name, read by a user that may set nothing',
      table: 'spans',
      hasTimes: false,
      user: 'strictReader' as const,
      found: /\.spans, attributes in maps$/,
    },
  ]) {
    const { user = 'reader', ...tables }: Shape = shape
    describeSpanReader(`spans in ClickHouse: ${title}`, async (steps) => {
      const database = await newDatabase(tables)
      await clickHouse.query(
        `INSERT INTO ${database}.${tables.table ?? 'otel_traces'} FORMAT JSONEachRow\n${otelTracesRows(steps)}`,
      )
      return {
        reader: readerOf(database, { user, ...(tables.table && { table: tables.table }) }),
        found,
        async close() {
          await clickHouse.query(`DROP DATABASE ${database}`)
        },
      }
    })
  }

  describe(`${SPANS} spans over ${DAYS} days`, () => {
    const TRACES = Math.floor(SPANS / 11)
    const everyMs = Math.floor((DAYS * DAY_MS) / TRACES)
    /** One of the traces, some six days old. */
    const wanted = Math.floor(TRACES * 0.37)
    const at = NOW - DAYS * DAY_MS + wanted * everyMs
    const traceIds = [createHash('md5').update(String(wanted)).digest('hex')]

    async function filled(tables: TablesOptions): Promise<string> {
      const database = await newDatabase(tables)
      await clickHouse!.query(
        `INSERT INTO ${database}.otel_traces SELECT fromUnixTimestamp64Milli(toInt64(${NOW - DAYS * DAY_MS} + intDiv(number, 11) * ${everyMs} + number % 11)) AS Timestamp,
          lower(hex(MD5(toString(intDiv(number, 11))))) AS TraceId, lower(hex(sipHash64(number))) AS SpanId, '', '', 'GET /api/' || toString(number % 40), 'Server', 'service-' || toString(number % 12),
          map('service.name', 'shop'), '', '', map('http.request.method', 'GET', 'http.response.status_code', '200'), 1000000, 'Unset', '', [], [], [], [], [], [], []
        FROM numbers(${SPANS})`,
      )
      return database
    }

    /** What a look-up made the engine read, by the server's own count. */
    async function readBy(reader: SpanReader, window?: { from: number; to: number }) {
      const native = globalThis.fetch
      let rows = 0
      globalThis.fetch = async (...request) => {
        const response = await native(...request)
        rows += Number(JSON.parse(response.headers.get('x-clickhouse-summary') ?? '{}').read_rows ?? 0)
        return response
      }
      const begun = performance.now()
      try {
        const found = await reader.read({
          traceIds,
          window,
          mostDays: 30,
          now: NOW,
          signal: AbortSignal.timeout(60_000),
        })
        return { ...found, rows, ms: performance.now() - begun }
      } finally {
        globalThis.fetch = native
      }
    }

    test('a known time bounds what is read, a table of times finds it, and without both days are searched backwards', async () => {
      const [withTimes, alone] = [await filled({}), await filled({ hasTimes: false })]
      const window = { from: at, to: at + 110 }
      const [known, twoSteps, backwards] = [
        await readBy(readerOf(withTimes), window),
        await readBy(readerOf(withTimes)),
        await readBy(readerOf(alone)),
      ]
      for (const { resourceSpans, unseen } of [known, twoSteps, backwards]) {
        expect(resourceSpans).toHaveLength(11)
        expect(unseen).toEqual([])
      }
      console.log(
        `${SPANS} spans, ${DAYS} days: time known ${told(known)}; two steps ${told(twoSteps)}; days backwards ${told(backwards)}`,
      )
      // The engine counts a row twice whose wide columns it reads in a second pass.
      const aDay = (SPANS / DAYS) * 2.1
      expect(known.rows).toBeLessThan(aDay)
      expect(twoSteps.rows).toBeLessThan(aDay * 1.5)
      expect(backwards.rows).toBeLessThan(SPANS * 1.1)
    }, 300_000)

    test('what is beyond the rows that it may read is told as not seen, and never as absent', async () => {
      const database = await filled({ hasTimes: false })
      const { resourceSpans, unseen } = await readBy(readerOf(database, { mostRows: 1000 }))
      expect(resourceSpans).toEqual([])
      expect(unseen).not.toEqual([])
      for (const each of unseen) expect(each).toMatchObject({ where: 'clickhouse', reason: 'over-budget' })
    }, 300_000)
  })

  test.each([
    ['a table that is not there', { table: 'missing' }, 'unreadable'],
    ['a table of something else', { table: 'orders' }, 'unreadable'],
  ])('%s is said to be %s', async (_, options, reason) => {
    const database = await newDatabase()
    await clickHouse.query(`CREATE TABLE ${database}.orders (id UInt64) ENGINE = Memory`)
    const reader = readerOf(database, options)
    expect(await reader.probe(AbortSignal.timeout(10_000))).toMatchObject({ ok: false, reason })
    const asked = { traceIds: ['ab'.repeat(16)], mostDays: 3, now: NOW, signal: AbortSignal.timeout(10_000) }
    expect(await reader.read(asked)).toEqual({
      resourceSpans: [],
      searched: null,
      unseen: [{ where: 'clickhouse', reason, from: null, to: null }],
    })
  })

  test('a wrong password and a server that is away are told apart, and the password is in no words', async () => {
    const signal = AbortSignal.timeout(10_000)
    const refused = await clickHouseSpans({ url: new URL(clickHouse.url), user: 'reader', password: 'hunter2' }).probe(
      signal,
    )
    expect(refused).toMatchObject({ ok: false, reason: 'refused' })
    const away = await clickHouseSpans({
      url: new URL('http://127.0.0.1:9'),
      user: 'reader',
      password: 'hunter2',
    }).probe(signal)
    expect(away).toMatchObject({ ok: false, reason: 'unreachable' })
    expect(JSON.stringify([refused, away])).not.toContain('hunter2')
  })
}

test('names of tables that would have to be quoted are refused', () => {
  for (const table of ['a"b', 'a;b', '', 'a.b', 'ä'])
    expect(() => clickHouseSpans({ url: new URL('http://localhost'), user: 'u', password: 'p', table })).toThrow(
      TypeError,
    )
})

const DAY_MS = 86_400_000

function told({ rows, ms }: { readonly rows: number; readonly ms: number }): string {
  return `${rows} rows read, ${ms.toFixed(0)} ms`
}
