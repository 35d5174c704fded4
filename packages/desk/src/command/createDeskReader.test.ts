import { startDesk } from '@waybill/desk'
import { afterEach, expect, test, vi } from 'vitest'
import { answers, openCollector, takes } from '../../fixtures/openCollector.ts'
import { SERVER_KEY, TOKEN } from '../../fixtures/openDesk.ts'
import { createDeskReader } from './createDeskReader.ts'
import { Unreadable } from '../mcp/DeskReader.ts'
import type { DeskReader } from '../mcp/DeskReader.ts'

const saysOf = async (asking: Promise<unknown>): Promise<string> => {
  const error = await asking.then(
    () => null,
    (cause: unknown) => cause,
  )
  expect(error).toBeInstanceOf(Unreadable)
  return (error as Error).message
}

/** The token is read from the environment at every question. */
function readerOf(desk: string, token = TOKEN): DeskReader {
  const tokenEnv = token === TOKEN ? 'WAYBILL_TEST_TOKEN' : 'WAYBILL_TEST_OTHER_TOKEN'
  vi.stubEnv(tokenEnv, token)
  return createDeskReader({ desk, tokenEnv })
}
afterEach(() => vi.unstubAllEnvs())

async function open(lookUpsPerMinute = 100) {
  const desk = await startDesk({
    database: ':memory:',
    readToken: TOKEN,
    ingestKeys: [SERVER_KEY],
    port: 0,
    limits: { lookUpsPerMinute },
  })
  return { url: desk.url, [Symbol.asyncDispose]: () => desk.stop() }
}

test('says what to do about a wrong token, too many look-ups and a text that is too long, and repeats none of it', async () => {
  await using desk = await open(2)
  const wrong = readerOf(desk.url, 'wrong-1')
  expect(await saysOf(wrong.find('secret-2'))).toMatch(
    /^\[waybill\] The desk does not know the token in \$WAYBILL_TEST_OTHER_TOKEN/,
  )
  expect(await saysOf(wrong.recentFailures({ since: '1h', limit: 1 }))).not.toMatch(/wrong-1/)
  const reader = readerOf(`${desk.url}/`)
  expect(await saysOf(reader.find('secret-2'.repeat(20_000)))).toMatch(/longer than 64 kB/)
  expect((await reader.find('secret-2')).matches).toEqual([])
  expect(await saysOf(reader.find('secret-2'))).toMatch(/asked too often/)
})

test('says so where there is no desk, and gives the token to nobody else', async () => {
  await using other = await openCollector(takes)
  const asked = { since: '1h', hop: 'api', service: 'a & b', limit: 1 }
  const reader = readerOf(other.url)
  expect(await saysOf(reader.find('x'))).toMatch(/not as expected/)
  expect(await saysOf(reader.recentFailures(asked))).toMatch(/not as expected/)
  expect(other.taken.at(-1)?.path).toBe('/api/recent?since=1h&failed=1&hop=api&service=a+%26+b')
  other.answerFromNowOn(answers(200, {}, '<html>'))
  expect(await saysOf(reader.find('x'))).toMatch(/not as expected/)

  await using elsewhere = await openCollector(takes)
  other.answerFromNowOn(answers(307, { location: elsewhere.url }))
  expect(await saysOf(reader.find('x'))).toMatch(/answered with 307/)
  expect(elsewhere.taken).toEqual([])

  const nowhere = readerOf('http://127.0.0.1:1')
  expect(await saysOf(nowhere.find('x'))).toMatch(/There is no answer from http:\/\/127\.0\.0\.1:1/)
})
