import { mintSpanId, traceIdOf } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import { encodeOtlp } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import pg from 'pg'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, shownReference } from './openBrowser.ts'
import { eventually, startDemo } from './startDemo.ts'
import type { Demo, Trail } from './startDemo.ts'

/** How many requests of strangers go through the shop; with STRANGERS=2500 they fill the trail by themselves. */
const STRANGERS = Number(process.env['STRANGERS'] ?? 200)
const INGEST_KEY = 'secret-key-for-servers'

let demo: Demo
let browser: Browser
let page: Page
let desk: Page

beforeAll(async () => {
  demo = await startDemo({ WAYBILL_INGEST_KEY: INGEST_KEY })
  browser = await openBrowser()
  page = await browser.newPage()
  desk = await browser.newPage()
  await desk.goto(demo.desk)
  await desk.getByLabel(/token/i).fill(demo.token)
  await desk.keyboard.press('Enter')
  await desk.getByRole('search').waitFor()
})

afterAll(async () => {
  await browser?.close()
  await demo?.stop()
})

test('a payment that the page could not read is told by both sides, and nobody pays again', async () => {
  await page.route('**/api/checkout', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: '<html>' })
  })
  await payFor({ card: /accepted/i })
  await page.getByText('We do not know yet whether you have paid.').waitFor()
  await page.unroute('**/api/checkout')
  const trail = await settled(await shownReference(page), ({ sentence }) => sentence.includes('the customer'))
  expect(trail.outcome).toMatchObject({ state: 'succeeded', advice: 'none' })
  expect(trail.outcome.sentence).toMatch(
    /^The server finished it; the customer's page says it failed \(SyntaxError\)\. shop-api answered POST \/api\/checkout with 201\b.* Tell the customer that it went through; nobody does it a second time\.$/,
  )
  await atTheDesk(trail)
  await desk.getByRole('definition').filter({ hasText: 'Tell the customer that it went through' }).waitFor()
})

test('declined twice, then paid, says so, and how long the payment took', async () => {
  await payFor({ card: /declined/i })
  await page.getByText('Your payment was not taken.').waitFor()
  const reference = await shownReference(page)
  const once = await settled(reference, ({ state }) => state === 'failed')
  expect(once.outcome).toMatchObject({ advice: 'customer-other-card' })
  expect(once.outcome.sentence).toContain('Nothing was changed, so the customer can pay with another card.')
  await atTheDesk(once)
  for (const card of [/declined/i, /accepted/i]) {
    await page.getByRole('radio', { name: card }).check()
    await page.getByRole('button', { name: /^pay/i }).click()
    if (card.test('declined')) await page.getByText('Your payment was not taken.').waitFor()
  }
  await page.waitForURL(/\/orders\/A-\d+/)
  expect(await shownReference(page)).toBe(reference)
  const trail = await settled(reference, ({ state }) => state === 'succeeded')
  expect(trail.outcome.sentence).toMatch(
    /^shop-api answered POST \/api\/checkout with 201: paid at the third attempt; the bank declined two\. It took (?:\d+ ms|[\d.]+ s)\.$/,
  )
  await atTheDesk(trail)
})

describe('what strangers, later runs and pages’ reads do', () => {
  let reference: Reference
  let before: Trail['outcome']
  let served: { readonly parentId: string | null }
  const now = async (): Promise<Trail> => (await demo.trails(reference))[0]!

  beforeAll(async () => {
    await payFor({ card: /accepted/i })
    await page.waitForURL(/\/orders\/A-\d+/)
    reference = (await shownReference(page)) as Reference
    const trail = await settled(reference, ({ state }) => state === 'succeeded', 'Pay for order')
    before = trail.outcome
    served = trail.steps.find(({ hop, name }) => hop === 'api' && name === 'POST /api/checkout')!
    expect(before.sentence).toContain('shop-api answered POST /api/checkout with 201: paid.')
  })

  test('a read of the action’s own that the shop answers with 500 does not outweigh the payment', async () => {
    const headers = { traceparent: `00-${traceIdOf(reference)}-${served.parentId}-03`, 'trace-reference': reference }
    await inDatabase('ALTER TABLE waybill_demo.orders RENAME TO orders_away')
    const answer = await fetch(`${demo.shop}/api/orders`, { headers })
    await inDatabase('ALTER TABLE waybill_demo.orders_away RENAME TO orders')
    expect(answer.status).toBe(500)
    const trail = await seen(({ name, status }) => name === 'GET /api/orders' && status === 'error')
    expect(trail.steps.find(({ name }) => name === 'GET /api/orders')).toMatchObject({ part: 'own' })
    expect(trail.outcome).toEqual(before)
  })

  test('requests that know the reference only are apart, and cannot keep the action’s own steps out', async () => {
    const call = (headers: Record<string, string> = {}): Promise<Response> =>
      fetch(`${demo.shop}/api/nothing-here`, { headers: { 'trace-reference': reference, ...headers } })
    expect((await call()).status).toBe(404)
    const stranger = `00-${traceIdOf(reference)}-${mintSpanId()}-03`
    for (let many = 0; many < STRANGERS / 50; many++)
      await Promise.all(Array.from({ length: 50 }, () => call(many % 2 ? { traceparent: stranger } : {})))
    await seen(({ part }) => part === 'apart')
    expect((await now()).outcome).toEqual(before)
    for (let many = 0; many < 5; many++) await tellOfStrangers(500)
    expect((await now()).outcome).toEqual(before)
    const own = { traceparent: `00-${traceIdOf(reference)}-${served.parentId}-03`, 'trace-reference': reference }
    expect((await fetch(`${demo.shop}/api/products`, { headers: own })).status).toBe(200)
    const trail = await seen(({ name, part }) => name === 'GET /api/products' && part === 'own')
    expect(trail.outcome).toEqual(before)
    expect(trail.evicted).toBeGreaterThan(0)
    await atTheDesk(trail)
    await desk.getByText(/^Other requests under this reference \(\d+; \d+ more were not kept\)$/).click()
    await desk.getByText('Anybody who knows the reference can send such a request').waitFor()
  })

  /** What the shop tells of so many more of those requests; a trail holds two thousand steps. */
  async function tellOfStrangers(count: number): Promise<void> {
    const traceId = traceIdOf(reference)
    const steps = Array.from({ length: count }, (_, index): Step => ({
      id: mintSpanId(),
      reference,
      traceId,
      ...(index % 2 > 0 && { parentId: mintSpanId() }),
      service: 'shop-api',
      hop: 'api',
      name: 'GET /api/nothing-here',
      at: Date.now(),
      durationMs: 1,
      status: 'error',
      error: { type: '404' },
    }))
    const answer = await fetch(`${demo.desk}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${INGEST_KEY}` },
      body: JSON.stringify(encodeOtlp(steps)),
    })
    expect(answer.status).toBe(200)
  }

  test('a report by the public key flips nothing and puts no words into the answer', async () => {
    const key = await page.locator('meta[name="waybill-browser-key"]').getAttribute('content')
    const lie = {
      traceId: traceIdOf(reference),
      spanId: mintSpanId(),
      parentSpanId: mintSpanId(),
      name: 'Call +1 900 555 for your refund',
      kind: 1,
      startTimeUnixNano: `${Date.now() - 300 * 86_400_000}000000`,
      endTimeUnixNano: `${Date.now()}000000`,
      attributes: Object.entries({
        'waybill.reference': reference,
        'waybill.effect': 'none',
        'waybill.remains': 'all is lost',
        'waybill.action.state': 'failed',
        'error.type': 'Fraud',
      }).map(([name, stringValue]) => ({ key: name, value: { stringValue } })),
      status: { code: 2 },
    }
    const answer = await fetch(`${demo.shop}/waybill/v1/traces?key=${key}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ spans: [lie] }] }] }),
    })
    expect([answer.status, await answer.text()]).toEqual([200, '{}'])
    const trail = await seen(({ name }) => name.startsWith('Call +1'))
    expect(trail.outcome).toEqual(before)
    expect([trail.action, trail.steps.find(({ name }) => name.startsWith('Call'))?.part]).toEqual([
      'Pay for order',
      'claims',
    ])
  })

  test('a nightly sync that fails later has a verdict of its own, and the run names the order', async () => {
    const order = /A-\d+/.exec(page.url())?.[0]
    await inDatabase('UPDATE waybill_demo.orders SET total_cents = 0 WHERE id = $1', [order])
    const started = await fetch(`${demo.shop}/api/back-office/nightly-sync`, { method: 'POST' })
    const { run } = (await started.json()) as { run: { reference: string } }
    const sync = await settled(run.reference, ({ state }) => state === 'failed')
    expect(sync.outcome.sentence).toMatch(
      new RegExp(
        `^refund-worker ran “nightly sync” on schedule: \\d+ of \\d+ done; order ${order} failed \\(a constraint of the database refused it, 23514\\)\\. ` +
          'What failed changed nothing, so that part can be done again\\.$',
      ),
    )
    await atTheDesk(sync)
    await desk.getByText(/^\d+ of \d+ done$/).waitFor()
    await desk.getByText(`order ${order}: a constraint of the database refused it (23514)`).waitFor()

    const trail = await seen(({ name }) => name === 'nightly sync of the order')
    expect(trail.outcome).toEqual(before)
    expect(trail.later).toMatchObject([{ name: 'nightly sync of the order', state: 'failed', advice: 'rerun' }])
    await atTheDesk(trail)
    await desk.getByRole('heading', { name: 'Later: nightly sync of the order' }).waitFor()
  })

  async function seen(found: (step: Trail['steps'][number]) => boolean): Promise<Trail> {
    const [trail] = await eventually(
      () => demo.trails(reference),
      ([match]) => match?.steps.some(found) ?? false,
    )
    expect(trail?.steps.some(found)).toBe(true)
    return trail!
  }
})

async function payFor({ card }: { readonly card: RegExp }): Promise<void> {
  await page.goto(demo.shop)
  const add = page.getByRole('button', { name: /add .*to cart/i })
  await add.first().click()
  await page.goto(`${demo.shop}/checkout`)
  await page.getByRole('radio', { name: card }).check()
  await page.getByRole('button', { name: /^pay/i }).click()
}

async function settled(reference: string, is: (outcome: Trail['outcome']) => boolean, action?: string): Promise<Trail> {
  const [trail] = await eventually(
    () => demo.trails(reference),
    ([match]) => match !== undefined && is(match.outcome) && (action === undefined || match.action === action),
  )
  expect(trail && is(trail.outcome), trail?.outcome.sentence).toBe(true)
  return trail!
}

/** Opens the trail at the desk's page and sees its sentence there, whole. */
async function atTheDesk({ reference, outcome }: Trail): Promise<void> {
  await desk.goto(`${demo.desk}/trail/${reference}`)
  await desk.getByText(outcome.sentence, { exact: true }).first().waitFor()
}

async function inDatabase(text: string, values: unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: demo.databaseUrl })
  await client.connect()
  try {
    await client.query(text, values)
  } finally {
    await client.end()
  }
}
