import { startDesk } from '@waybill/desk'
import { expect, test } from 'vitest'
import { answers, openCollector, takes } from '../../fixtures/openCollector.ts'
import { SERVER_KEY, TOKEN } from '../../fixtures/openDesk.ts'
import { createDeskReader } from './createDeskReader.ts'
import { Unreadable } from './DeskReader.ts'

const saysOf = async (asking: Promise<unknown>): Promise<string> => {
  const error = await asking.then(
    () => null,
    (cause: unknown) => cause,
  )
  expect(error).toBeInstanceOf(Unreadable)
  return (error as Error).message
}

async function open(lookUpsPerMinute = 100) {
  const desk = await startDesk({
    databaseFile: ':memory:',
    readToken: TOKEN,
    ingestKeys: [SERVER_KEY],
    port: 0,
    limits: { lookUpsPerMinute },
  })
  return { url: desk.url, [Symbol.asyncDispose]: () => desk.stop() }
}

test('says what to do about a wrong token, too many look-ups and a text that is too long, and repeats none of it', async () => {
  await using desk = await open(2)
  const wrong = createDeskReader({ desk: desk.url, token: 'wrong-1' })
  expect(await saysOf(wrong.find('secret-2'))).toMatch(/^\[waybill\] The desk does not know the token.*scope read\.$/)
  expect(await saysOf(wrong.recentFailures({ since: '1h', limit: 1 }))).not.toMatch(/wrong-1/)
  const reader = createDeskReader({ desk: `${desk.url}/`, token: TOKEN })
  expect(await saysOf(reader.find('secret-2'.repeat(20_000)))).toMatch(/too long/)
  expect((await reader.find('secret-2')).matches).toEqual([])
  expect(await saysOf(reader.find('secret-2'))).toMatch(/Wait a minute/)
})

test('says so where there is no desk, and gives the token to nobody else', async () => {
  await using other = await openCollector(takes)
  const asked = { since: '1h', hop: 'api', service: 'a & b', limit: 1 }
  const reader = createDeskReader({ desk: other.url, token: TOKEN })
  expect(await saysOf(reader.find('x'))).toMatch(/is no desk/)
  expect(await saysOf(reader.recentFailures(asked))).toMatch(/is no desk/)
  expect(other.taken.at(-1)?.path).toBe('/api/recent?since=1h&failed=1&hop=api&service=a+%26+b')
  other.answerFromNowOn(answers(200, {}, '<html>'))
  expect(await saysOf(reader.find('x'))).toMatch(/is no desk/)

  await using elsewhere = await openCollector(takes)
  other.answerFromNowOn(answers(307, { location: elsewhere.url }))
  expect(await saysOf(reader.find('x'))).toMatch(/answered 307/)
  expect(elsewhere.taken).toEqual([])

  const nowhere = createDeskReader({ desk: 'http://127.0.0.1:1', token: TOKEN })
  expect(await saysOf(nowhere.find('x'))).toMatch(/There is no answer from the desk at http:\/\/127\.0\.0\.1:1/)
})
