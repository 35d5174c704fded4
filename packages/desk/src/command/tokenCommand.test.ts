import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDesk } from '@waybill/desk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SERVER_KEY, TOKEN } from '../../fixtures/openDesk.ts'
import { runWaybill } from '../../fixtures/waybillProcess.ts'

const folder = mkdtempSync(join(tmpdir(), 'waybill-token-'))
const database = join(folder, 'desk.db')
let desk: Awaited<ReturnType<typeof startDesk>>

beforeAll(async () => {
  desk = await startDesk({ database: database, readToken: TOKEN, ingestKeys: [SERVER_KEY], port: 0 })
})
afterAll(async () => {
  await desk.stop()
  rmSync(folder, { recursive: true })
})

async function token(...args: readonly string[]) {
  const { code, out, errors } = await runWaybill(['token', ...args])
  return { code, out: out.trim(), errors: errors.trim() }
}

const at = ['--database', database]
const ask = async (path: string, value: string): Promise<Response> =>
  await fetch(desk.url + path, { headers: { authorization: `Bearer ${value}` } })

test('a token is made while the desk runs, shown once, listed without its value, and revoked at once', async () => {
  const made = await token('create', '--name', 'jane@shop.example', '--scope', 'read,admin', '--expires', '30d', ...at)
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^wbd_[\w-]{32}$/) })
  expect(made.errors).toMatch(/jane@shop\.example {2}read,admin {2}until \d{4}-\d\d-\d\d/)
  expect(made.errors).not.toContain(made.out)
  expect((await ask('/api/trails/x', made.out)).status).toBe(200)

  const listed = await token('list', '--json', ...at)
  expect(listed.out).not.toMatch(/wbd_|hash/)
  const [row] = listed.out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(row).toMatchObject({ name: 'jane@shop.example', scopes: ['read', 'admin'], origins: [], revokedAt: null })
  expect((await token('list', ...at)).out).toMatch(/^[\da-f]{10} {2}jane@shop\.example {2}read,admin {2}until /)

  const log = (await (await ask('/api/log', made.out)).json()) as { entries: Record<string, unknown>[] }
  expect(log.entries).toContainEqual(
    expect.objectContaining({ event: 'token-create', via: 'command', kind: 'jane@shop.example: read admin' }),
  )

  expect(await token('revoke', 'jane@shop.example', ...at)).toMatchObject({ code: 0, out: 'revoked' })
  expect((await ask('/api/trails/x', made.out)).status).toBe(401)
  expect((await token('list', ...at)).out).toMatch(/revoked \d{4}-/)
  expect(await token('revoke', 'jane@shop.example', ...at)).toMatchObject({
    code: 1,
    errors: expect.stringContaining('No token in force'),
  })
})

test('a browser key is bound to origins, and revoked by its id', async () => {
  const origin = ['--origin', 'https://shop.example', 'http://localhost:3000']
  const { out } = await token('create', '--name', 'web', '--scope', 'browser', '--json', ...origin, ...at)
  const { id, value, origins } = JSON.parse(out) as { id: string; value: string; origins: string[] }
  expect(origins).toEqual(['https://shop.example', 'http://localhost:3000'])
  const send = async (from: string) => {
    const init = { method: 'POST', body: '{"resourceSpans":[]}', headers: { origin: from } }
    return (await fetch(`${desk.url}/v1/traces?key=${value}`, init)).status
  }
  expect([await send('https://shop.example'), await send('https://evil.example')]).toEqual([200, 403])
  expect((await token('revoke', id, ...at)).code).toBe(0)
  expect(await send('https://shop.example')).toBe(401)
})

test.each([
  ['no scope', ['create', '--name', 'x']],
  ['a scope that there is not', ['create', '--name', 'x', '--scope', 'read,everything']],
  ['an origin that is none', ['create', '--name', 'x', '--scope', 'browser', '--origin', 'not-an-origin']],
  ['nothing to revoke', ['revoke']],
])('with %s it is used wrongly, and makes nothing', async (_, args) => {
  const result = await token(...args, ...at)
  expect([result.code, result.out]).toEqual([2, ''])
  expect(result.errors).not.toBe('')
})

test('beside no database there is nothing to make a token for', async () => {
  const nowhere = join(folder, 'mistyped.db')
  const result = await token('create', '--name', 'x', '--scope', 'read', '--database', nowhere)
  expect(result).toMatchObject({ code: 2, errors: expect.stringContaining('no desk database at') })
  expect(existsSync(`${nowhere}.access`)).toBe(false)
})

test.skipIf(process.platform === 'win32')('the file of tokens is its owner’s only', () => {
  expect(statSync(`${database}.access`).mode & 0o777).toBe(0o600)
})

test('its help has an example', async () => {
  expect((await token('--help')).out).toContain('$ waybill token create --name')
  expect(await token('create', '--help')).toMatchObject({ code: 0 })
})
