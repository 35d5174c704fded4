import { mintReference, traceIdOf } from '@waybill/reference'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Page } from 'playwright'
import { openShop } from '../fixtures/openShop.ts'
import type { Shop } from '../fixtures/openShop.ts'

let shop: Shop

beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.close())
beforeEach(() => shop.forget())

/** A page whose server handed `traceId` over, loaded but for an image that comes when `finish` is called. */
async function visitRendered(traceId: string): Promise<{ page: Page; finish: () => Promise<void> }> {
  const page = await (await shop.browser.newContext()).newPage()
  const image = Promise.withResolvers<void>()
  await page.route('**/late.png', (route) => image.promise.then(() => route.fulfill({ body: '' })))
  await page.route(`${shop.site.origin}/?offline`, async (route) => {
    const html = await (await route.fetch()).text()
    const meta = `<meta name="traceparent" content="00-${traceId}-00f067aa0ba902b7-01">`
    const body = html.replace('<title>', `${meta}<title>`).replace('</main>', '</main><img src="/late.png">')
    await route.fulfill({ contentType: 'text/html', body })
  })
  await page.goto(`${shop.site.origin}/?offline`, { waitUntil: 'domcontentloaded' })
  return {
    page,
    async finish() {
      image.resolve()
      await page.waitForLoadState('load')
    },
  }
}

/** Whose a call is that is made so long after the page's waybill was, with nothing else to tell by. */
const callAfter = (page: Page, ms: number): Promise<unknown> =>
  page.evaluate(async (ms) => {
    let time = Date.now()
    const waybill = window.shop.createWaybill({ service: `rendered-${ms}`, now: () => time })
    time += ms
    const current = waybill.current()?.reference
    const reference = waybill.referenceOf(await waybill.fetch('/api/orders'))
    const action = waybill.session.actions().find((each) => each.reference === reference)
    waybill.stop()
    return { current, reference, background: action?.background }
  }, ms)

test('what a page calls while it loads, and shortly after, belongs to the action that made the server render it', async () => {
  const reference = mintReference()
  const traceId = traceIdOf(reference)
  const { page, finish } = await visitRendered(traceId)
  const joined = { current: reference, reference, background: false }
  expect(await callAfter(page, 60_000)).toEqual(joined)
  await finish()
  expect(await callAfter(page, 1990)).toEqual(joined)
  expect(shop.site.calls.map(({ headers }) => String(headers['traceparent']).split('-')[1])).toEqual([traceId, traceId])

  const later = await callAfter(page, 2001)
  expect(later).toMatchObject({ current: undefined, background: true })
  expect(later).not.toMatchObject({ reference })
})

test('a server’s trace that stands for no reference is left alone', async () => {
  const { page, finish } = await visitRendered('4bf92f3577b34da6a3ce929d0e0e4736')
  expect(await callAfter(page, 0)).toMatchObject({ current: undefined, background: true })
  await finish()
})

test('until the customer allows it nothing is stored, and steps are delivered; allowed it is, and withdrawn it is gone', async () => {
  const page = await shop.visit({ options: { consent: 'memory-only' } })
  const act = (name: string) =>
    page.evaluate(async (name) => {
      const { waybill } = window.shop
      await waybill.run(name, (action) => action.fetch('/api/orders'))
      await waybill.flush()
    }, name)
  const stored = () => page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))
  const delivery = () => page.evaluate(() => window.shop.waybill.session.actions().map((action) => action.delivery))

  await act('Before')
  expect(await stored()).toBe('{}')
  expect(await delivery()).toEqual(['delivered'])
  shop.site.collector.mode = 503
  await act('Refused')
  expect(await delivery()).toEqual(['delivered', 'memory'])

  await page.evaluate(() => window.shop.waybill.setConsent('granted'))
  expect(await delivery()).toEqual(['delivered', 'saved'])
  expect(await stored()).toContain('Refused')

  await page.evaluate(() => window.shop.waybill.setConsent('memory-only'))
  expect(await stored()).toBe('{}')
  expect(await delivery()).toEqual(['delivered', 'memory'])
})
