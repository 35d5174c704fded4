import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startDesk } from '@waybill/desk'
import type { RunningDesk } from '@waybill/desk'
import { mintReference } from '@waybill/reference'
import type { Browser, BrowserContextOptions, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packPackages } from './freshApp/createFreshApp.ts'
import type { PackedPackages } from './freshApp/createFreshApp.ts'
import { createNextApp } from './nextApp/createNextApp.ts'
import type { NextApp } from './nextApp/createNextApp.ts'
import { openBrowser, shownReference } from './openBrowser.ts'
import { eventually, trailsAt } from './startDemo.ts'
import type { Trail, TrailStep } from './startDemo.ts'

let browser: Browser
let packed: PackedPackages
let desk: RunningDesk
let app: NextApp

beforeAll(async () => {
  browser = await openBrowser()
  packed = await packPackages(['reference', 'trail', 'carry', 'browser', 'react', 'server'])
  const keys = { ingestKeys: ['secret-key-for-servers'], browserKeys: ['public-key-for-browsers'] }
  // The tests ask until it is there.
  const limits = { lookUpsPerMinute: 100_000 }
  desk = await startDesk({ database: ':memory:', readToken: 'token-for-reading', ...keys, limits, port: 0 })
  app = await createNextApp({
    packed,
    environment: { DESK_URL: desk.url, WAYBILL_INGEST_KEY: 'secret-key-for-servers' },
  })
}, 600_000)
afterAll(async () => {
  await app?.[Symbol.asyncDispose]()
  await desk?.stop()
  await browser?.close()
})

/** What is on the screen is in the log and at the desk, where just the named steps stand under it. */
async function followed(reference: string, steps: readonly string[]): Promise<Trail> {
  const [trail] = await eventually(
    () => trailsAt(desk.url, 'token-for-reading', reference),
    ([found]) =>
      steps.every((name) => found?.steps.some((step) => nameOf(step) === name)) &&
      found?.steps.every(({ status }) => status !== 'running') === true,
  )
  expect(new Set(trail?.steps.map(nameOf))).toEqual(new Set(steps))
  expect(trail?.reference).toBe(reference)
  return trail ?? expect.fail('no trail')
}

const nameOf = ({ service, name }: TrailStep): string => `${service}: ${name}`

/** Lines of the log with that reference: what the application said, then what the server printed. */
const logged = (reference: string): string[] =>
  app.log.filter((line) => line.includes(reference)).toSorted((a, b) => Number(b[0] === '{') - Number(a[0] === '{'))

async function open(path: string, options?: BrowserContextOptions): Promise<Visit> {
  const page = await browser.newPage(options)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  // Chromium asks for it once, and this app has none.
  await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }))
  await page.goto(new URL(path, app.url).href)
  return { page, complaints, [Symbol.asyncDispose]: () => page.close() }
}

interface Visit extends AsyncDisposable {
  readonly page: Page
  readonly complaints: readonly string[]
}

/** What React and Chromium say of any crash on a server. */
const CRASH = [/Minified React error #441/, /status of 500/]

test('hydration is silent, and what the page calls while it loads is under the reference of its request', async () => {
  await using visit = await open('/')
  const output = await visit.page.locator('output').filter({ hasText: 'api' }).textContent()
  const traceparent = await visit.page.locator('meta[name=traceparent]').getAttribute('content')
  const [path, reference] = JSON.parse(output ?? '') as string[]
  expect(path).toBe('/api/orders')
  const trail = await followed(String(reference), ['shop-web: GET /api/orders', 'shop-next: GET /api/orders'])
  expect(traceparent).toContain(trail.traceId)
  expect(visit.complaints).toEqual([])
})

describe('under one code on the screen, in the log and at the desk', () => {
  test('fails a route handler, which the customer gets as a problem', async () => {
    await using visit = await open('/')
    await visit.page.getByRole('button', { name: 'Refund by route' }).click()
    const reference = await shownReference(visit.page)
    const trail = await followed(reference, [
      'shop-web: Request refund',
      'shop-web: POST /api/orders/:id/refund',
      'shop-next: POST /api/orders/[id]/refund',
    ])
    expect(trail.outcome).toMatchObject({ state: 'failed', hop: 'api' })
    await expect
      .poll(() => logged(reference))
      .toEqual([
        expect.stringContaining('"msg":"refund requested"'),
        expect.stringContaining(`[waybill] POST /api/orders/[id]/refund failed under ${reference}: RangeError`),
      ])
    expect(visit.complaints).toEqual([expect.stringMatching(/status of 500/)])
  })

  test('fails a Server Action', async () => {
    await using visit = await open('/')
    await visit.page.getByRole('region', { name: 'A-1001' }).getByRole('button', { name: 'Request refund' }).click()
    const reference = await shownReference(visit.page)
    const trail = await followed(reference, ['shop-web: Request refund', 'shop-next: Request refund'])
    expect(trail.steps.map(({ status }) => status)).toEqual(['error', 'error'])
    expect(trail.outcome).toMatchObject({ state: 'failed', hop: 'api' })
    await expect
      .poll(() => logged(reference))
      .toEqual([
        expect.stringContaining('"msg":"refund requested"'),
        expect.stringMatching(/"level":50.*the secret of the bank/),
        expect.stringContaining(`digest: '${reference}'`),
      ])
    expect(await visit.page.content()).not.toContain('secret')
  })

  test('crashes a server component, when its page is loaded', async () => {
    await using visit = await open('/orders/A-1001')
    const reference = await shownReference(visit.page)
    await followed(reference, ['shop-next: GET /orders/[id]'])
    await expect
      .poll(() => logged(reference))
      .toEqual([
        expect.stringContaining('"msg":"order loaded"'),
        expect.stringMatching(/"level":50.*the secret of the bank/),
        expect.stringContaining(`digest: '${reference}'`),
      ])
    expect(visit.complaints.filter((text) => !CRASH.some((known) => known.test(text)))).toEqual([])
  })

  test('crashes a server component that a link leads to, and again for the next attempt, under a code of its own', async () => {
    await using visit = await open('/')
    await visit.page.getByRole('link', { name: 'Order A-1001' }).click()
    const first = await shownReference(visit.page)
    await followed(first, ['shop-next: GET /orders/[id]'])
    await visit.page.getByRole('button', { name: 'Try again' }).click()
    await visit.page.locator(`[data-waybill-reference]:not([data-waybill-reference="${first}"])`).waitFor()
    const second = await shownReference(visit.page)
    await followed(second, ['shop-next: GET /orders/[id]'])
    expect(visit.complaints.filter((text) => !CRASH.some((known) => known.test(text)))).toEqual([])
  })

  test('crashes the page in the browser', async () => {
    await using visit = await open('/')
    await visit.page.getByRole('button', { name: 'Break' }).click()
    await followed(await shownReference(visit.page), ['shop-web: Show page'])
  })

  test.each([
    ['with', true],
    ['without', false],
  ] as const)('fails a form, %s JavaScript', async (_, javaScriptEnabled) => {
    await using visit = await open('/checkout', { javaScriptEnabled })
    const reference = await visit.page.locator('input[name=Trace-Reference]').getAttribute('value')
    await visit.page.getByRole('button', { name: 'Place order' }).click()
    if (javaScriptEnabled) expect(await shownReference(visit.page)).toBe(reference)
    await followed(String(reference), ['shop-next: Place order'])
    await expect.poll(() => logged(String(reference)).length).toBeGreaterThan(2)
    const [placed, failed, ...printed] = logged(String(reference))
    expect(placed).toContain('"msg":"order placed"')
    expect(failed).toMatch(/"level":50.*the secret of the bank/)
    // Without JavaScript Next.js prints it twice.
    expect(new Set(printed)).toEqual(new Set([`  digest: '${reference}'`]))
  })
})

test('one error that meets two customers has each one’s code', async () => {
  const visits = await Promise.all(['/orders/A-1002', '/orders/A-1002', '/orders/A-1002'].map((path) => open(path)))
  const references = await Promise.all(visits.map(({ page }) => shownReference(page)))
  expect(new Set(references).size).toBe(3)
  for (const reference of references) await followed(reference, ['shop-next: GET /orders/[id]'])
  await Promise.all(visits.map(({ page }) => page.close()))
})

test('what a click calls after a timer is under its code, as the browser’s bundles carry, and the server’s do not', async () => {
  await using visit = await open('/')
  const references: (string | undefined)[] = []
  visit.page.on('request', (request) => {
    if (/\/api\/orders\?/.test(request.url())) references.push(request.headers()['trace-reference'])
  })
  const reserve = visit.page.getByRole('button', { name: 'Reserve' })
  // Before React has taken the server's page over, a click does nothing.
  await expect
    .poll(() => reserve.evaluate((button) => Object.keys(button).some((key) => key.startsWith('__react'))), {
      timeout: 20_000,
    })
    .toBe(true)
  await reserve.click()
  await expect.poll(() => references.length, { timeout: 20_000 }).toBe(2)
  expect(references).toEqual([references[0], references[0]])
  expect(references[0]).toMatch(/^\w{3}-\w{3}-\w{3}$/)

  expect(app.built).toMatch(/\[waybill\] carry: \d functions? in \d files? carr(?:y|ies); none left alone/)
  const carrying = (part: string) =>
    globSync(`.next/${part}/**/*.js`, { cwd: app.folder }).filter((file) =>
      /isRunning:\s*(?:!0|true)/.test(readFileSync(join(app.folder, file), 'utf8')),
    )
  expect([carrying('static').length, carrying('server')]).toEqual([1, []])
})

test('a component that is not wrapped crashes under its request’s code, and the digest leads to it from the page’s', async () => {
  await using visit = await open('/unwrapped')
  const shown = await shownReference(visit.page)
  await followed(shown, ['shop-web: Show page'])
  const line = app.log.find((text) => text.includes('"msg":"order loaded"') && !text.includes('reference'))
  expect(line).toBeDefined()
  const digest = app.log.findLast((text) => /digest: '\d+'/.test(text))?.match(/\d+/)?.[0] ?? ''
  const trails = await eventually(
    () => trailsAt(desk.url, 'token-for-reading', digest),
    (found) => found.length === 2,
  )
  expect(new Set(trails.flatMap(({ steps }) => steps.map(nameOf)))).toEqual(
    new Set(['shop-web: Show page', 'shop-next: GET /unwrapped']),
  )
})

test.each([
  ['/api/moved', 307, 'ok'],
  ['/api/missing', 404, 'error'],
] as const)('what %s throws is its answer, and passes through', async (path, status, ended) => {
  const reference = mintReference()
  const headers = { 'Trace-Reference': reference }
  const response = await fetch(new URL(path, app.url), { redirect: 'manual', headers })
  expect(response.status).toBe(status)
  const trail = await followed(reference, [`shop-next: GET ${path}`])
  expect(trail.steps).toMatchObject([{ status: ended, attributes: { 'http.response.status_code': status } }])
  expect(logged(reference)).toEqual([])
})

test('a page that redirects or is not found is none that crashed', async () => {
  const moved = await fetch(new URL('/orders/moved', app.url), { redirect: 'manual' })
  expect([moved.status, moved.headers.get('location')]).toEqual([307, '/'])
  expect((await fetch(new URL('/orders/gone', app.url))).status).toBe(404)
})

test('an action that redirects has succeeded', async () => {
  await using visit = await open('/')
  await visit.page.getByRole('region', { name: 'A-7' }).getByRole('button', { name: 'Request refund' }).click()
  await visit.page.waitForURL('**/?refunded=A-7')
  const line = () => app.log.find((text) => text.includes('"order":"A-7"'))
  const { reference } = JSON.parse(line() ?? '') as { reference: string }
  const trail = await followed(reference, ['shop-web: Request refund', 'shop-next: Request refund'])
  expect(trail.outcome.state).toBe('succeeded')
  expect(visit.complaints).toEqual([])
})

test('a component renders under its request’s reference, and a route that is prerendered under none', async () => {
  const page = await (await fetch(new URL('/orders/A-7', app.url))).text()
  const reference = /A-7<!-- --> under <!-- -->([\w-]+)/.exec(page)?.[1] ?? ''
  await expect.poll(() => logged(reference)).toEqual([expect.stringContaining('"msg":"order loaded"')])
  const fixed = await fetch(new URL('/api/fixed', app.url))
  expect([await fixed.json(), fixed.headers.get('trace-reference')]).toEqual([{ reference: null }, null])
})
