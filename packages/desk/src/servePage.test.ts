import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { startDesk } from '@waybill/desk'
import { openDesk, SERVER_KEY, TOKEN } from '../fixtures/openDesk.ts'

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
    const policy = response.headers.get('content-security-policy')?.split('; ') ?? []
    for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'"])
      expect(policy).toContain(rule)
    for (const rule of ["frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"])
      expect(policy).toContain(rule)
    expect(policy.join(' ')).not.toMatch(/unsafe|\*|https?:/)
    expect(response.headers.get('x-frame-options')).toBe('DENY')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin')
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

const CLIMBS = ['..', '%2e%2e', '%252e%252e', '..%00', '.%00.', '..%c0%af', '..\\', '%5c..', '....']
const SLASHES = ['/', '%2f', '%252f', '%5c', '//']

test('no address climbs out of the page’s folder, however it is written', async () => {
  const desk = await startDesk({
    database: ':memory:',
    readToken: TOKEN,
    ingestKeys: [SERVER_KEY],
    pageFolder,
    port: 0,
  })
  try {
    const { port } = new URL(desk.url)
    // `fetch` would tidy the address up before it is sent.
    const ask = (path: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const asking = request({ port, path, headers: { authorization: `Bearer ${TOKEN}` } }, (response) =>
          resolve(text(response)),
        )
        asking.on('error', reject).end()
      })
    for (const place of ['/', '/assets/', '/trail/', '/customer/']) {
      for (const climb of CLIMBS) {
        for (const slash of SLASHES) {
          const path = `${place}${climb}${slash}${climb}${slash}secret.js`
          expect(await ask(path), path).not.toContain('not yours')
          expect(await ask(`${path}%00.css`), path).not.toContain('not yours')
        }
      }
    }
  } finally {
    await desk.stop()
  }
})
