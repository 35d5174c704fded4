import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { BrowserContext, Page } from 'playwright'
import { closeByHand } from '../fixtures/closeByHand.ts'
import { disturbTab } from '../fixtures/disturbTab.ts'
import { later, passTime } from '../fixtures/later.ts'
import { openShop } from '../fixtures/openShop.ts'
import type { Shop } from '../fixtures/openShop.ts'

const SOON = { timeout: 30_000 }
/** A browser that is short of anything may drop a page from its back/forward cache; then nothing comes back, and there is nothing to judge. */
const FROM_CACHE = { retry: 2 }

let shop: Shop
let context: BrowserContext

beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.close())
beforeEach(async () => {
  await context?.close()
  context = await shop.browser.newContext()
  shop.forget()
})

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

const states = (page: Page) =>
  page.evaluate(() => window.shop.waybill.session.actions().map(({ name, state }) => `${name} ${state}`))

/** The time of every page from its next load on, ahead by so much. */
async function setAhead(page: Page, ms: number): Promise<void> {
  await page.addInitScript((ms) => {
    const { now } = Date
    Date.now = () => now() + ms
  }, ms)
}

test('an open action goes on after a redirect to another site and back, under its reference, and its next attempt counts', async () => {
  const page = await shop.visit({ context })
  const reference = await page.evaluate(async () => {
    const action = window.shop.waybill.begin('Pay by card')
    action.note({ order: 'A-1001' })
    await action.fetch('/api/pay?status=402', { method: 'POST' })
    action.retry()
    return action.reference
  })
  const here = page.url()
  await page.evaluate((bank) => void (location.href = bank), `${shop.site.otherOrigin}/3-d-secure?offline`)
  await page.waitForURL(/3-d-secure/)
  await page.waitForFunction(() => 'shop' in window)
  expect(await states(page)).toEqual([])
  // As a bank does it: by an address, not by the browser's back.
  await page.evaluate((shop) => void (location.href = shop), `${here}&returned`)
  await page.waitForURL(/returned/)
  await page.waitForFunction(() => 'shop' in window)
  expect(await states(page)).toEqual(['Pay by card open'])
  await page.evaluate(async () => {
    const { waybill } = window.shop
    const action = waybill.actionOf(waybill.session.actions()[0]!.reference)!
    await action.fetch('/api/pay', { method: 'POST' })
    action.succeed()
    await waybill.flush()
  })
  expect(shop.site.calls.map(({ headers }) => [headers['trace-reference'], headers['trace-attempt']])).toEqual([
    [reference, '1'],
    [reference, '2'],
  ])
  // Once as the page went, perhaps, and once more acknowledged.
  const steps = [...new Map(shop.site.delivered().map((step) => [step.spanId, step])).values()]
  const ends = steps.filter(
    ({ attributes }) => attributes['waybill.action.state'] && !attributes['waybill.started_for'],
  )
  expect(
    ends.map(({ attributes }) => [
      attributes['waybill.reference'],
      attributes['waybill.action.state'],
      attributes['waybill.attempt'],
    ]),
  ).toEqual([
    [reference, 'failed', '1'],
    [reference, 'succeeded', '2'],
  ])
})

test(
  'a tab duplicated the moment it comes back from the back/forward cache neither takes over nor overwrites',
  FROM_CACHE,
  async () => {
    shop.site.collector.mode = 503
    const page = await shop.visit({ context })
    await page.evaluate(() => {
      Object.assign(window, { sameDocument: true })
      window.shop.waybill.begin('First')
      // As soon as the page that was there meanwhile has been told to go.
      addEventListener('pageshow', ({ persisted }) => {
        if (persisted) setTimeout(() => window.open(location.href), 50)
      })
    })
    await page.goto(`${shop.site.origin}/second`)
    const [copy] = await Promise.all([page.waitForEvent('popup'), page.evaluate(() => history.back())])
    await page.waitForFunction(() => 'sameDocument' in window)
    await copy.waitForFunction(() => 'shop' in window)
    for (const [tab, name] of [
      [page, 'Original'],
      [copy, 'Copy'],
      [page, 'Original again'],
    ] as const) {
      await tab.evaluate(async (name) => {
        window.shop.waybill.begin(name)
        await window.shop.waybill.flush()
      }, name)
    }
    await disturbTab(page, 'killed with all others')
    await copy.close()
    shop.site.collector.mode = 'accept'
    const next = await context.newPage()
    await context.clock.install()
    await setAhead(next, 2 * MINUTE_MS)
    await next.goto(shop.site.origin)
    await expect
      .poll(
        later(context, () => [...new Set(shop.site.delivered().map(({ name }) => name))].toSorted()),
        SOON,
      )
      .toEqual(['Copy', 'First', 'Original', 'Original again'])
  },
)

test('what the next page of a tab added to an open action is not lost by coming back', FROM_CACHE, async () => {
  shop.site.collector.mode = 503
  const page = await shop.visit({ context })
  const reference = await page.evaluate(async () => {
    Object.assign(window, { sameDocument: true })
    const { begin, flush } = window.shop.waybill
    const { reference } = begin('Pay by card')
    await flush()
    return reference
  })
  await page.goto(`${shop.site.origin}/confirmed`)
  await page.evaluate(async (reference) => {
    const { actionOf, flush } = window.shop.waybill
    const action = actionOf(reference)!
    await action.fetch('/api/confirm')
    action.succeed()
    await flush()
  }, reference)
  await page.evaluate(() => history.back())
  await page.waitForFunction(() => 'sameDocument' in window)
  await page.evaluate(async () => {
    window.shop.waybill.begin('Look around')
    await window.shop.waybill.flush()
  })
  await expect.poll(() => states(page), SOON).toEqual(['Pay by card succeeded', 'Look around open'])
  await disturbTab(page, 'killed with all others')
  shop.site.collector.mode = 'accept'
  const next = await context.newPage()
  await context.clock.install()
  await setAhead(next, 2 * MINUTE_MS)
  await next.goto(shop.site.origin)
  await expect
    .poll(
      later(context, () => shop.site.delivered().map(({ name }) => name)),
      SOON,
    )
    .toEqual(expect.arrayContaining(['Pay by card', 'GET /api/confirm', 'Look around']))
  const ends = shop.site.delivered().map(({ attributes }) => attributes['waybill.action.state'])
  expect(ends).toContain('succeeded')
})

test('what ends while a tab comes back stays ended, and keeps what was noted then', FROM_CACHE, async () => {
  const page = await shop.visit({ context })
  await page.evaluate(() => {
    const { waybill } = window.shop
    const action = waybill.begin('Pay by card')
    addEventListener('pageshow', ({ persisted }) => {
      if (!persisted) return
      action.note({ order: 'A-1001' })
      action.succeed()
      void waybill.flush()
    })
  })
  await page.goto(`${shop.site.origin}/second`)
  await page.evaluate(async () => {
    window.shop.waybill.begin('Second').succeed()
    await window.shop.waybill.flush()
  })
  await page.evaluate(() => history.back())
  // By then the page has taken over what the one in between held.
  await expect.poll(() => states(page).catch(() => []), SOON).toEqual(['Pay by card succeeded', 'Second succeeded'])
  await page.evaluate(() => window.shop.waybill.flush())
  expect(await page.evaluate(() => window.shop.waybill.session.actions()[0]?.facts)).toEqual({ order: 'A-1001' })
  const told = shop.site
    .delivered()
    .filter(({ name, attributes }) => name === 'Pay by card' && !attributes['waybill.started_for'])
  expect(new Set(told.map(({ attributes }) => attributes['waybill.action.state']))).toEqual(new Set(['succeeded']))
})

test('after thirty idle minutes another session begins, and what the last one left is delivered as given up', async () => {
  shop.site.collector.mode = 503
  await context.clock.install()
  const page = await shop.visit({ context })
  const first = await page.evaluate(async () => {
    window.shop.waybill.begin('Left')
    await window.shop.waybill.flush()
    return window.shop.waybill.session.id
  })
  await setAhead(page, 29 * MINUTE_MS)
  await page.reload()
  expect(await page.evaluate(() => window.shop.waybill.session.id)).toBe(first)
  expect(await states(page)).toEqual(['Left open'])
  await page.evaluate(() => window.shop.waybill.flush())
  await setAhead(page, 31 * MINUTE_MS)
  shop.site.collector.mode = 'accept'
  await page.reload()
  expect(await page.evaluate(() => window.shop.waybill.session.id)).not.toBe(first)
  expect(await states(page)).toEqual([])
  const ended = () =>
    shop.site
      .delivered()
      .flatMap(({ name, attributes }) =>
        name === 'Left' && !attributes['waybill.started_for']
          ? [[attributes['waybill.action.state'], attributes['session.id']]]
          : [],
      )
  await expect.poll(later(context, ended), SOON).toEqual([['abandoned', first]])
})

test('after thirty days what could not be delivered is given up, and nothing of it is left', async () => {
  shop.site.collector.mode = 503
  const page = await shop.visit({ context })
  await page.evaluate(async () => {
    window.shop.waybill.begin('Forgotten')
    await window.shop.waybill.flush()
  })
  await closeByHand(page)
  const stored = async (days: number): Promise<boolean> => {
    const next = await context.newPage()
    await setAhead(next, days * DAY_MS)
    await next.goto(shop.site.origin)
    // Who may still live is asked first, and given two seconds.
    await next.evaluate(() => window.shop.waybill.flush())
    await passTime(context, 2500)
    const all = await next.evaluate(() => JSON.stringify({ ...localStorage }))
    await next.close()
    return all.includes('Forgotten')
  }
  await context.clock.install()
  expect(await stored(29)).toBe(true)
  expect(await stored(31)).toBe(false)
})

test('the store holds at most 200 actions and 256 kB: delivered ones go before others, the oldest first', async () => {
  const page = await shop.visit({ context })
  const kept = await page.evaluate(async () => {
    const { waybill } = window.shop
    const long = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`fact${i}`, 'x'.repeat(200)]))
    for (let i = 0; i < 20; i++) {
      const action = waybill.begin(`Delivered ${i}`)
      action.note(long)
      action.succeed()
    }
    await waybill.flush()
    return waybill.session.actions().filter(({ delivery }) => delivery === 'delivered').length
  })
  expect(kept).toBe(20)
  shop.site.collector.mode = 503
  const { names, size, deliveries } = await page.evaluate(async () => {
    const { waybill } = window.shop
    const long = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`fact${i}`, 'x'.repeat(200)]))
    for (let i = 0; i < 150; i++) {
      const action = waybill.begin(`Open ${i}`)
      action.note(long)
      action.succeed()
    }
    await waybill.flush()
    const actions = waybill.session.actions()
    return {
      names: actions.map(({ name }) => name),
      deliveries: [...new Set(actions.map(({ delivery }) => delivery))],
      size: Object.entries(localStorage).reduce((sum, [key, text]) => sum + key.length + text.length, 0),
    }
  })
  expect(size).toBeLessThanOrEqual(256 * 1024 + 1024)
  expect(size).toBeGreaterThan(200 * 1024)
  expect(deliveries).toEqual(['saved'])
  // What is left are the latest, without a gap.
  expect(names.at(-1)).toBe('Open 149')
  expect(names).toEqual(Array.from({ length: names.length }, (_, i) => `Open ${150 - names.length + i}`))
})

test('clear() ends the session for every tab of the profile', async () => {
  shop.site.collector.mode = 503
  const [left, right] = [await shop.visit({ context }), await shop.visit({ context })]
  const session = await left.evaluate(async () => {
    window.shop.waybill.begin('Left')
    await window.shop.waybill.flush()
    return window.shop.waybill.session.id
  })
  await right.evaluate(async () => {
    window.shop.waybill.begin('Right')
    await window.shop.waybill.flush()
  })
  await left.evaluate(() => window.shop.waybill.session.clear())
  expect(await states(left)).toEqual([])
  await right.reload()
  expect(await states(right)).toEqual([])
  const ids = await Promise.all([left, right].map((page) => page.evaluate(() => window.shop.waybill.session.id)))
  expect(new Set([...ids, session]).size).toBe(2)
})

test('a page that comes back from another site keeps what it stored', FROM_CACHE, async () => {
  shop.site.collector.mode = 503
  await context.clock.install()
  const page = await shop.visit({ context })
  await page.evaluate(() => {
    Object.assign(window, { sameDocument: true })
    window.shop.waybill.begin('Pay').succeed()
  })
  await expect.poll(() => states(page), SOON).toEqual(['Pay succeeded'])
  await page.goto(`${shop.site.otherOrigin}/elsewhere`)
  await page.evaluate(() => history.back())
  await page.waitForFunction(() => 'sameDocument' in window)
  // Longer than a page waits that comes back before it looks what others left.
  await page.clock.fastForward(600)
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).toContain('Pay')
})

test('a page that lives is not taken for gone, however long nothing of it changed', async () => {
  await context.clock.install()
  const page = await shop.visit({ context })
  await page.evaluate(() => {
    const { on, waybill } = window.shop
    on('<button data-waybill-action="Make report">Go</button>', 'click', () => waybill.fetch('/api/report?hold'))
  })
  await page.click('text=Go')
  await expect.poll(() => shop.site.delivered().length, SOON).toBe(1)
  const other = await context.newPage()
  await setAhead(other, MINUTE_MS)
  await other.goto(shop.site.origin)
  // Longer than who is asked has to answer.
  await passTime(context, 3500)
  expect(shop.site.delivered()).toHaveLength(1)
  shop.site.release()
  await expect
    .poll(
      later(context, () => states(page)),
      SOON,
    )
    .toEqual(['Make report succeeded'])
})

test('consent that is given again changes nothing: the page still has one record', async () => {
  const page = await shop.visit({ context })
  await page.evaluate(async () => {
    const { waybill } = window.shop
    void waybill.begin('Pay').fetch('/api/pay?wait=60000')
    await waybill.flush()
    waybill.setConsent('granted')
    await waybill.flush()
  })
  const marks = () =>
    page.evaluate(() => Object.keys(localStorage).filter((key) => /^waybill:shop-web:.*:$/.test(key)).length)
  expect(await marks()).toBe(1)
  await page.evaluate(async () => {
    window.shop.waybill.setConsent('memory-only')
    window.shop.waybill.setConsent('granted')
    await window.shop.waybill.flush()
  })
  expect(await marks()).toBe(1)
})

test('after clear() in another tab a tab’s next action is of the new session, and seen', async () => {
  const [left, right] = [await shop.visit({ context }), await shop.visit({ context })]
  for (const page of [left, right])
    await page.evaluate(() => (window.shop.waybill.begin('Old').succeed(), window.shop.waybill.flush()))
  await left.evaluate(() => window.shop.waybill.session.clear())
  // Browsers take a moment to tell one tab what another stored.
  const session = (page: Page) => page.evaluate(() => localStorage.getItem('waybill:shop-web')?.split(' ')[0])
  const begun = await session(left)
  await expect.poll(() => session(right)).toBe(begun)
  await right.evaluate(() => window.shop.waybill.begin('New').succeed())
  expect(await states(right)).toEqual(['New succeeded'])
  const ids = await Promise.all([left, right].map((page) => page.evaluate(() => window.shop.waybill.session.id)))
  expect(ids[0]).toBe(ids[1])
})

test('after a reload a page goes on with its open actions, whatever a frame of its tab left', async () => {
  const page = await shop.visit({ context })
  await page.evaluate(async () => {
    const frame = document.createElement('iframe')
    frame.src = '/framed'
    const isLoaded = new Promise((go) => frame.addEventListener('load', go))
    document.body.append(frame)
    await isLoaded
    const inner = (frame.contentWindow as Window).shop.waybill
    inner.begin('Inner')
    window.shop.waybill.begin('Checkout')
  })
  await page.reload()
  expect((await states(page)).toSorted()).toEqual(['Checkout open', 'Inner open'])
})

test('consent that is withdrawn holds for every tab, and for what an earlier visit left', async () => {
  shop.site.collector.mode = 503
  const [left, right] = [await shop.visit({ context }), await shop.visit({ context })]
  const stored = (page: Page) =>
    page.evaluate(() => Object.keys({ ...localStorage, ...sessionStorage }).filter((key) => key.startsWith('waybill')))
  for (const page of [left, right])
    await page.evaluate(() => (window.shop.waybill.begin('Pay'), window.shop.waybill.flush()))
  await left.evaluate(() => window.shop.waybill.setConsent('memory-only'))
  await right.evaluate(() => (window.shop.waybill.begin('More'), window.shop.waybill.flush()))
  await expect.poll(() => stored(right)).toEqual([])
  expect(await right.evaluate(() => window.shop.waybill.session.actions().map(({ delivery }) => delivery))).toEqual([
    'memory',
    'memory',
  ])
  await right.evaluate(() => (window.shop.waybill.setConsent('granted'), window.shop.waybill.flush()))
  expect(await stored(right)).not.toEqual([])
  await closeByHand(right)
  await context.clock.install()
  const next = await shop.visit({ context, options: { consent: 'memory-only' } })
  // At first it may only be being asked for.
  await passTime(context, 1000)
  expect(await stored(next)).not.toEqual([])
  await expect
    .poll(
      later(context, () => stored(next)),
      SOON,
    )
    .toEqual([])
})
