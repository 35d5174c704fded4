import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDesk, SERVER_KEY, TOKEN } from '../../fixtures/openDesk.ts'
import type { AccessLogLine } from '@waybill/desk'

type Desk = ReturnType<typeof openDesk>
const OWN = { 'sec-fetch-site': 'same-origin' }

async function signIn(desk: Desk, token = TOKEN): Promise<string> {
  const answer = await desk.request('/login', { method: 'POST', body: token, headers: OWN })
  expect(answer.status).toBe(204)
  return answer.headers.get('set-cookie')?.split(';')[0] ?? ''
}

async function statusWith(desk: Desk, cookie: string, headers: Record<string, string> = OWN): Promise<number> {
  return (await desk.request('/api/trails/x', { headers: { cookie, ...headers } })).status
}

test('signing out ends the sign-in for whoever copied the cookie, and no other', async () => {
  await using desk = openDesk()
  const [mine, others] = [await signIn(desk), await signIn(desk)]
  expect(mine).not.toBe(others)
  expect(await statusWith(desk, mine)).toBe(200)
  const out = await desk.request('/logout', { method: 'POST', headers: { cookie: mine, ...OWN } })
  expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringMatching(/waybill_desk=;.*Max-Age=0/)])
  expect(await statusWith(desk, mine)).toBe(401)
  expect(await statusWith(desk, others)).toBe(200)
})

test('revoking a token, or its expiry, ends what was signed in with it', async () => {
  let now = Date.now()
  await using desk = openDesk({ now: () => now })
  const jane = await desk.tokens.create({ name: 'jane', scopes: ['read'] })
  const joe = await desk.tokens.create({ name: 'joe', scopes: ['read'], expiresAt: now + 60_000 })
  const [janes, joes] = [await signIn(desk, jane.value), await signIn(desk, joe.value)]
  expect([await statusWith(desk, janes), await statusWith(desk, joes)]).toEqual([200, 200])
  await desk.tokens.revoke('jane')
  expect([await statusWith(desk, janes), await statusWith(desk, joes)]).toEqual([401, 200])
  now += 60_000
  expect(await statusWith(desk, joes)).toBe(401)
})

test('a page that is signed in goes on after a restart, for twelve hours in all, and not beyond a change of the token', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-sign-in-'))
  const databaseFile = join(folder, 'desk.db')
  let now = Date.now()
  const options = { database: databaseFile, now: () => now }
  const cookies: string[] = []
  {
    await using desk = openDesk(options)
    const { value } = await desk.tokens.create({ name: 'jane', scopes: ['read', 'admin'] })
    cookies.push(await signIn(desk), await signIn(desk, value))
  }
  const bytes = Buffer.concat(readdirSync(folder).map((file) => readFileSync(join(folder, file))))
  for (const cookie of cookies) expect(bytes.includes(cookie.split('=')[1]!)).toBe(false)
  {
    await using desk = openDesk({ ...options, readToken: 'changed-read-token' })
    expect(await Promise.all(cookies.map((cookie) => statusWith(desk, cookie)))).toEqual([401, 200])
  }
  {
    await using desk = openDesk(options)
    now += 11 * 3_600_000
    expect(await Promise.all(cookies.map((cookie) => statusWith(desk, cookie)))).toEqual([200, 200])
    now += 3_600_000
    expect(await Promise.all(cookies.map((cookie) => statusWith(desk, cookie)))).toEqual([401, 401])
  }
  rmSync(folder, { recursive: true })
})

test('the session says who is signed in and what they may do', async () => {
  await using desk = openDesk()
  const { value } = await desk.tokens.create({ name: 'jane', scopes: ['admin', 'read'] })
  const session = async (cookie: string) =>
    await (await desk.request('/session', { headers: { cookie, ...OWN } })).json()
  expect(await session(await signIn(desk, value))).toEqual({ signedIn: true, who: 'jane', scopes: ['admin', 'read'] })
  expect(await session('waybill_desk=made-up')).toEqual({ signedIn: false, who: null, scopes: [] })
})

test('whoever may neither read nor administer has nothing to sign in to', async () => {
  await using desk = openDesk()
  const signInWith = async (body: string) => (await desk.request('/login', { method: 'POST', body })).status
  expect([await signInWith(SERVER_KEY), await signInWith(await desk.tokenFor('metrics'))]).toEqual([403, 403])
  expect(await signInWith(await desk.tokenFor('admin'))).toBe(204)
})

test.each([
  ['its own page', { 'sec-fetch-site': 'same-origin' }, 200, 200],
  ['its own page, told by Origin', { origin: 'http://desk.example' }, 200, 200],
  ['its own page behind a proxy that speaks TLS', { origin: 'https://desk.example' }, 200, 200],
  ['an address that was typed', { 'sec-fetch-site': 'none' }, 200, 401],
  ['nobody says where', {}, 200, 401],
  ['another site', { 'sec-fetch-site': 'cross-site' }, 401, 401],
  ['another port of this host', { 'sec-fetch-site': 'same-site', origin: 'http://desk.example' }, 401, 401],
  ['another origin', { origin: 'http://desk.example:8080' }, 401, 401],
  ['a sandboxed frame', { origin: 'null' }, 401, 401],
])('with the cookie from %s it reads or not, and changes things or not', async (_, headers, reads, writes) => {
  await using desk = openDesk()
  const cookie = await signIn(desk)
  expect(await statusWith(desk, cookie, headers as Record<string, string>)).toBe(reads)
  const search = { method: 'POST', body: 'x', headers: { cookie, ...headers } }
  expect((await desk.request('/api/search', search)).status).toBe(writes)
  // A sign-out that nobody meant does not happen either.
  const out = await desk.request('/logout', { method: 'POST', headers: { cookie, ...headers } })
  expect([out.status, await statusWith(desk, cookie)]).toEqual(writes === 200 ? [204, 401] : [401, 200])
})

test('another site’s page cannot sign somebody in', async () => {
  await using desk = openDesk()
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }] as const) {
    const answer = await desk.request('/login', { method: 'POST', body: TOKEN, headers: { ...headers } })
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null])
  }
})

test('who signs in and out is in the log', async () => {
  const lines: AccessLogLine[] = []
  await using desk = openDesk({ log: (line) => lines.push(line) })
  const { value } = await desk.tokens.create({ name: 'jane', scopes: ['read'] })
  const cookie = await signIn(desk, value)
  await statusWith(desk, cookie)
  await desk.request('/logout', { method: 'POST', headers: { cookie, ...OWN } })
  expect(lines.map(({ event, who, via }) => [event, who, via])).toEqual([
    ['sign-in', 'jane', 'page'],
    ['look-up', 'jane', 'page'],
    ['sign-out', 'jane', 'page'],
  ])
  expect(JSON.stringify(lines)).not.toContain(cookie.split('=')[1])
})
