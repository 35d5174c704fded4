import { gzipSync, zstdCompressSync } from 'node:zlib'
import { ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { afterAll, expect, test } from 'vitest'
import { startClickHouse } from '../../../fixtures/startClickHouse.ts'

const clickHouse = await startClickHouse()
afterAll(() => clickHouse?.stop())

const { url = '', users } = clickHouse ?? {}
const clients: { close(): Promise<void> }[] = []
afterAll(async () => {
  for (const client of clients) await client.close()
})
function clientOf(user: keyof NonNullable<typeof users> = 'desk', isCompressed = false) {
  const { name: username, password } = users![user]
  const compression = { request: isCompressed, response: isCompressed }
  const client = createClient({
    url,
    username,
    password,
    database: 'desk',
    compression,
    log: { level: ClickHouseLogLevel.OFF },
  })
  clients.push(client)
  return client
}

test.runIf(clickHouse)(
  'the vendor’s client writes and reads, with parameters, limits and counts of what was read',
  async () => {
    const client = clientOf('desk', true)
    expect((await client.ping()).success).toBe(true)
    await client.command({
      query: 'CREATE TABLE t (a UInt64, b String) ENGINE = MergeTree ORDER BY a SETTINGS index_granularity = 1024',
    })
    const values = Array.from({ length: 5000 }, (_, a) => ({ a, b: `it's ${a}\t\\;\n退` }))
    await client.insert({
      table: 't',
      values,
      format: 'JSONEachRow',
      clickhouse_settings: { async_insert: 1, wait_for_async_insert: 1 },
    })
    const one = await client.query({
      query: 'SELECT * FROM t WHERE a = {a:UInt64} AND b = {b:String} AND a IN {in:Array(UInt64)}',
      query_params: { a: 7, b: values[7]!.b, in: [7, 8] },
      format: 'JSONEachRow',
    })
    expect(await one.json()).toEqual([values[7]])
    const summary = JSON.parse(String(one.response_headers['x-clickhouse-summary'])) as Record<string, string>
    expect(summary).toMatchObject({ read_rows: '1024', result_rows: '1' })
    const all = await client.query({ query: 'SELECT count() AS count FROM t', format: 'JSON' })
    expect(await all.json()).toMatchObject({ data: [{ count: 5000 }], statistics: { rows_read: 1 } })
    await expect(
      client.query({ query: 'SELECT sum(a) FROM t', clickhouse_settings: { max_rows_to_read: '1000' } }),
    ).rejects.toMatchObject({ code: '158', type: 'TOO_MANY_ROWS' })
    await expect(
      client.query({
        query: 'SELECT sleepEachRow(0.1) FROM numbers(100)',
        clickhouse_settings: { max_execution_time: 1, max_block_size: '1' },
      }),
    ).rejects.toMatchObject({ code: '159', type: 'TIMEOUT_EXCEEDED' })
    const again = await client.query({ query: 'SELECT count() AS count FROM t', format: 'JSONEachRow' })
    expect(await again.json()).toEqual([{ count: 5000 }])
  },
)

test.runIf(clickHouse)('who may only read cannot write, and who may set nothing cannot set', async () => {
  for (const user of ['reader', 'strictReader'] as const) {
    await expect(clientOf(user).command({ query: 'CREATE TABLE u (a UInt64) ENGINE = Memory' })).rejects.toMatchObject({
      code: '164',
    })
  }
  const query = 'SELECT 1 AS one'
  const clickhouse_settings = { max_rows_to_read: '5' } as const
  expect(await (await clientOf('reader').query({ query, clickhouse_settings, format: 'JSONEachRow' })).json()).toEqual([
    { one: 1 },
  ])
  await expect(clientOf('strictReader').query({ query, clickhouse_settings })).rejects.toMatchObject({ code: '164' })
})

test.runIf(clickHouse)('errors have the server’s status, code and words', async () => {
  const ask = async (body: Uint8Array | string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}/?database=desk`, {
      method: 'POST',
      headers: { 'x-clickhouse-user': users!.desk.name, 'x-clickhouse-key': users!.desk.password, ...headers },
      body: body as BodyInit,
    })
    return [response.status, response.headers.get('x-clickhouse-exception-code'), await response.text()]
  }
  expect(await ask('SELECT 1')).toEqual([200, null, '1\n'])
  expect(await ask(gzipSync('SELECT 2'), { 'content-encoding': 'gzip' })).toEqual([200, null, '2\n'])
  expect(await ask(zstdCompressSync('SELECT 3'), { 'content-encoding': 'zstd' })).toEqual([200, null, '3\n'])
  expect(await ask('SELEC 1')).toEqual([400, '62', expect.stringContaining('SYNTAX_ERROR')])
  expect(await ask('SELECT * FROM nothing')).toEqual([
    404,
    '60',
    expect.stringMatching(/^Code: 60\. DB::Exception: .*\(UNKNOWN_TABLE\) \(version /),
  ])
  expect(await ask('SELECT 1', { 'x-clickhouse-key': 'wrong' })).toEqual([
    403,
    '516',
    expect.stringContaining('Authentication failed'),
  ])
})

test.runIf(clickHouse)('what was acknowledged is there after the process was killed', async () => {
  await clickHouse!.query('CREATE TABLE desk.kept (a UInt64) ENGINE = MergeTree ORDER BY a')
  await clickHouse!.query('INSERT INTO desk.kept VALUES (1), (2)')
  await clickHouse!.kill()
  await expect(clickHouse!.query('SELECT 1')).rejects.toThrow()
  await clickHouse!.start()
  expect(await clickHouse!.rows('SELECT count() AS count FROM desk.kept')).toEqual([{ count: 2 }])
})
