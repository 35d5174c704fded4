import { decodeOtlp } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import type { Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openShop } from '../fixtures/openShop.ts'
import type { Shop } from '../fixtures/openShop.ts'

let shop: Shop
let page: Page

beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.close())
beforeEach(async () => {
  await page?.context().close()
  page = await shop.visit()
  shop.forget()
})

/** What the desk decodes of all that was delivered, each step once, as it was told last. */
function steps(): Step[] {
  const all = shop.site.collector.requests.flatMap(({ body }) => decodeOtlp(JSON.parse(body)).steps)
  return [...new Map(all.map((step) => [step.id, step])).values()]
}

/** Of whole actions, without the markers of their start. */
const rounds = () => steps().filter(({ action, startedFor }) => action && !startedFor)

const records = () => page.evaluate(() => [...window.shop.waybill.session.actions()])

test('a crash while the page was drawn is told as one, and with an AbortError it is a failure, too', async () => {
  await page.evaluate(async () => {
    const { waybill } = window.shop
    waybill.begin('Show orders').fail(new TypeError('no items'), { during: 'render' })
    waybill.begin('Show cart').fail(new DOMException('', 'AbortError'), { during: 'render' })
    waybill.begin('Show help').fail(undefined, { during: 'render' })
    waybill.begin('Pay').fail(new TypeError('no items'))
    waybill.begin('Look').fail(new TypeError('no items'), Object({ during: 'jane@example.org' }))
    waybill.begin('Ask').fail(new TypeError('no items'), Object(null))
    await waybill.flush()
  })
  expect(
    rounds().map(({ name, action, status, error, failure }) => [name, action, status, error?.type, failure]),
  ).toEqual([
    ['Show orders', 'failed', 'error', 'TypeError', 'render'],
    ['Show cart', 'failed', 'error', 'AbortError', 'render'],
    ['Show help', 'failed', 'error', 'error', 'render'],
    ['Pay', 'failed', 'error', 'TypeError', undefined],
    ['Look', 'failed', 'error', 'TypeError', undefined],
    ['Ask', 'failed', 'error', 'TypeError', undefined],
  ])
  expect(shop.site.collector.requests.map(({ body }) => body).join()).not.toContain('jane')
})

test('an action that has succeeded fails when the page crashes over its answer, and by nothing else', async () => {
  const [shown, other] = await page.evaluate(async () => {
    const { waybill } = window.shop
    const pay = waybill.begin('Pay')
    await (await pay.fetch('/api/pay', { method: 'POST' })).json()
    pay.succeed()
    const crash = new TypeError('no items')
    pay.fail(crash, { during: 'render' })
    pay.fail(crash, { during: 'render' })
    const refund = waybill.begin('Refund')
    refund.succeed()
    refund.fail(new TypeError('too late'))
    await waybill.flush()
    return [waybill.referenceOf(crash) === pay.reference && pay.state, refund.state]
  })
  expect([shown, other]).toEqual(['failed', 'succeeded'])
  expect(rounds().map(({ name, action, attempt, failure }) => [name, action, attempt, failure])).toEqual([
    ['Pay', 'succeeded', 1, undefined],
    ['Pay', 'failed', 1, 'render'],
    ['Refund', 'succeeded', 1, undefined],
  ])
  expect((await records()).map(({ state, attempts }) => [state, attempts])).toEqual([
    ['failed', 1],
    ['succeeded', 1],
  ])
})

test('what the application lets the customer repeat says so, on the page and at the desk, from the start and over a reload', async () => {
  const seen = await page.evaluate(async () => {
    const { waybill } = window.shop
    const saved = waybill.begin('Save draft', { repeatable: true })
    await waybill.flush()
    const ran = await waybill.run('Search', async ({ repeatable }) => repeatable, { repeatable: true })
    const once = waybill.begin('Pay')
    const no = waybill.begin('Order', { repeatable: false })
    const odd = waybill.begin('Ask', Object({ repeatable: 'jane@example.org' }))
    const none = waybill.begin('Call', Object(null))
    return [saved, once, no, odd, none].map(({ repeatable }) => repeatable).concat(ran)
  })
  expect(seen).toEqual([true, false, false, false, false, true])
  expect(steps().map(({ repeatable, startedFor }) => [repeatable, !!startedFor])).toEqual([[true, true]])
  await page.reload()
  expect((await records()).map(({ name, repeatable }) => `${name} ${repeatable}`).toSorted()).toEqual([
    'Ask false',
    'Call false',
    'Order false',
    'Pay false',
    'Save draft true',
    'Search true',
  ])
  await page.evaluate(async () => {
    const { waybill } = window.shop
    for (const { reference } of waybill.session.actions()) {
      const action = waybill.actionOf(reference)!
      if (action.repeatable) action.retry()
      action.fail()
    }
    await waybill.flush()
  })
  const told = rounds().map(({ name, attempt, repeatable }) => `${name} ${attempt} ${repeatable}`)
  expect(told.toSorted()).toEqual([
    'Ask 1 undefined',
    'Call 1 undefined',
    'Order 1 undefined',
    'Pay 1 undefined',
    'Save draft 1 true',
    'Save draft 2 true',
    'Search 1 true',
    'Search 2 true',
  ])
  expect(shop.site.collector.requests.map(({ body }) => body).join()).not.toContain('jane')
})

test('a click whose first call began its action is repeatable once it is begun as such', async () => {
  await page.evaluate(() => {
    const { on, waybill } = window.shop
    on('<button>Go</button>', 'click', () => {
      void waybill.fetch('/api/first')
      waybill.begin('Save draft', { repeatable: true })
    })
  })
  await page.click('text=Go')
  await expect.poll(() => shop.site.calls.length).toBe(1)
  expect((await records()).map(({ name, repeatable }) => [name, repeatable])).toEqual([['Save draft', true]])
})
