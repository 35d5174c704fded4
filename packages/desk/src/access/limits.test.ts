import { expect, test } from 'vitest'
import { BROWSER_KEY, openDesk, SERVER_KEY, TOKEN } from '../../fixtures/openDesk.ts'

type Desk = ReturnType<typeof openDesk>

async function lookUp(desk: Desk, token: string, from?: string): Promise<number> {
  const init = { ...(from !== undefined && { from }), headers: { authorization: `Bearer ${token}` } }
  return (await desk.request('/api/trails/x', init)).status
}

const times = async (count: number, ask: (index: number) => Promise<number>): Promise<number[]> => {
  const statuses: number[] = []
  for (let index = 0; index < count; index++) statuses.push(await ask(index))
  return statuses
}
const counted = (statuses: readonly number[]) =>
  Object.fromEntries(
    [...new Set(statuses)].map((status) => [status, statuses.filter((each) => each === status).length]),
  )

test('a wall clock that is set back or forward changes no limit', async () => {
  let [now, uptime] = [Date.now(), 1000]
  await using desk = openDesk({ limits: { lookUpsPerMinute: 2 }, now: () => now, clock: () => uptime })
  expect(await times(3, () => lookUp(desk, TOKEN))).toEqual([200, 200, 429])
  now -= 3_600_000
  expect(await lookUp(desk, TOKEN)).toBe(429)
  now += 7_200_000
  expect(await lookUp(desk, TOKEN)).toBe(429)
  uptime += 30_000
  expect(await times(2, () => lookUp(desk, TOKEN))).toEqual([200, 429])
})

test('a named token is counted by its name, wherever it is used, and does not slow another one down', async () => {
  await using desk = openDesk({ limits: { lookUpsPerMinute: 2 } })
  const [jane, joe] = [await desk.tokenFor('read'), await desk.tokenFor('read')]
  expect(await times(4, (index) => lookUp(desk, jane, `10.0.0.${index}`))).toEqual([200, 200, 429, 429])
  expect(await lookUp(desk, joe, '10.0.0.0')).toBe(200)
})

test('many names from one address are slowed down as well', async () => {
  await using desk = openDesk({ limits: { lookUpsPerMinute: 1 } })
  const tokens = await Promise.all(Array.from({ length: 25 }, () => desk.tokenFor('read')))
  expect(counted(await times(25, (index) => lookUp(desk, tokens[index]!, '10.0.0.1')))).toEqual({ 200: 20, 429: 5 })
  expect(await lookUp(desk, await desk.tokenFor('read'), '10.0.0.2')).toBe(200)
})

test('the environment’s token, which many share, is counted by address, and in all', async () => {
  await using desk = openDesk({ limits: { lookUpsPerMinute: 1 } })
  expect(await times(2, () => lookUp(desk, TOKEN, '10.0.0.1'))).toEqual([200, 429])
  expect(counted(await times(25, (index) => lookUp(desk, TOKEN, `10.0.1.${index}`)))).toEqual({ 200: 19, 429: 6 })
})

test('addresses of IPv6 that one client may all have are one', async () => {
  await using desk = openDesk({ limits: { lookUpsPerMinute: 1 } })
  expect(await lookUp(desk, TOKEN, '2001:db8:0:1::1')).toBe(200)
  expect(await lookUp(desk, TOKEN, '2001:db8:0:1:ffff::2')).toBe(429)
  expect(await lookUp(desk, TOKEN, '2001:db8:0:2::1')).toBe(200)
})

const WAYS: [string, (desk: Desk, guess: string, from: string) => Promise<Response>][] = [
  ['a look-up', (desk, guess, from) => desk.request('/api/trails/x', asking(guess, from))],
  ['the log', (desk, guess, from) => desk.request('/api/log', asking(guess, from))],
  ['the intake', (desk, guess, from) => desk.request('/v1/traces', { method: 'POST', ...asking(guess, from) })],
  ['links', (desk, guess, from) => desk.request('/api/links', { method: 'POST', ...asking(guess, from) })],
  ['signing in', (desk, guess, from) => desk.request('/login', { method: 'POST', body: guess, from })],
]

test.each(WAYS)('wrong tokens for %s are twenty a minute from one address, all ways together', async (_, ask) => {
  let uptime = 0
  await using desk = openDesk({ clock: () => uptime })
  const statuses = await times(30, async (index) => (await ask(desk, `guess ${index}`, '10.0.0.1')).status)
  expect(counted(statuses)).toEqual({ 401: 20, 429: 10 })
  for (const [, other] of WAYS) expect((await other(desk, 'guess', '10.0.0.1')).status).toBe(429)
  // A guess that is right is not told from one that is wrong.
  expect((await ask(desk, TOKEN, '10.0.0.1')).status).toBe(429)
  expect(await lookUp(desk, TOKEN, '10.0.0.2')).toBe(200)
  uptime += 60_000
  expect(await lookUp(desk, TOKEN, '10.0.0.1')).toBe(200)
})

test('who was let in from an address before is not locked out by somebody else’s guesses there', async () => {
  await using desk = openDesk()
  const jane = await desk.tokenFor('read')
  const send = async () => (await desk.sendAsServer([])).status
  expect([await lookUp(desk, jane, '10.0.0.1'), await send()]).toEqual([200, 200])
  await times(40, (index) => lookUp(desk, `guess-${index}`, '10.0.0.1'))
  await times(40, (index) => lookUp(desk, `guess-${index}`))
  expect([await lookUp(desk, jane, '10.0.0.1'), await send()]).toEqual([200, 200])
  expect(await lookUp(desk, TOKEN, '10.0.0.1')).toBe(429)
})

test('many guesses at the same time are no more than one after another', async () => {
  await using desk = openDesk({ clock: () => 0 })
  const statuses = await Promise.all(Array.from({ length: 200 }, (_, index) => lookUp(desk, `guess-${index}`)))
  expect(counted(statuses)).toEqual({ 401: 20, 429: 180 })
})

test('right tokens use up no guesses, and who guesses at a browser key, which is public, locks nobody out', async () => {
  await using desk = openDesk({ limits: { browserRequestsPerMinute: 30 }, clock: () => 0 })
  for (let index = 0; index < 30; index++) expect(await lookUp(desk, await desk.tokenFor('read'))).toBe(200)
  const send = async (key: string) =>
    (await desk.request(`/v1/traces?key=${key}`, { method: 'POST', body: '{"resourceSpans":[]}' })).status
  expect(counted(await times(25, (index) => send(`guess-${index}`)))).toEqual({ 401: 25 })
  expect(counted(await times(10, () => send(BROWSER_KEY)))).toEqual({ 200: 5, 429: 5 })
  expect((await desk.sendAsServer([], SERVER_KEY)).status).toBe(200)
})

function asking(guess: string, from: string) {
  return { from, headers: { authorization: `Bearer ${guess}`, 'content-type': 'application/json' } }
}
