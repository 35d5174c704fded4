import { createWaybill } from '@waybill/browser'
import type { Waybill } from '@waybill/browser'
import { mintReference, traceIdOf, traceparentOf } from '@waybill/reference'
import type { Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { passTime } from '../fixtures/later.ts'
import { openShop } from '../fixtures/openShop.ts'
import type { Shop } from '../fixtures/openShop.ts'

let shop: Shop

beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.close())
beforeEach(() => shop.forget())

const stored = (page: Page): Promise<string[]> =>
  page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)])

const deliveries = (page: Page): Promise<string[]> =>
  page.evaluate(() => window.shop.waybill.session.actions().map(({ name, delivery }) => `${name} ${delivery}`))

const pay = (page: Page, name: string): Promise<void> =>
  page.evaluate(async (name) => {
    const action = window.shop.waybill.begin(name)
    await action.fetch('/api/pay')
    action.succeed()
    await window.shop.waybill.flush()
  }, name)

test('without consent nothing is stored, not even over a reload, and calls and delivery go on', async () => {
  shop.site.collector.mode = 503
  const page = await shop.visit({ options: { consent: 'memory-only' } })
  await pay(page, 'Pay')
  expect(await deliveries(page)).toEqual(['Pay memory'])
  expect(shop.site.calls[0]?.headers['trace-reference']).toMatch(/^\w{3}-\w{3}-\w{3}$/)
  shop.site.collector.mode = 'accept'
  await page.evaluate(() => window.shop.waybill.flush())
  expect(await deliveries(page)).toEqual(['Pay delivered'])
  expect(await stored(page)).toEqual([])
  await page.reload()
  expect(await stored(page)).toEqual([])
  expect(await deliveries(page)).toEqual([])
})

test('consent keeps what memory held; withdrawing it removes all that was stored, and the session goes on in memory', async () => {
  shop.site.collector.mode = 503
  const page = await shop.visit({ options: { consent: 'memory-only' } })
  await pay(page, 'Before')
  await page.evaluate(() => window.shop.waybill.setConsent('granted'))
  await pay(page, 'After')
  expect(await deliveries(page)).toEqual(['Before saved', 'After saved'])
  expect((await stored(page)).length).toBeGreaterThan(2)
  await page.evaluate(() => window.shop.waybill.setConsent('memory-only'))
  expect(await stored(page)).toEqual([])
  expect(await deliveries(page)).toEqual(['Before memory', 'After memory'])
  await pay(page, 'Later')
  expect(await stored(page)).toEqual([])
})

test('withdrawing consent first thing removes what an earlier page stored', async () => {
  shop.site.collector.mode = 503
  const page = await shop.visit()
  await pay(page, 'Earlier')
  await page.reload()
  await page.evaluate(() => window.shop.waybill.setConsent('memory-only'))
  expect(await stored(page)).toEqual([])
})

test('where a blocker keeps steps from the desk they go by way of the application’s own API, and stay there', async () => {
  const page = await shop.visit({ options: { fallbackTo: '/api/notes', key: 'public' } })
  await page.route('**/waybill/v1/traces*', (route) => route.abort('blockedbyclient'))
  await pay(page, 'Pay')
  await expect.poll(() => deliveries(page)).toEqual(['Pay delivered'])
  await pay(page, 'Refund')
  await expect.poll(() => deliveries(page)).toEqual(['Pay delivered', 'Refund delivered'])
  const addresses = shop.site.collector.requests.map(({ url }) => url).filter((url) => url.includes('key=public'))
  expect(new Set(addresses)).toEqual(new Set(['/api/notes/v1/traces?key=public']))
})

test('what a page calls while it loads belongs to the action that made the server render it; later calls do not', async () => {
  const reference = mintReference()
  const context = await shop.browser.newContext()
  await context.clock.install()
  const page = await context.newPage()
  const given = traceparentOf(traceIdOf(reference))
  await page.goto(`${shop.site.origin}/?traceparent=${given}`)
  const current = await page.evaluate(() => {
    const { waybill, on } = window.shop
    on('<button>Pay</button>', 'click', () => waybill.fetch('/api/click'))
    void waybill.fetch('/api/first')
    return waybill.current()?.reference
  })
  await passTime(context, 2300)
  await page.evaluate(() => window.shop.waybill.fetch('/api/later'))
  await page.click('text=Pay')
  await expect.poll(() => shop.site.calls.length).toBe(3)
  const [first, later, click] = shop.site.calls.map(({ headers }) => headers)
  expect(current).toBe(reference)
  expect(first?.['trace-reference']).toBe(reference)
  expect(String(first?.['traceparent']).split('-')[1]).toBe(traceIdOf(reference))
  for (const other of [later, click]) expect(other?.['trace-reference']).not.toBe(reference)
})

test.each(['', 'garbage', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'])(
  'a page with the traceparent %j is nobody’s, and harms nothing',
  async (given) => {
    const page = await (await shop.browser.newContext()).newPage()
    await page.goto(`${shop.site.origin}/?traceparent=${given}`)
    const seen = await page.evaluate(async () => {
      await window.shop.waybill.fetch('/api/first')
      return window.shop.waybill.session.actions().map(({ background }) => background)
    })
    expect(seen).toEqual([true])
  },
)

const make = (options: unknown): Waybill => Reflect.apply(createWaybill, undefined, [options])
const RIGHT = { service: 'shop-web', after: () => {} }

const WRONG: readonly (readonly [name: string, what: string, wrong: readonly unknown[]])[] = [
  ['service', 'a name, as in { service: "shop-web" }', ['', null, undefined, 5]],
  ['deliverTo', 'a string', [null, 5, new URL('https://desk.example')]],
  ['fallbackTo', 'used without deliverTo', ['/api/steps', '']],
  ['key', 'a string', [5, null]],
  ['namespace', 'a string', [5, null]],
  ['prefix', 'two to five letters A to Z, such as "ORD"', ['ord', 'A', 'ABCDEF', ['ORD'], null]],
  ['consent', '"granted" or "memory-only"', ['denied', true, ['granted'], null]],
  ['sampledShare', 'a number from 0 to 1', [-0.1, 1.1, Number.NaN, '0.5', null]],
  ['length', '8, 9, 10 or 12', [7, 11, 15, '9', null]],
  ...['now', 'after', 'fetch', 'random', 'onError'].map((name) => [name, 'a function', [5, {}, null]] as const),
  [
    'tracedOrigins',
    'a list of origins, such as "https://api.shop.example"',
    ['https://a.example', null, new Set(), [null], ['a.example'], ['https://a.example/'], ['https://a.example:443']],
  ],
  ['storage', '{ profile, tab }', ['local', {}, { profile: {} }, null]],
]

test.each(WRONG)('%s that is not %s is refused at once', (name, what, wrong) => {
  for (const value of wrong)
    expect(() => make({ ...RIGHT, [name]: value })).toThrow(new TypeError(`[waybill] ${name} is not ${what}.`))
})

test.each([undefined, null, 'shop-web', 5, {}])('%j for options is refused with what to write', (options) => {
  expect(() => make(options)).toThrow(new TypeError('[waybill] service is not a name, as in { service: "shop-web" }.'))
})

test('undefined leaves any option but the service out', () => {
  const names = WRONG.map(([name]) => name).filter((name) => name !== 'service')
  make({ ...Object.fromEntries(names.map((name) => [name, undefined])), service: 'shop-web' }).stop()
})

test('a browser without URL.parse is no reason to refuse an origin', async () => {
  const context = await shop.browser.newContext()
  await context.addInitScript(() => Reflect.deleteProperty(URL, 'parse'))
  const page = await shop.visit({ context })
  expect(await page.evaluate(() => ['parse' in URL, typeof window.shop.waybill.fetch])).toEqual([false, 'function'])
})

test('the fetch that is given gets what other libraries wrote on an init, and asks none of their getters', async () => {
  const page = await shop.visit()
  const seen = await page.evaluate(async () => {
    const inits: unknown[] = []
    const waybill = window.shop.createWaybill({
      service: 'shop-web',
      async fetch(_, init) {
        inits.push({ ...init, headers: undefined })
        return new Response()
      },
    })
    let asked = 0
    const init = {
      retry: { limit: 2 },
      signal: null,
      get onProgress() {
        return asked++
      },
    }
    await waybill.fetch('/api/x', init)
    return [inits, asked]
  })
  expect(seen).toEqual([[expect.objectContaining({ retry: { limit: 2 }, signal: null })], 0])
})

test('what is thrown in run comes out as it is, however odd', async () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  const odd: readonly unknown[] = [
    { status: Object.create(null) },
    { status: Symbol('status'), name: Symbol('name') },
    { name: { toString: null } },
    { response: proxy },
    proxy,
    Symbol('thrown'),
  ]
  const waybill = make(RIGHT)
  for (const thrown of odd) {
    const refuse = (): unknown => {
      throw thrown
    }
    let came: unknown
    try {
      waybill.run('Pay', refuse)
    } catch (error) {
      came = error
    }
    expect(came === thrown).toBe(true)
  }
  expect(waybill.session.actions().map(({ state }) => state)).toEqual(odd.map(() => 'failed'))
  waybill.stop()
})
