import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDesk } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'

type Desk = ReturnType<typeof openDesk>
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const read = async (desk: Desk, token: string) => (await desk.request('/api/trails/x', bearer(token))).status
const titleOf = async (response: Response) => ((await response.json()) as { title: string }).title

test('each scope opens its own routes and no other, and a refusal names the scope', async () => {
  await using desk = openDesk()
  const body = '{"resourceSpans":[]}'
  const link = JSON.stringify([{ reference: refundTrail().reference, kind: 'ticket', value: 'ZD-1' }])
  const post = (token: string, body: string): RequestInit => ({
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  })
  const opened: Record<string, number[]> = {}
  for (const scope of ['read', 'link', 'ingest', 'browser', 'metrics', 'admin'] as const) {
    const token = await desk.tokenFor(scope)
    opened[scope] = [
      await read(desk, token),
      (await desk.request('/api/log', bearer(token))).status,
      (await desk.request('/v1/traces', post(token, body))).status,
      (await desk.request('/api/links', post(token, link))).status,
    ]
  }
  expect(opened).toEqual({
    read: [200, 403, 403, 403],
    link: [403, 403, 403, 200],
    ingest: [403, 403, 200, 200],
    browser: [403, 403, 403, 403],
    metrics: [403, 403, 403, 403],
    admin: [403, 200, 403, 403],
  })
  const refused = await desk.request('/api/trails/x', bearer(await desk.tokenFor('ingest')))
  expect(await titleOf(refused)).toContain('scope read')
})

test('a token with several scopes does all of that', async () => {
  await using desk = openDesk()
  const token = await desk.tokenFor('read', 'admin')
  expect(await read(desk, token)).toBe(200)
  expect((await desk.request('/api/log', bearer(token))).status).toBe(200)
})

test('a token ends when it is revoked, by its name or its id, and says so', async () => {
  await using desk = openDesk()
  const one = await desk.tokens.create({ name: 'jane', scopes: ['read'] })
  const two = await desk.tokens.create({ name: 'joe', scopes: ['read'] })
  expect([await read(desk, one.value), await read(desk, two.value)]).toEqual([200, 200])
  expect(await desk.tokens.revoke('jane')).toBe(true)
  expect(await desk.tokens.revoke(two.id)).toBe(true)
  expect(await desk.tokens.revoke('jane')).toBe(false)
  const refused = await desk.request('/api/trails/x', bearer(one.value))
  expect([refused.status, await titleOf(refused)]).toEqual([401, 'This token was revoked.'])
  expect(await read(desk, two.value)).toBe(401)
})

test('a token ends at its expiry', async () => {
  let now = Date.now()
  await using desk = openDesk({ now: () => now })
  const { value } = await desk.tokens.create({ name: 'jane', scopes: ['read'], expiresAt: now + 60_000 })
  now += 59_999
  expect(await read(desk, value)).toBe(200)
  now += 1
  const refused = await desk.request('/api/trails/x', bearer(value))
  expect([refused.status, await titleOf(refused)]).toEqual([401, 'This token has expired.'])
})

test('a value is random, recognised at sight, and kept nowhere', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-tokens-'))
  const values: string[] = []
  {
    await using desk = openDesk({ database: join(folder, 'desk.db') })
    for (const name of ['jane', 'joe']) values.push((await desk.tokens.create({ name, scopes: ['read'] })).value)
    for (const value of values) {
      expect(value).toMatch(/^wbd_[\w-]{32}$/)
      expect(await read(desk, value)).toBe(200)
    }
    expect(JSON.stringify(await desk.tokens.list())).not.toMatch(/wbd_|hash/)
  }
  expect(new Set(values).size).toBe(2)
  const bytes = Buffer.concat(readdirSync(folder).map((file) => readFileSync(join(folder, file))))
  expect(bytes.includes('jane')).toBe(true)
  for (const value of values) expect(bytes.includes(value.slice(4))).toBe(false)
  rmSync(folder, { recursive: true })
})

test('keys of servers and browsers change while the desk runs: both old and new hold, until the old one is revoked', async () => {
  await using desk = openDesk()
  const { servers, browser } = refundTrail()
  const send = async (key: string) => (await desk.sendAsServer(servers, key)).status
  const browse = async (key: string) =>
    (await desk.request(`/v1/traces?key=${key}`, { method: 'POST', body: '{"resourceSpans":[]}' })).status
  const make = async (name: string, scope: 'ingest' | 'browser') =>
    (await desk.tokens.create({ name, scopes: [scope] })).value
  const [old, fresh] = [await make('api-1', 'ingest'), await make('api-2', 'ingest')]
  const [oldPage, freshPage] = [await make('web-1', 'browser'), await make('web-2', 'browser')]
  const all = async () => [await send(old), await send(fresh), await browse(oldPage), await browse(freshPage)]
  expect(await all()).toEqual([200, 200, 200, 200])
  for (const name of ['api-1', 'web-1']) await desk.tokens.revoke(name)
  expect(await all()).toEqual([401, 200, 401, 200])
  expect((await desk.sendAsBrowser(browser)).status).toBe(200)
})

test('a browser key of listed origins is for their pages only, and preflights say the same', async () => {
  await using desk = openDesk()
  const { value } = await desk.tokens.create({
    name: 'shop-web',
    scopes: ['browser'],
    origins: ['https://shop.example', 'http://localhost:3000'],
  })
  const path = `/v1/traces?key=${value}`
  const from = async (origin?: string) => {
    const init = { method: 'POST', body: '{"resourceSpans":[]}', headers: { ...(origin && { origin }) } }
    const answer = await desk.request(path, init)
    return [answer.status, answer.headers.get('access-control-allow-origin')]
  }
  expect(await from('https://shop.example')).toEqual([200, 'https://shop.example'])
  expect(await from('http://localhost:3000')).toEqual([200, 'http://localhost:3000'])
  for (const origin of ['https://evil.example', 'https://shop.example.evil.example', 'http://shop.example', 'null'])
    expect(await from(origin), origin).toEqual([403, null])
  expect(await from()).toEqual([403, null])
  const ask = async (origin: string) => {
    const headers = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    }
    return (await desk.request(path, { method: 'OPTIONS', headers })).headers.get('access-control-allow-origin')
  }
  expect([await ask('https://shop.example'), await ask('https://evil.example')]).toEqual(['https://shop.example', null])
})
