import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Page } from 'playwright'
import { openShop } from '../fixtures/openShop.ts'
import type { Shop } from '../fixtures/openShop.ts'

let shop: Shop
let page: Page

beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.close())
beforeEach(async () => {
  await page?.close()
  page = await shop.visit({ delivers: false })
})

/** A waybill whose posts, writes and timers are counted, and whose desk answers as it is told. */
async function prepare(): Promise<void> {
  await page.evaluate(() => {
    const { createClock, createWaybill } = window.shop
    const clock = createClock()
    const counts = { posts: 0, writes: 0, heard: 0 }
    const bodies: string[] = []
    const counted = (storage: Storage): Storage =>
      new Proxy(storage, {
        get(target, name) {
          if (name === 'setItem' || name === 'removeItem') counts.writes++
          const member: unknown = Reflect.get(target, name)
          return typeof member === 'function' ? member.bind(target) : member
        },
      })
    const trial = {
      clock,
      counts,
      bodies,
      answer: async (): Promise<Response> => new Response('{}'),
      open: () => {
        const waybill = createWaybill({
          service: 'stopped',
          deliverTo: '/waybill',
          now: clock.now,
          after: clock.after,
          storage: { profile: counted(localStorage), tab: counted(sessionStorage) },
          fetch: (_, init) => {
            counts.posts++
            bodies.push(typeof init?.body === 'string' ? init.body : '')
            return trial.answer()
          },
        })
        waybill.session.subscribe(() => counts.heard++)
        return waybill
      },
      /** All that could wake it: hours, the page's events, and whoever still holds it. */
      disturb: async (waybill: ReturnType<typeof createWaybill>) => {
        for (const type of ['pagehide', 'online', 'visibilitychange']) window.dispatchEvent(new Event(type))
        window.dispatchEvent(new StorageEvent('storage', { key: 'x', newValue: 'y' }))
        const later = waybill.begin('Later')
        later.note({ order: 'A-1001' })
        later.succeed()
        waybill.setConsent('granted')
        await waybill.flush()
        await clock.advance(2 * 3_600_000)
        await waybill.flush()
        return waybill.session.id
      },
    }
    Object.assign(window, { trial })
  })
}

test('after stop() nothing is posted, stored or told, though the desk refused and was to be tried again', async () => {
  await prepare()
  const seen = await page.evaluate(async () => {
    const { trial } = window
    const { counts } = trial
    trial.answer = async () => new Response('', { status: 503, headers: { 'retry-after': '1' } })
    const waybill = trial.open()
    waybill.begin('Pay').succeed()
    await waybill.flush()
    const open = waybill.begin('Left open')
    await trial.clock.advance(1500)
    const refused = counts.posts
    open.note({ order: 'A-1001' })
    waybill.stop()
    const atStop = { ...counts }
    open.succeed()
    await trial.disturb(waybill)
    const after = { ...counts }
    // And the next page delivers what was left.
    trial.answer = async () => new Response('{}')
    trial.bodies.length = 0
    const next = trial.open()
    await next.flush()
    next.stop()
    return { refused, atStop, after, left: trial.bodies.join() }
  })
  expect(seen.refused).toBeGreaterThan(1)
  expect(seen.atStop.writes).toBeGreaterThan(0)
  expect(seen.after).toEqual(seen.atStop)
  expect(seen.left).toMatch(/"Pay"/)
  expect(seen.left).toMatch(/"Left open"[^]*A-1001/)
  expect(seen.left).not.toMatch(/"Later"/)
})

test('a delivery under way at stop() is its last, and what it held is left to the next page', async () => {
  await prepare()
  const seen = await page.evaluate(async () => {
    const { trial } = window
    const { counts } = trial
    const answers: ((response: Response) => void)[] = []
    trial.answer = () => new Promise((answer) => answers.push(answer))
    const waybill = trial.open()
    // More than one request holds.
    for (let i = 0; i < 80; i++) waybill.begin(`Step ${i}`).succeed()
    const flushed = waybill.flush()
    while (!answers.length) await new Promise((go) => void setTimeout(go))
    waybill.stop()
    const atStop = { ...counts }
    answers[0]!(new Response('{}'))
    await flushed
    await trial.disturb(waybill)
    const after = { ...counts }
    trial.answer = async () => new Response('{}')
    trial.bodies.length = 0
    const next = trial.open()
    await next.flush()
    next.stop()
    return { atStop, after, sent: new Set(trial.bodies.join().match(/"Step \d+"/g)).size }
  })
  expect(seen.atStop.posts).toBe(1)
  expect(seen.after).toEqual(seen.atStop)
  expect(seen.sent).toBe(80)
})

test('consent that is taken back after stop() still removes what was stored', async () => {
  await prepare()
  const stored = await page.evaluate(async () => {
    const waybill = window.trial.open()
    waybill.begin('Pay').succeed()
    waybill.stop()
    const before = JSON.stringify({ ...localStorage }).includes('Pay')
    waybill.setConsent('memory-only')
    return [before, JSON.stringify({ ...localStorage }).includes('stopped')]
  })
  expect(stored).toEqual([true, false])
})

test('no listener is left on the window', async () => {
  await prepare()
  const devtools = await page.context().newCDPSession(page)
  const count = async (): Promise<number> => {
    const { result } = await devtools.send('Runtime.evaluate', { expression: 'window' })
    const { listeners } = await devtools.send('DOMDebugger.getEventListeners', { objectId: result.objectId! })
    return listeners.length
  }
  const before = await count()
  await page.evaluate(() => void Object.assign(window, { left: window.trial.open() }))
  await expect.poll(count).toBeGreaterThan(before + 20)
  await page.evaluate(() => window.left.stop())
  expect(await count()).toBe(before)
  // Stopped before it began to listen.
  await page.evaluate(async () => {
    window.trial.open().stop()
    await window.shop.sleep(0)
  })
  expect(await count()).toBe(before)
})

test('no port and no timer is left, so that a process may end', async () => {
  await page.addInitScript(() => {
    const { MessageChannel: Native, setTimeout: begin, clearTimeout: end } = window
    const left = { ports: new Set<MessagePort>(), timers: new Set<unknown>() }
    Object.assign(window, {
      held: left,
      MessageChannel: class extends Native {
        constructor() {
          super()
          const { port1 } = this
          left.ports.add(port1)
          const close = port1.close.bind(port1)
          port1.close = () => (left.ports.delete(port1), close())
        }
      },
      setTimeout: (fn: () => void, ms?: number) => {
        const timer = begin(() => (left.timers.delete(timer), fn()), ms)
        left.timers.add(timer)
        return timer
      },
      clearTimeout: (timer: number) => (left.timers.delete(timer), end(timer)),
    })
  })
  await page.reload()
  const seen = await page.evaluate(async () => {
    const { held } = window
    const before = [held.ports.size, held.timers.size]
    const own = window.shop.createWaybill({ service: 'ending', deliverTo: '/waybill' })
    const action = own.begin('Pay')
    const call = action.fetch('/api/x')
    await window.shop.sleep(0)
    const during = held.ports.size
    own.stop()
    // What was under way is answered all the same.
    const { status } = await call
    await window.shop.sleep(0)
    return { before, during, status, after: [held.ports.size, held.timers.size] }
  })
  expect(seen.during).toBe(seen.before[0]! + 1)
  expect(seen.status).toBe(200)
  expect(seen.after).toEqual(seen.before)
})

test('where there is no MessageChannel a waybill works all the same', async () => {
  const seen = await page.evaluate(async () => {
    const { MessageChannel: native } = window
    Reflect.deleteProperty(window, 'MessageChannel')
    try {
      const own = window.shop.createWaybill({ service: 'bare', consent: 'memory-only' })
      const action = own.begin('Pay')
      const { status } = await action.fetch('/api/x')
      action.succeed()
      const [record] = own.session.actions()
      own.stop()
      return [status, record?.state, record?.calls.length]
    } finally {
      Object.assign(window, { MessageChannel: native })
    }
  })
  expect(seen).toEqual([200, 'succeeded', 1])
})

declare global {
  interface Window {
    readonly trial: {
      readonly clock: ReturnType<Window['shop']['createClock']>
      readonly counts: { posts: number; writes: number; heard: number }
      readonly bodies: string[]
      answer: () => Promise<Response>
      open(): ReturnType<Window['shop']['createWaybill']>
      disturb(waybill: ReturnType<Window['shop']['createWaybill']>): Promise<unknown>
    }
    readonly held: { readonly ports: ReadonlySet<MessagePort>; readonly timers: ReadonlySet<unknown> }
    readonly left: ReturnType<Window['shop']['createWaybill']>
  }
}
