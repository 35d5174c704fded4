import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { startDesk } from '@waybill/desk'
import type { RunningDesk } from '@waybill/desk'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openShop } from '../../packages/browser/fixtures/openShop.ts'
import type { Shop } from '../../packages/browser/fixtures/openShop.ts'
import { trailsAt } from './startDemo.ts'
import type { Trail } from './startDemo.ts'

const KEY = 'public-key-for-browsers'
const TOKEN = 'token-for-reading'

let shop: Shop
let desk: RunningDesk
let page: Page
let reference: string
const seen: { readonly method: string; readonly url: string; readonly headers: IncomingHttpHeaders }[] = []
/** The desk as the page reaches it: on an origin of its own, and whoever stands before it sees every request. */
const front = createServer((request, response) => {
  void (async () => {
    const { method = '', url = '', headers } = request
    seen.push({ method, url, headers })
    const body = method === 'POST' ? await text(request) : null
    const { origin = '', 'content-type': type = '' } = headers
    const answer = await fetch(desk.url + url, { method, headers: { origin, 'content-type': type }, body })
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
  })()
})

const trail = async (): Promise<Trail | undefined> => (await trailsAt(desk.url, TOKEN, reference))[0]

beforeAll(async () => {
  shop = await openShop()
  desk = await startDesk({
    database: ':memory:',
    readToken: TOKEN,
    ingestKeys: ['secret-key-for-servers'],
    browserKeys: [KEY],
    port: 0,
  })
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  page = await shop.visit({ delivers: false })
})

afterAll(async () => {
  await shop?.close()
  front.closeAllConnections()
  front.close()
  await desk?.stop()
})

/** The page's waybill; with `isHeld` none of its timers ever fires, so that nothing goes out before the page does. */
async function begin({ isHeld }: { isHeld: boolean }): Promise<void> {
  const { port } = front.address() as AddressInfo
  await page.evaluate(
    ({ deliverTo, key, isHeld }) => {
      const { createWaybill, on } = window.shop
      const waybill = createWaybill({ service: 'exit-web', deliverTo, key, after: isHeld ? () => {} : undefined })
      on('<button data-waybill-action="Pay">Pay</button>', 'click', async () => {
        const response = await waybill.fetch('/api/orders')
        void waybill.fetch('/api/pay?wait=60000')
        document.title = waybill.referenceOf(response) ?? ''
      })
    },
    { deliverTo: `http://127.0.0.1:${port}`, key: KEY, isHeld },
  )
}

test('what is told as a page goes reaches a desk elsewhere without asking first, and is read as the browser’s word', async () => {
  await begin({ isHeld: true })
  await page.getByRole('button', { name: 'Pay' }).click()
  await expect.poll(() => page.title()).toMatch(/^\w{3}-\w{3}-\w{3}$/)
  reference = await page.title()
  expect(seen).toEqual([])
  await page.goto('about:blank')
  await expect.poll(trail).toBeDefined()

  expect(seen).toHaveLength(1)
  expect(seen[0]).toMatchObject({ method: 'POST', url: `/v1/traces?key=${KEY}` })
  expect(seen[0]?.headers['content-type']).toMatch(/^text\/plain/)
  expect(seen[0]?.headers.referer).toBeUndefined()
  expect(seen[0]?.headers.origin).toBe(shop.site.origin)
  const found = await trail()
  expect(found).toMatchObject({ action: 'Pay', claimed: true, outcome: { state: 'running', hop: 'browser' } })
  const told = { hop: 'browser', service: 'exit-web', claimed: true }
  expect(found?.steps).toMatchObject([
    { ...told, attempt: 1, name: 'Pay', action: 'open', status: 'running', parentId: null },
    { ...told, name: 'GET /api/orders', action: null, status: 'ok', parentId: found?.steps[0]?.id },
  ])
  expect(found?.steps[1]?.attributes).toEqual({ 'http.request.method': 'GET', 'http.response.status_code': 200 })
})

test('the next page tells how it ended, under the same steps', async () => {
  const before = await trail()
  await page.goto(shop.site.origin)
  await begin({ isHeld: false })
  await expect.poll(async () => (await trail())?.steps.length, { timeout: 60_000 }).toBe(3)
  const found = await trail()
  expect(found?.steps).toMatchObject([
    { id: before?.steps[0]?.id, name: 'Pay', action: 'abandoned', status: 'ok' },
    { id: before?.steps[1]?.id, name: 'GET /api/orders', status: 'ok' },
    { name: 'GET /api/pay', status: 'error', error: { type: 'page_left' } },
  ])
  expect(found?.outcome.sentence).toContain('the customer left the page before an answer came')
})
