import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { openDesk, SERVER_KEY, TOKEN } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'

type Desk = ReturnType<typeof openDesk>

interface LogPage {
  readonly entries: readonly Record<string, unknown>[]
  readonly next: number | null
}

async function pageOf(desk: Desk, token: string, query = ''): Promise<LogPage> {
  const answer = await desk.request(`/api/log${query}`, { headers: { authorization: `Bearer ${token}` } })
  expect(answer.status).toBe(200)
  return (await answer.json()) as LogPage
}

const ask = (desk: Desk, token: string, from = '10.0.0.1') =>
  desk.request('/api/trails/x', { from, headers: { authorization: `Bearer ${token}` } })

test('the log tells who did what, hits and misses, the newest first, and never what was typed', async () => {
  let now = Date.UTC(2026, 10, 30, 9)
  await using desk = openDesk({ now: () => now++ })
  const { servers } = refundTrail({ begunAt: now - 1000, person: 'C-2041', order: 'A-1001' })
  await desk.sendAsServer(servers)
  const admin = (await desk.tokens.create({ name: 'auditor', scopes: ['admin'] })).value
  const jane = (await desk.tokens.create({ name: 'jane', scopes: ['read'] })).value
  const search = (body: string) =>
    desk.request('/api/search', {
      method: 'POST',
      from: '10.0.0.1',
      body,
      headers: { authorization: `Bearer ${jane}` },
    })
  await search('customer C-2041, jane@example.com')
  await search('order A-1001')
  await search('nothing known')
  await ask(desk, SERVER_KEY)
  await desk.tokens.revoke('jane')
  await ask(desk, jane)
  const { entries, next } = await pageOf(desk, admin)
  const told = entries.map(({ event, who, via, address, kind, matches }) => [event, who, via, address, kind, matches])
  expect(told).toEqual([
    ['log-read', 'auditor', 'token', 'local', null, 0],
    ['refused', 'jane', 'token', '10.0.0.1', 'revoked-token', 1],
    ['token-revoke', 'program', 'command', 'local', 'jane: read', 0],
    ['refused', 'environment', 'token', '10.0.0.1', 'not-of-scope-read', 1],
    ['look-up', 'jane', 'token', '10.0.0.1', null, 0],
    ['look-up', 'jane', 'token', '10.0.0.1', 'fact:order', 1],
    ['look-up', 'jane', 'token', '10.0.0.1', 'person', 1],
    ['token-create', 'program', 'command', 'local', 'jane: read', 0],
    ['token-create', 'program', 'command', 'local', 'auditor: admin', 0],
  ])
  expect(next).toBeNull()
  expect(entries[0]).toMatchObject({
    id: expect.any(Number),
    at: expect.stringMatching(/^2026-11-30T09:00:00\.\d{3}Z$/),
  })
  expect(JSON.stringify(entries)).not.toMatch(/C-2041|A-1001|example\.com|nothing known|wbd_|secret-key/)
})

test('the log is for whoever may administer, a hundred lines a page', async () => {
  await using desk = openDesk({ limits: { lookUpsPerMinute: 1000 } })
  const admin = await desk.tokenFor('admin')
  for (let count = 0; count < 120; count++) await ask(desk, TOKEN)
  const first = await pageOf(desk, admin)
  expect(first.entries).toHaveLength(100)
  const second = await pageOf(desk, admin, `?before=${first.next}`)
  expect(second.entries).toHaveLength(22)
  expect(second.next).toBeNull()
  const ids = [...first.entries, ...second.entries].map(({ id }) => Number(id))
  expect(ids).toEqual(ids.toSorted((a, b) => b - a))
  const refused = async (query: string, token: string) =>
    (await desk.request(`/api/log${query}`, { headers: { authorization: `Bearer ${token}` } })).status
  expect([await refused('', TOKEN), await refused('?before=x', admin), await refused('?before=-1', admin)]).toEqual([
    403, 400, 400,
  ])
})

test('a flood of refusals is a few lines, which count them', async () => {
  await using desk = openDesk()
  const admin = await desk.tokenFor('admin')
  for (let count = 0; count < 500; count++) await ask(desk, `guess-${count}`)
  for (let count = 0; count < 500; count++) await ask(desk, `guess-${count}`, `10.1.${count >> 8}.${count & 255}`)
  const { entries, next } = await pageOf(desk, admin)
  const all = [...entries, ...(await pageOf(desk, admin, `?before=${next}`)).entries]
  const refused = all.filter(({ event }) => event === 'refused')
  expect(refused.length).toBeLessThan(110)
  expect(refused.reduce((sum, { matches }) => sum + Number(matches), 0)).toBe(1000)
  const fromOne = refused
    .filter(({ address }) => address === '10.0.0.1')
    .map(({ kind, matches }) => [kind, matches].join(' '))
  expect(new Set(fromOne)).toEqual(
    new Set(['unknown-token 1', 'unknown-token 19', 'too-many-wrong 1', 'too-many-wrong 479']),
  )
  expect(refused.some(({ address, kind }) => address === 'others' && kind === 'many')).toBe(true)
  expect(JSON.stringify(all)).not.toContain('guess')
})

test('what was counted is written as the desk stops, and the log goes on after a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-log-'))
  const databaseFile = join(folder, 'desk.db')
  {
    await using desk = openDesk({ database: databaseFile })
    for (let count = 0; count < 5; count++) await ask(desk, 'guess')
  }
  await using desk = openDesk({ database: databaseFile })
  const { entries } = await pageOf(desk, await desk.tokenFor('admin'))
  const refused = entries.filter(({ event }) => event === 'refused')
  expect(refused.map(({ matches }) => matches)).toEqual([4, 1])
  rmSync(folder, { recursive: true })
})

test('where the log cannot be written nothing is shown: 503, and look-ups come back by themselves', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-log-'))
  const databaseFile = join(folder, 'desk.db')
  const faults: unknown[] = []
  {
    await using desk = openDesk({ database: databaseFile, onError: (error) => faults.push(error) })
    const { servers, reference } = refundTrail()
    await desk.sendAsServer(servers)
    const look = () => desk.request(`/api/trails/${reference}`, { headers: { authorization: `Bearer ${TOKEN}` } })
    expect((await look()).status).toBe(200)
    const admin = await desk.tokenFor('admin')
    const other = new DatabaseSync(`${databaseFile}.access`)
    // As a full disk does, this fails every line.
    other.exec("CREATE TRIGGER full BEFORE INSERT ON log BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END")
    const refused = await look()
    expect(refused.status).toBe(503)
    for (const path of ['/api/export', '/api/erase']) {
      const headers = { authorization: `Bearer ${admin}`, 'content-type': 'application/json' }
      const answer = await desk.request(path, { method: 'POST', headers, body: JSON.stringify({ reference }) })
      expect([path, answer.status, (await answer.text()).includes('shop-api')]).toEqual([path, 503, false])
    }
    expect(await refused.text()).not.toContain('shop-api')
    const signIn = await desk.request('/login', { method: 'POST', body: TOKEN })
    expect([signIn.status, signIn.headers.get('set-cookie')]).toEqual([503, null])
    expect((await ask(desk, 'guess')).status).toBe(401)
    // Steps are taken in all the same.
    expect((await desk.sendAsServer(refundTrail().servers)).status).toBe(200)
    expect(String(faults[0])).toContain('The access log cannot be written')
    other.exec('DROP TRIGGER full')
    other.close()
    expect((await look()).status).toBe(200)
    // What could not be written down was not erased either.
    expect((await desk.lookUp(reference)).matches).toHaveLength(1)
  }
  rmSync(folder, { recursive: true })
})
