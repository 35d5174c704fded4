import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { BrowserContext, Page } from 'playwright'
import { openShop } from '../fixtures/openShop.ts'
import type { Shop } from '../fixtures/openShop.ts'
import { later, passTime } from '../fixtures/later.ts'

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

const deliveries = (page: Page) =>
  page.evaluate(() => window.shop.waybill.session.actions().map(({ name, delivery }) => `${name} ${delivery}`))

const names = (page: Page) =>
  page.evaluate(() => window.shop.waybill.session.actions().map(({ name, state }) => `${name} ${state}`))

test('a click with three calls takes two requests: the marker at once, the rest when it fell silent', async () => {
  const page = await shop.visit({ context })
  await page.evaluate(() => {
    const { on, waybill } = window.shop
    on('<button data-waybill-action="Request refund">Go</button>', 'click', async () => {
      await waybill.fetch('/api/orders/A-1001')
      await waybill.fetch('/api/orders/A-1001/refund?email=jane@example.org', { method: 'POST' })
      await waybill.fetch('/api/orders/A-1001?status=500')
    })
  })
  await page.click('text=Go')
  await expect.poll(() => shop.site.collector.requests.length).toBe(1)
  const [marker] = shop.site.delivered()
  expect(marker).toMatchObject({ name: 'Request refund', durationMs: 0 })
  await expect.poll(later(context, () => deliveries(page))).toEqual(['Request refund delivered'])
  await expect.poll(later(context, () => names(page))).toEqual(['Request refund failed'])
  await expect.poll(later(context, () => shop.site.collector.requests.length)).toBe(2)

  const [, ...steps] = shop.site.delivered()
  const action = steps.find(({ spanId }) => spanId === marker?.attributes['waybill.started_for'])
  expect(action).toMatchObject({ name: 'Request refund', traceId: marker?.traceId })
  expect(action?.attributes).toMatchObject({ 'waybill.action.state': 'failed', 'error.type': '500' })
  const [record] = await page.evaluate(() => window.shop.waybill.session.actions())
  // Without the silence that told its end.
  const { at, durationMs = NaN } = record!.calls[2]!
  expect(Math.abs(action!.durationMs - (at + durationMs - record!.startedAt))).toBeLessThanOrEqual(1)
  const calls = steps.filter((step) => step !== action)
  expect(calls.map(({ name, parentSpanId }) => [name, parentSpanId])).toEqual([
    ['GET /api/orders/:id', action?.spanId],
    ['POST /api/orders/:id/refund', action?.spanId],
    ['GET /api/orders/:id', action?.spanId],
  ])
  expect(calls.map(({ spanId }) => spanId)).toEqual(
    shop.site.calls.map(({ headers }) => String(headers['traceparent']).split('-')[2]),
  )
  const bytes = shop.site.collector.requests.reduce((sum, { body }) => sum + body.length, 0)
  expect(bytes).toBeLessThan(4200)
  expect(JSON.stringify(shop.site.collector.requests)).not.toMatch(/A-1001|jane/)
})

test('a burst of clicks is delivered once a second, and a request’s fill of background calls without waiting', async () => {
  const page = await shop.visit({ context })
  await page.evaluate(async () => {
    const { sleep, waybill } = window.shop
    for (let i = 0; i < 30; i++) {
      waybill.begin(`Click ${i}`).succeed()
      await sleep(50)
    }
  })
  await expect.poll(() => shop.site.delivered().length).toBe(30)
  expect(shop.site.collector.requests.length).toBeLessThanOrEqual(4)
  await page.evaluate(() => Promise.all(Array.from({ length: 50 }, () => window.shop.waybill.fetch('/api/poll'))))
  const isCall = ({ name }: { readonly name: string }): boolean => name === 'GET /api/poll'
  await expect.poll(() => shop.site.delivered().filter(isCall).length, { timeout: 4500 }).toBeGreaterThanOrEqual(50)
})

test('a background call that fails is delivered at once: its reference may be on the screen', async () => {
  const page = await shop.visit({ context })
  await page.evaluate(() => window.shop.waybill.fetch('/api/stock?status=500'))
  await expect.poll(() => shop.site.delivered().length, { timeout: 4500 }).toBe(2)
  expect(shop.site.delivered().filter(({ durationMs }) => durationMs > 0)).toHaveLength(1)
})

test('where nothing could be delivered yet, background calls are forgotten before what the customer did', async () => {
  const page = await shop.visit({ context, delivers: false })
  const kept = await page.evaluate(async () => {
    const { waybill } = window.shop
    waybill.begin('Pay').note({ order: 'A-1001' })
    await Promise.all(Array.from({ length: 210 }, () => waybill.fetch('/api/poll')))
    await waybill.flush()
    return JSON.stringify({ ...localStorage })
  })
  expect(kept).toContain('A-1001')
})

test('what was acknowledged is written soon, so that no page sends it again after a crash', async () => {
  const page = await shop.visit({ context })
  await page.evaluate(() => window.shop.waybill.begin('Pay').succeed())
  await expect.poll(() => deliveries(page)).toEqual(['Pay delivered'])
  await expect
    .poll(later(context, () => page.evaluate(() => JSON.stringify(Object.values(localStorage)))))
    .toContain(String.raw`\"sent\":2`)
})

test('a background call that goes well is written as the page goes, and before only where the desk does not take it', async () => {
  const page = await shop.visit({ context })
  const stored = () => page.evaluate(() => JSON.stringify({ ...localStorage }))
  await page.evaluate(() => window.shop.waybill.fetch('/api/taken'))
  await expect.poll(later(context, () => deliveries(page))).toEqual(['GET /api/taken delivered'])
  expect(await stored()).not.toContain('/api/taken')
  await page.reload()
  expect(await stored()).toContain('/api/taken')
  expect(await deliveries(page)).toEqual(['GET /api/taken delivered'])

  shop.site.collector.mode = 'hang'
  await page.evaluate(() => window.shop.waybill.fetch('/api/refused'))
  await expect
    .poll(later(context, () => deliveries(page)))
    .toEqual(['GET /api/taken delivered', 'GET /api/refused saved'])
  expect(await stored()).toContain('/api/refused')
})

test('a page that is hidden tells what there is, but not before a desk that asked for a pause; back online it asks again', async () => {
  const page = await shop.visit({ context })
  const hide = () => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })))
  await page.evaluate(() => window.shop.waybill.fetch('/api/poll'))
  await hide()
  await expect.poll(() => shop.site.collector.requests.length).toBe(1)
  shop.site.collector.mode = 503
  await page.evaluate(() => window.shop.waybill.begin('Pay').succeed())
  await expect.poll(() => shop.site.collector.requests.length).toBe(2)
  await hide()
  await page.evaluate(() => window.shop.sleep(100))
  expect(shop.site.collector.requests.length).toBe(2)
  await page.evaluate(() => void dispatchEvent(new Event('online')))
  await expect.poll(() => shop.site.collector.requests.length).toBe(3)
})

test('delivery is never traced, not even to the page’s own origin, and carries the key', async () => {
  const page = await shop.visit({ context, options: { key: 'public key' } })
  await page.evaluate(async () => {
    window.shop.waybill.begin('Pay').succeed()
    await window.shop.waybill.flush()
  })
  const [request] = shop.site.collector.requests
  expect(request?.url).toBe('/waybill/v1/traces?key=public%20key')
  expect(request?.type).toBe('application/json')
  expect(request?.headers).not.toHaveProperty('traceparent')
  expect(await names(page)).toEqual(['Pay succeeded'])
})

test('steps refused with 503, or swallowed by a captive network with status 200, are sent again until acknowledged', async () => {
  const page = await shop.visit({ context })
  for (const mode of [503, 'garbage'] as const) {
    shop.site.collector.mode = mode
    await page.evaluate(async (name) => {
      window.shop.waybill.begin(String(name)).succeed()
      await window.shop.waybill.flush()
    }, mode)
    expect((await deliveries(page)).at(-1)).toBe(`${mode} saved`)
    const before = shop.site.collector.requests.length
    expect(before).toBeGreaterThan(0)
    shop.site.collector.mode = 'accept'
    await expect.poll(later(context, () => deliveries(page))).toContain(`${mode} delivered`)
  }
  expect(shop.site.delivered().map(({ name }) => name)).toEqual(['503', 'garbage'])
  expect(await page.evaluate(() => window.shop.errors.map(String).join())).toContain(
    '[waybill] Steps were not accepted',
  )
})

test('one step that is refused for good does not hold up the others', async () => {
  const page = await shop.visit({ context, delivers: false })
  const delivered = await page.evaluate(async () => {
    const { createWaybill } = window.shop
    const bad = 'Poison'
    const waybill = createWaybill({
      service: 'poison',
      deliverTo: '/waybill',
      after: (ms, fn) => {
        const timer = setTimeout(fn, ms / 100)
        return () => clearTimeout(timer)
      },
      fetch: async (input, init) =>
        JSON.stringify(init).includes(bad) ? new Response('', { status: 400 }) : fetch(input, init),
    })
    for (const name of ['One', bad, 'Two', 'Three']) waybill.begin(name).succeed()
    for (let i = 0; i < 12; i++) await waybill.flush()
    const states = waybill.session.actions().map(({ name, delivery }) => `${name} ${delivery}`)
    waybill.stop()
    return states
  })
  expect(delivered).toEqual(['One delivered', 'Poison saved', 'Two delivered', 'Three delivered'])
})

test('unacknowledged steps survive a reload and arrive once, and the session goes on', async () => {
  shop.site.collector.mode = 500
  const page = await shop.visit({ context })
  const session = await page.evaluate(async () => {
    const { waybill } = window.shop
    const action = waybill.begin('Pay')
    action.note({ order: 'A-1001' })
    await action.fetch('/api/pay')
    waybill.begin('Refund').fail(new TypeError('Failed to fetch'))
    return waybill.session.id
  })
  await page.reload()
  expect(await names(page)).toEqual(['Pay open', 'Refund failed'])
  expect(await page.evaluate(() => window.shop.waybill.session.id)).toBe(session)
  shop.site.collector.mode = 'accept'
  await page.evaluate(async () => {
    const { waybill } = window.shop
    const pay = waybill.session.actions().find(({ name }) => name === 'Pay')
    const action = pay && waybill.actionOf(pay.reference)
    await action?.fetch('/api/receipt')
    action?.succeed()
    await waybill.flush()
  })
  expect(await names(page)).toEqual(['Pay succeeded', 'Refund failed'])
  expect(await deliveries(page)).toEqual(['Pay delivered', 'Refund delivered'])
  const ids = shop.site.delivered().map(({ spanId }) => spanId)
  expect(new Set(ids).size).toBe(ids.length)
  expect(shop.site.delivered().map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Pay', 'GET /api/pay', 'GET /api/receipt', 'Refund']),
  )
  expect(shop.site.calls[0]?.headers['trace-reference']).toBe(shop.site.calls[1]?.headers['trace-reference'])
})

test('what is saved survives a crash of the renderer, and the next page delivers it and shows it', async () => {
  shop.site.collector.mode = 503
  const page = await shop.visit({ context })
  await page.evaluate(() => window.shop.waybill.begin('Pay').note({ order: 'A-1001' }))
  await expect.poll(() => deliveries(page)).toEqual(['Pay saved'])
  const crashed = page.waitForEvent('crash')
  await page.goto('chrome://crash').catch(() => {})
  await crashed
  await page.close()
  shop.site.collector.mode = 'accept'
  // Fifteen seconds without a sign of life are what tells a tab that is gone; the clock is set, not waited for.
  const next = await context.newPage()
  await next.addInitScript(() => {
    const now = Date.now
    Date.now = () => now() + 20_000
  })
  await next.goto(shop.site.origin)
  // The dead page is asked first, and given two seconds.
  await expect.poll(later(context, () => shop.site.delivered().map(({ name }) => name))).toEqual(['Pay'])
  expect(await names(next)).toEqual(['Pay open'])
})

test('a page that goes sends the rest at once, as text that needs no preflight', async () => {
  const page = await shop.visit({ context })
  await page.evaluate(() => {
    window.shop.waybill.begin('Leave').succeed()
    location.href = '/elsewhere'
  })
  await expect.poll(() => shop.site.collector.requests.map(({ type }) => type)).toContain('text/plain;charset=UTF-8')
  expect(shop.site.delivered().map(({ name }) => name)).toContain('Leave')
})

test('tabs neither take up nor overwrite each other’s actions, a duplicated tab neither, but they share the session', async () => {
  const [left, right] = [await shop.visit({ context }), await shop.visit({ context })]
  await left.evaluate(() => void window.shop.waybill.begin('Left'))
  await right.evaluate(() => void window.shop.waybill.begin('Right'))
  // Its id was in sessionStorage while no page had it, and must not be there to be copied now.
  await left.reload()
  const [popup] = await Promise.all([left.waitForEvent('popup'), left.evaluate(() => void window.open(location.href))])
  await popup.waitForFunction(() => 'shop' in window)
  await popup.evaluate(() => void window.shop.waybill.begin('Copy'))
  for (const page of [left, right, popup]) await page.reload()
  const own = (page: Page) =>
    page.evaluate(() => {
      const { session, actionOf } = window.shop.waybill
      return session.actions().flatMap(({ reference }) => actionOf(reference)?.name ?? [])
    })
  expect([await own(left), await own(right), await own(popup)]).toEqual([['Left'], ['Right'], ['Copy']])
  const sessions = await Promise.all(
    [left, right, popup].map((page) => page.evaluate(() => window.shop.waybill.session.id)),
  )
  expect(new Set(sessions).size).toBe(1)
})

// A browser that is short of anything may drop a page from that cache; then nothing comes back, and there is nothing to judge.
test('coming back from the back/forward cache keeps both pages’ actions', { retry: 2 }, async () => {
  const page = await shop.visit({ context })
  await page.evaluate(() => {
    Object.assign(window, { sameDocument: true })
    window.shop.waybill.begin('First')
  })
  await page.goto(`${shop.site.origin}/second`)
  await page.evaluate(() => void window.shop.waybill.begin('Second'))
  await page.evaluate(() => history.back())
  await page.waitForFunction(() => 'sameDocument' in window)
  await expect.poll(async () => (await names(page)).toSorted()).toEqual(['First open', 'Second open'])
})

const broken: Record<string, () => void> = {
  'forbidden storage': () => {
    const refuse = {
      get(): never {
        throw new DOMException('Forbidden', 'SecurityError')
      },
    }
    Object.defineProperty(window, 'localStorage', refuse)
    Object.defineProperty(window, 'sessionStorage', refuse)
  },
  'full storage': () => {
    Storage.prototype.setItem = () => {
      throw new DOMException('Full', 'QuotaExceededError')
    }
  },
  'an unknown version': () => {
    sessionStorage.setItem('waybill:shop-web', '0123456789abcdef')
    localStorage.setItem('waybill:shop-web:0123456789abcdef:', '1 1')
    localStorage.setItem('waybill:shop-web:0123456789abcdef:RF7-K29-QXR', '{"refer')
  },
  'storage that keeps nothing': () => {
    Storage.prototype.setItem = () => {}
  },
}

test.each(Object.entries(broken))(
  'with %s the session lives in memory and the page notices nothing',
  async (_, breakIt) => {
    shop.site.collector.mode = 500
    const page = await context.newPage()
    const thrown: string[] = []
    page.on('pageerror', (error) => thrown.push(String(error)))
    await page.addInitScript(breakIt)
    await page.goto(shop.site.origin)
    await page.evaluate(async () => {
      const action = window.shop.waybill.begin('Pay')
      await action.fetch('/api/pay')
      action.succeed()
      await window.shop.waybill.flush()
    })
    expect(shop.site.calls[0]?.headers['trace-reference']).toMatch(/^\w{3}-\w{3}-\w{3}$/)
    expect(await deliveries(page)).toEqual(['Pay memory'])
    shop.site.collector.mode = 'accept'
    await page.evaluate(() => window.shop.waybill.flush())
    expect(await deliveries(page)).toEqual(['Pay delivered'])
    const kept = await page.evaluate(() => {
      try {
        return localStorage.getItem('waybill:shop-web:0123456789abcdef:RF7-K29-QXR')
      } catch {
        return null
      }
    })
    expect(kept === null || kept.endsWith('refer')).toBe(true)
    expect(thrown).toEqual([])
  },
)

test('the store is bounded, and background calls go first', async () => {
  const page = await shop.visit({ context })
  await page.evaluate(() => Promise.all(Array.from({ length: 100 }, () => window.shop.waybill.fetch('/api/poll'))))
  // One that was forgotten before it ended would come back, to be delivered.
  await passTime(context, 3300)
  const kept = await page.evaluate(async () => {
    const { waybill } = window.shop
    await waybill.flush()
    for (let i = 0; i < 150; i++) waybill.begin(`Action ${i}`).succeed()
    await waybill.flush()
    for (let i = 0; i < 60; i++) waybill.begin(`Later ${i}`).succeed()
    await waybill.flush()
    const actions = waybill.session.actions()
    const size = Object.entries(localStorage).reduce((sum, [key, text]) => sum + key.length + text.length, 0)
    return { all: actions.length, background: actions.filter((each) => each.background).length, size }
  })
  expect(kept.all).toBe(200)
  expect(kept.background).toBe(0)
  expect(kept.size).toBeLessThan(256 * 1024)
})

test('actions() is one array until something changed, and subscribers hear of every change', async () => {
  const page = await shop.visit({ context, delivers: false })
  const seen = await page.evaluate(async () => {
    const { waybill, sleep } = window.shop
    const { session } = waybill
    let heard = 0
    const stop = session.subscribe(() => heard++)
    const empty = session.actions()
    const same = empty === session.actions()
    const action = waybill.begin('Pay')
    const pending = session.actions()[0]?.delivery
    await sleep(300)
    const [saved] = session.actions()
    const stable = session.actions() === session.actions()
    stop()
    const heardOnce = heard
    action.note({ order: 'A-1001', ['bad name!']: 'x' })
    await sleep(300)
    return {
      same,
      pending,
      saved: saved?.delivery,
      stable,
      changed: saved !== session.actions()[0],
      facts: session.actions()[0]?.facts,
      heardOnce,
      heard,
      errors: window.shop.errors.length,
    }
  })
  expect(seen).toEqual({
    same: true,
    pending: 'local-only',
    saved: 'local-only',
    stable: true,
    changed: true,
    facts: { order: 'A-1001' },
    heardOnce: 1,
    heard: 1,
    errors: 1,
  })
})

test('a retry keeps the reference, and both tries are steps', async () => {
  const page = await shop.visit({ context })
  const reference = await page.evaluate(async () => {
    const { waybill } = window.shop
    const action = waybill.begin('Pay')
    await action.fetch('/api/pay?status=500')
    action.fail()
    action.retry()
    await action.fetch('/api/pay')
    action.succeed()
    await waybill.flush()
    return action.reference
  })
  const actions = shop.site
    .delivered()
    .filter(({ attributes }) => attributes['waybill.action.state'] && !attributes['waybill.started_for'])
  expect(actions.map(({ attributes }) => [attributes['waybill.action.state'], attributes['waybill.attempt']])).toEqual([
    ['failed', '1'],
    ['succeeded', '2'],
  ])
  expect(new Set(shop.site.delivered().map(({ attributes }) => attributes['waybill.reference']))).toEqual(
    new Set([reference]),
  )
  expect(await page.evaluate(() => window.shop.waybill.session.actions()[0]?.attempts)).toBe(2)
})

test('clear() ends the session: nothing is shown, and what was not delivered still is', async () => {
  shop.site.collector.mode = 503
  const page = await shop.visit({ context })
  const cleared = await page.evaluate(() => {
    const { waybill } = window.shop
    waybill.identify('C-2041')
    waybill.begin('Pay').succeed()
    const before = waybill.session.id
    waybill.session.clear()
    return { shown: waybill.session.actions().length, same: before === waybill.session.id }
  })
  expect(cleared).toEqual({ shown: 0, same: false })
  shop.site.collector.mode = 'accept'
  await page.evaluate(() => window.shop.waybill.flush())
  expect(shop.site.delivered().map(({ name, attributes }) => [name, attributes['user.id']])).toEqual([
    ['Pay', 'C-2041'],
  ])
  await expect.poll(() => page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('Pay')
})

test('wrong set-up throws at once, and a server makes a waybill that does nothing', async () => {
  const { createWaybill } = await import('@waybill/browser')
  expect(() => createWaybill({ service: '' })).toThrow('[waybill]')
  expect(() => createWaybill({ service: 'x', prefix: 'order' })).toThrow('[waybill]')
  expect(() => createWaybill({ service: 'x', tracedOrigins: ['https://api.shop.example/'] })).toThrow('[waybill]')
  const sent: unknown[][] = []
  const onServer = createWaybill({
    service: 'x',
    deliverTo: '/waybill',
    fetch: (...args) => (sent.push(args), Promise.resolve(new Response('{}'))),
  })
  await onServer.fetch('/api/x')
  await onServer.flush()
  expect(sent).toEqual([['/api/x']])
  expect(onServer.session.actions()).toEqual([])
  onServer.stop()
})
