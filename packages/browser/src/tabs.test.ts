import type { BrowserContext, Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { disturbTab } from '../fixtures/disturbTab.ts'
import { inEveryBrowser } from '../fixtures/inEveryBrowser.ts'
import { later } from '../fixtures/later.ts'
import { openShop } from '../fixtures/openShop.ts'
import type { Shop } from '../fixtures/openShop.ts'

inEveryBrowser((shop) => {
  test('a second tab lists what the customer did in the first as it happens, and when that is closed', async () => {
    const { page } = shop
    await page.evaluate(() =>
      window.shop.on('<button>Open</button>', 'click', () => {
        Object.assign(window, { second: window.open('/second') })
      }),
    )
    await page.click('text=Open')
    await expect.poll(() => page.evaluate(() => 'shop' in Object(window.second))).toBe(true)
    const names = () =>
      page.evaluate(() => window.shop.waybill.session.actions().map(({ name, state }) => `${name} ${state}`))
    const told = await page.evaluate(async () => {
      const { waybill, sleep } = window.shop
      let heard = 0
      waybill.session.subscribe(() => heard++)
      const refund = window.second.shop.waybill.begin('Request refund')
      void refund.fetch('/api/refund/first?status=500')
      void window.second.shop.waybill.fetch('/api/poll')
      while (!waybill.session.actions().length) await sleep(20)
      refund.fail(new TypeError('no items'))
      return heard > 0
    })
    expect(told).toBe(true)
    await expect.poll(names).toEqual(['Request refund failed'])
    await page.evaluate(() => window.second.close())
    expect(await names()).toEqual(['Request refund failed'])
    await expect.poll(() => shop.site.calls.length).toBe(2)
  })
})

describe('the tabs of a profile', () => {
  let shop: Shop
  let context: BrowserContext

  beforeAll(async () => {
    shop = await openShop()
  })
  afterAll(() => shop.close())
  beforeEach(async () => {
    await context?.close()
    context = await shop.browser.newContext()
    await context.clock.install()
    shop.forget()
  })

  const seen = (page: Page) =>
    page.evaluate(() =>
      window.shop.waybill.session.actions().map(({ name, state, delivery }) => `${name} ${state} ${delivery}`),
    )
  const act = (page: Page, name: string) =>
    page.evaluate(async (name) => {
      const action = window.shop.waybill.begin(name)
      action.note({ order: 'A-1001' })
      await action.fetch('/api/act')
      action.succeed()
      await window.shop.waybill.flush()
      return action.reference
    }, name)

  test('list the same, each keeps and delivers its own, and none takes up another’s', async () => {
    const [left, right] = [await shop.visit({ context }), await shop.visit({ context })]
    const first = await act(left, 'Left')
    const second = await act(right, 'Right')
    for (const page of [left, right])
      await expect
        .poll(later(context, () => seen(page)))
        .toEqual(['Left succeeded delivered', 'Right succeeded delivered'])
    const [record] = await right.evaluate(() => [...window.shop.waybill.session.actions()])
    expect(record).toMatchObject({ reference: first, facts: { order: 'A-1001' }, attempts: 1, repeatable: false })
    expect(record?.calls).toMatchObject([{ method: 'GET', path: '/api/act', status: 200 }])
    const known = (page: Page, reference: typeof first) =>
      page.evaluate((reference) => window.shop.waybill.actionOf(reference)?.name, reference)
    expect([await known(left, first), await known(left, second)]).toEqual(['Left', undefined])
    expect([await known(right, first), await known(right, second)]).toEqual([undefined, 'Right'])
    const ids = shop.site.delivered().map(({ spanId }) => spanId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('store each action once, however often the others look', async () => {
    const [left, right] = [await shop.visit({ context }), await shop.visit({ context })]
    await act(left, 'Left')
    await act(right, 'Right')
    await expect.poll(() => seen(right)).toHaveLength(2)
    await right.evaluate(() => window.shop.waybill.flush())
    const stored = await right.evaluate(() => Object.values(localStorage).filter((text) => text.includes('"Left"')))
    expect(stored).toHaveLength(1)
  })

  test('what a background call does in one is none of the others’ business', async () => {
    const [left, right] = [await shop.visit({ context }), await shop.visit({ context })]
    const before = await right.evaluateHandle(() => {
      Object.assign(window, { heard: 0 })
      window.shop.waybill.session.subscribe(() => Object.assign(window, { heard: 1 }))
      return window.shop.waybill.session.actions()
    })
    await left.evaluate(async () => {
      await window.shop.waybill.fetch('/api/poll?status=500')
      await window.shop.waybill.flush()
    })
    await left.evaluate(() => localStorage.setItem('marker', 'of the page’s own'))
    await right.waitForFunction(() => localStorage.getItem('marker'))
    expect(
      await right.evaluate(
        (before) => [before === window.shop.waybill.session.actions(), Reflect.get(window, 'heard')],
        before,
      ),
    ).toEqual([true, 0])
  })

  test.each(['crashed', 'closed'] as const)('one that has %s is still listed, its delivery taken over', async (how) => {
    shop.site.collector.mode = 503
    const [left, right] = [await shop.visit({ context }), await shop.visit({ context })]
    await act(left, 'Left')
    await expect.poll(() => seen(right)).toEqual(['Left succeeded saved'])
    await disturbTab(left, how)
    expect(await seen(right)).toEqual(['Left succeeded saved'])
    shop.site.collector.mode = 'accept'
    const third = await context.newPage()
    await third.addInitScript(() => {
      const { now } = Date
      Date.now = () => now() + 20_000
    })
    await third.goto(shop.site.origin)
    await expect.poll(later(context, () => seen(third))).toEqual(['Left succeeded delivered'])
    await expect.poll(later(context, () => seen(right))).toEqual(['Left succeeded delivered'])
  })

  test('clear() in one hides all that any of them did, at once, and what comes after is listed', async () => {
    const pages = [await shop.visit({ context }), await shop.visit({ context }), await shop.visit({ context })]
    const [left, right, idle] = pages
    await act(left!, 'Left')
    await act(right!, 'Right')
    // From then on none of them writes of its own accord.
    const all = ['Left succeeded delivered', 'Right succeeded delivered']
    for (const page of pages) await expect.poll(later(context, () => seen(page))).toEqual(all)
    await right!.evaluate(() => window.shop.waybill.session.clear())
    for (const page of pages) await expect.poll(() => seen(page)).toEqual([])
    await act(idle!, 'Next customer')
    for (const page of pages)
      await expect.poll(later(context, () => seen(page))).toEqual(['Next customer succeeded delivered'])
  })

  test('an ended session’s actions are not listed by a tab that is opened later', async () => {
    shop.site.collector.mode = 503
    const left = await shop.visit({ context })
    await act(left, 'Left')
    const right = await context.newPage()
    await right.addInitScript(() => {
      const { now } = Date
      Date.now = () => now() + 31 * 60_000
    })
    await right.goto(shop.site.origin)
    expect(await seen(right)).toEqual([])
  })

  test('what somebody else did who was signed in elsewhere is not listed, and what nobody was signed in for is', async () => {
    const [left, right] = [await shop.visit({ context }), await shop.visit({ context })]
    await act(left, 'As a guest')
    await left.evaluate(() => window.shop.waybill.identify('jane-4711'))
    await act(left, 'As Jane')
    await right.evaluate(() => window.shop.waybill.identify('jane-4711'))
    await expect.poll(() => seen(right)).toHaveLength(2)
    await right.evaluate(() => window.shop.waybill.identify('joe-4712'))
    expect(await seen(right)).toEqual(['As a guest succeeded delivered'])
    await right.evaluate(() => window.shop.waybill.identify(null))
    expect(await seen(right)).toEqual(['As a guest succeeded delivered'])
    await right.reload()
    expect(await seen(right)).toEqual(['As a guest succeeded delivered'])
  })

  test('consent that is withdrawn in one removes what the others list of it', async () => {
    shop.site.collector.mode = 503
    const [left, right] = [await shop.visit({ context }), await shop.visit({ context })]
    await act(left, 'Left')
    await expect.poll(() => seen(right)).toEqual(['Left succeeded saved'])
    await right.evaluate(() => window.shop.waybill.setConsent('memory-only'))
    expect(await seen(right)).toEqual([])
    await expect.poll(() => seen(left)).toEqual(['Left succeeded memory'])
  })

  test('another service’s actions, and what is broken, are not listed', async () => {
    const [left, right] = [await shop.visit({ context }), await shop.visit({ context, options: { service: 'shop' } })]
    await act(left, 'Left')
    await right.evaluate(() => {
      const session = localStorage.getItem('waybill:shop')?.split(' ')[0] ?? window.shop.waybill.session.id
      // As another version might write it.
      localStorage.setItem('waybill:shop:fedcba9876543210:', '3 1')
      const span = { id: '0123456789abcdef', at: 1, attempt: 1, sent: 0, state: 'failed' }
      const entry = { reference: 'RF7-K29-QXR', session, name: 'Later', startedAt: 1, facts: {}, spans: [span] }
      localStorage.setItem('waybill:shop:fedcba9876543210:RF7-K29-QXR', JSON.stringify(entry))
      localStorage.setItem('waybill:shop:0123456789abcdef:', '2 1')
      localStorage.setItem('waybill:shop:0123456789abcdef:RF7-K29-QXR', '{"refer')
      localStorage.setItem('waybill:shop:0123456789abcdef:RF7-K29-QXS', JSON.stringify({ session, name: 1 }))
    })
    expect(await seen(right)).toEqual([])
    await act(right, 'Right')
    expect(await seen(right)).toEqual(['Right succeeded delivered'])
  })

  test('at most the latest 200 are listed', async () => {
    const [left, right] = [
      await shop.visit({ context, delivers: false }),
      await shop.visit({ context, delivers: false }),
    ]
    for (const [page, name] of [
      [left, 'Left'],
      [right, 'Right'],
    ] as const)
      await page.evaluate(async (name) => {
        for (let i = 0; i < 150; i++) window.shop.waybill.begin(name).succeed()
        await window.shop.waybill.flush()
      }, name)
    const listed = async (name: string) => (await seen(left)).filter((each) => each === `${name} succeeded local-only`)
    // The list is full long before the last of the later ones is read from the storage.
    await expect.poll(later(context, () => listed('Right'))).toHaveLength(150)
    expect(await listed('Left')).toHaveLength(50)
  })
})

declare global {
  interface Window {
    readonly second: Window
  }
}
