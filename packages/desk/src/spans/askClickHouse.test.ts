import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createClickHouseQuestion } from './askClickHouse.ts'

let close: (() => void) | undefined
afterEach(() => close?.())

/** Answers with what stands before ClickHouse, or as ClickHouse does where a setting is not allowed. */
async function answering(answer: (asked: URL) => { status: number; code?: number; text?: string }) {
  const server = createServer((request, response) => {
    const { status, code, text = '' } = answer(new URL(request.url ?? '/', 'http://clickhouse'))
    response.writeHead(status, code === undefined ? {} : { 'x-clickhouse-exception-code': code }).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  close = () => server.close()
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const ask = createClickHouseQuestion({ url, user: 'reader', password: 'hunter2' })
  return () => ask({ sql: 'SELECT 1', limits: { max_rows_to_read: 5 }, signal: AbortSignal.timeout(10_000) })
}

test.each([
  [502, 'unreachable'],
  [504, 'timed-out'],
  [401, 'refused'],
  [404, 'unreadable'],
])('a proxy’s answer of %i is %s', async (status, reason) => {
  const ask = await answering(() => ({ status, text: '<html>hunter2</html>' }))
  await expect(ask()).rejects.toMatchObject({ reason, message: `It answered ${status}.` })
})

test.each([164, 452, 115])('a user who may not set a limit (%i) is asked for without one', async (code) => {
  const ask = await answering(({ searchParams }) =>
    searchParams.has('max_rows_to_read') ? { status: 500, code } : { status: 200, text: '{"one":1}\n' },
  )
  expect(await ask()).toEqual([{ one: 1 }])
})

test('an error in the middle of an answer is no row', async () => {
  const ask = await answering(() => ({ status: 200, text: '{"one":1}\nCode: 241. DB::Exception: memory\n' }))
  await expect(ask()).rejects.toMatchObject({ reason: 'over-budget' })
})
