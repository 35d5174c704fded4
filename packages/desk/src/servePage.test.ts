import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { openDesk } from '../fixtures/openDesk.ts'

const folder = mkdtempSync(join(tmpdir(), 'waybill-page-'))
mkdirSync(join(folder, 'built', 'assets'), { recursive: true })
writeFileSync(join(folder, 'built', 'index.html'), '<!doctype html>the page')
writeFileSync(join(folder, 'built', 'assets', 'index-1a2b.js'), 'export {}')
writeFileSync(join(folder, 'secret.js'), 'not yours')
afterAll(() => rmSync(folder, { recursive: true }))

const pageFolder = pathToFileURL(join(folder, 'built') + '/')

test.each(['/', '/map', '/log', '/trail/RF7-K29-QXR', '/trail/A%2F1001', '/customer/0123456789abcdef'])(
  '%s gives the page under a strict policy',
  async (path) => {
    await using desk = openDesk({ pageFolder })
    const response = await desk.request(path)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('the page')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('cache-control')).toBe('no-cache')
  },
)

test('assets are kept for ever, because their names change with them', async () => {
  await using desk = openDesk({ pageFolder })
  const response = await desk.request('/assets/index-1a2b.js')
  expect(response.headers.get('content-type')).toContain('text/javascript')
  expect(response.headers.get('cache-control')).toContain('immutable')
})

test.each([
  '/assets/..%2F..%2Fsecret.js',
  '/assets/missing.js',
  '/assets/%2e%2e%2fsecret.js',
  '/secret.js',
  '/v1/logs',
])('%s is not there', async (path) => {
  await using desk = openDesk({ pageFolder })
  expect((await desk.request(path)).status).toBe(404)
})

test('a page that is not built says how to build it', async () => {
  await using desk = openDesk({ pageFolder: pathToFileURL(join(folder, 'nowhere') + '/') })
  const response = await desk.request('/')
  expect(response.status).toBe(503)
  expect(await response.text()).toContain('npm run build:page')
})
