import { describe, expect, test } from 'vitest'
import { openDesk, TOKEN } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import type { AccessLogLine } from '@waybill/desk'

const bearer = { authorization: `Bearer ${TOKEN}` }

test.each([
  ['no token', {}],
  ['a wrong token', { authorization: 'Bearer wrong' }],
  ['another scheme', { authorization: `Basic ${TOKEN}` }],
  ['a made-up cookie', { cookie: 'waybill_desk=9999999999999.c2lnbmVk' }],
])('look-up with %s is 401', async (_, headers) => {
  await using desk = openDesk()
  expect((await desk.request('/api/trails/x', { headers })).status).toBe(401)
  expect((await desk.request('/api/search', { method: 'POST', headers, body: 'x' })).status).toBe(401)
})

describe('signing in on the page', () => {
  const signIn = async (desk: ReturnType<typeof openDesk>): Promise<string> => {
    const response = await desk.request('/login', { method: 'POST', body: TOKEN })
    expect(response.status).toBe(204)
    return response.headers.get('set-cookie') ?? ''
  }

  test('gives a cookie that scripts cannot read and other sites cannot send, and that holds no token', async () => {
    await using desk = openDesk()
    const cookie = await signIn(desk)
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Strict/)
    expect(cookie).not.toContain(TOKEN)
    const headers = { cookie: cookie.split(';')[0]! }
    expect((await desk.request('/api/trails/x', { headers })).status).toBe(200)
    expect(await (await desk.request('/session', { headers })).json()).toEqual({
      signedIn: true,
      who: 'environment',
      scopes: ['read'],
    })
    expect(await (await desk.request('/session')).json()).toEqual({ signedIn: false, who: null, scopes: [] })
  })

  test('a page of another port of this host cannot use it', async () => {
    await using desk = openDesk()
    const cookie = (await signIn(desk)).split(';')[0]!
    const from = (site: string) => desk.request('/api/trails/x', { headers: { cookie, 'sec-fetch-site': site } })
    expect((await from('same-site')).status).toBe(401)
    expect((await from('same-origin')).status).toBe(200)
  })

  test('lasts twelve hours, and not beyond a change of the token', async () => {
    let now = Date.now()
    await using desk = openDesk({ now: () => now })
    const headers = { cookie: (await signIn(desk)).split(';')[0]! }
    now += 13 * 3_600_000
    expect((await desk.request('/api/trails/x', { headers })).status).toBe(401)
    await using renewed = openDesk({ readToken: 'another-token-for-reading' })
    expect((await renewed.request('/api/trails/x', { headers })).status).toBe(401)
  })

  test('a wrong token is 401, and guessing is slowed down', async () => {
    await using desk = openDesk()
    const statuses = []
    for (let count = 0; count < 25; count++) {
      statuses.push((await desk.request('/login', { method: 'POST', body: `guess ${count}` })).status)
    }
    expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 401))
    expect(statuses.slice(20)).toEqual(Array.from({ length: 5 }, () => 429))
  })

  test('signing out takes the cookie back', async () => {
    await using desk = openDesk()
    const response = await desk.request('/logout', { method: 'POST' })
    expect(response.headers.get('set-cookie')).toMatch(/waybill_desk=;.*Max-Age=0/)
  })
})

test('every look-up is logged with who, when and how many, and never with what was typed', async () => {
  const entries: AccessLogLine[] = []
  await using desk = openDesk({ log: (entry) => entries.push(entry) })
  await desk.sendAsServer(refundTrail().servers)
  await desk.lookUp('C-2041')
  await desk.search('mine is A-1001, my mail is jane@example.com')
  await desk.lookUp('nothing')
  await desk.request('/api/trails/x')
  expect(entries).toEqual([
    expect.objectContaining({
      event: 'look-up',
      who: 'environment',
      via: 'token',
      address: 'local',
      kind: 'person',
      matches: 1,
    }),
    expect.objectContaining({ kind: 'fact:order', matches: 1 }),
    expect.objectContaining({ kind: null, matches: 0 }),
    expect.objectContaining({ event: 'refused', who: 'nobody', kind: 'no-token', matches: 1 }),
  ])
  expect(JSON.stringify(entries)).not.toMatch(/C-2041|A-1001|jane|nothing/)
})

test('looking up too often is 429 with Retry-After', async () => {
  await using desk = openDesk({ limits: { lookUpsPerMinute: 2 } })
  const statuses = []
  for (let count = 0; count < 4; count++)
    statuses.push((await desk.request('/api/trails/x', { headers: bearer })).status)
  expect(statuses).toEqual([200, 200, 429, 429])
  const refused = await desk.request('/api/trails/x', { headers: bearer })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
})

test('a text beyond 64 kB is refused', async () => {
  await using desk = openDesk()
  const search = (body: string) => desk.request('/api/search', { method: 'POST', headers: bearer, body })
  expect((await search('x '.repeat(30_000))).status).toBe(200)
  expect((await search('x '.repeat(40_000))).status).toBe(413)
})
