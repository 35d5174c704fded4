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

test.each([301, 302, 303])(
  'a redirect with %i acknowledges nothing: what comes there is a GET without steps',
  async (status) => {
    const delivery = await page.evaluate(async (status) => {
      const waybill = window.shop.createWaybill({
        service: 'redirected',
        deliverTo: '/waybill',
        fetch: (_, init) => fetch(`/api/moved?status=${status}&to=/api/elsewhere`, init),
      })
      waybill.begin('Pay').succeed()
      await waybill.flush()
      return waybill.session.actions()[0]?.delivery
    }, status)
    expect(delivery).toBe('saved')
  },
)

test('no request is longer than 40,000 bytes, whatever script it is written in, except for one step alone', async () => {
  const { requests, states } = await page.evaluate(async () => {
    const requests: { bytes: number; keepalive: boolean | undefined }[] = []
    const { createWaybill } = window.shop
    const waybill = createWaybill({
      service: 'long',
      deliverTo: '/waybill',
      fetch: async (_, { body, keepalive } = {}) => {
        requests.push({ bytes: new Blob([body as string]).size, keepalive })
        return new Response('{}')
      },
    })
    const facts = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`fact${i}`, '山'.repeat(190)]))
    for (let i = 0; i < 15; i++) {
      const action = waybill.begin(`注文 ${i}`)
      action.note(facts)
      action.succeed()
    }
    await waybill.flush()
    return { requests, states: waybill.session.actions().map(({ delivery }) => delivery) }
  })
  expect(states).toEqual(Array.from({ length: 15 }, () => 'delivered'))
  expect(Math.max(...requests.map(({ bytes }) => bytes))).toBeLessThanOrEqual(40_000)
  expect(requests.every(({ keepalive }) => keepalive)).toBe(true)
  expect(requests.length).toBeLessThan(6)
})

test('of fifty steps the one that is refused is found in seconds, and the others are delivered', async () => {
  const left = await page.evaluate(async () => {
    const { createClock, createWaybill } = window.shop
    const clock = createClock()
    const waybill = createWaybill({
      service: 'refused',
      deliverTo: '/waybill',
      ...clock,
      fetch: async (_, init) => new Response('{}', { status: JSON.stringify(init).includes('Poison') ? 400 : 200 }),
    })
    for (let i = 0; i < 50; i++) waybill.begin(i % 20 === 11 ? `Poison ${i}` : `Step ${i}`).succeed()
    await clock.advance(8000)
    return waybill.session.actions().flatMap(({ name, delivery }) => (delivery === 'delivered' ? [] : [name]))
  })
  expect(left).toEqual(['Poison 11', 'Poison 31'])
})

test('a desk that asks for a pause gets it, also when something urgent came while it was asked', async () => {
  const gapMs = await page.evaluate(async () => {
    const { createClock, createWaybill } = window.shop
    const clock = createClock()
    const asked: number[] = []
    const waybill = createWaybill({
      service: 'paused',
      deliverTo: '/waybill',
      ...clock,
      fetch: async () => {
        asked.push(clock.now())
        await new Promise<void>((go) => clock.after(1500, go))
        return new Response('', { status: 429, headers: { 'retry-after': '3' } })
      },
    })
    waybill.begin('First').succeed()
    await clock.advance(300)
    waybill.begin('Second').succeed()
    await clock.advance(6500)
    return asked[1]! - asked[0]!
  })
  expect(gapMs).toBeGreaterThan(4400)
})

test.each([
  ['1', 'A time that cannot be.', 'saved', 1],
  ['0', 'Left out: a fact.', 'delivered', 1],
  ['0', '', 'delivered', 0],
])('of one step the desk rejects %s and says %j: it is %s', async (rejectedSpans, errorMessage, state, told) => {
  const { delivery, causes, requests } = await page.evaluate(
    async (partialSuccess) => {
      const causes: unknown[] = []
      let requests = 0
      const waybill = window.shop.createWaybill({
        service: 'rejected',
        deliverTo: '/waybill',
        onError: (error) => causes.push(error instanceof Error && error.cause),
        fetch: async () => {
          requests++
          return Response.json({ partialSuccess })
        },
      })
      waybill.begin('Pay').succeed()
      await waybill.flush()
      await waybill.flush()
      return { delivery: waybill.session.actions()[0]?.delivery, causes, requests }
    },
    { rejectedSpans, errorMessage },
  )
  expect(delivery).toBe(state)
  expect(causes).toEqual(told ? [errorMessage] : [])
  expect(requests).toBe(1)
})

test('a fact that is noted when the desk has the action’s end is told to be left out, and in the next attempt it is taken', async () => {
  const seen = await page.evaluate(async () => {
    const errors: string[] = []
    const bodies: string[] = []
    const waybill = window.shop.createWaybill({
      service: 'late',
      deliverTo: '/waybill',
      onError: (error) => errors.push(String(error)),
      fetch: async (_, init) => {
        bodies.push(JSON.stringify(init?.body))
        return new Response('{}')
      },
    })
    const action = waybill.begin('Pay')
    action.succeed()
    action.note({ soon: 'A-1001' })
    await waybill.flush()
    action.note({ late: 'A-1002' })
    action.retry()
    action.note({ again: 'A-1003' })
    action.succeed()
    await waybill.flush()
    return { errors, sent: ['soon', 'late', 'again'].map((name) => bodies.join().includes(`fact.${name}`)) }
  })
  expect(seen.errors).toEqual(['TypeError: [waybill] A fact was left out for its time: late'])
  expect(seen.sent).toEqual([true, false, true])
})

test.each([
  ['no key', 401],
  ['a wrong key', 403],
  ['an address where no desk is', 404],
  ['a desk that is overloaded', 429],
  ['a desk that is down', 503],
  ['a network that fails', 0],
])('with %s the steps are saved and tried again, and delivered as soon as that is mended', async (_, status) => {
  const states = await page.evaluate(async (status) => {
    const clock = window.shop.createClock()
    let isMended = false
    let requests = 0
    const waybill = window.shop.createWaybill({
      service: 'refusing',
      deliverTo: '/waybill',
      ...clock,
      fetch: async () => {
        requests++
        if (isMended) return new Response('{}')
        if (!status) throw new TypeError('Failed to fetch')
        return new Response('', { status })
      },
    })
    const read = (): string => `${waybill.session.actions()[0]?.delivery} ${requests > 1}`
    waybill.begin('Pay').succeed()
    const states = [read()]
    await waybill.flush()
    states.push(read())
    await clock.advance(5000)
    states.push(read())
    isMended = true
    await clock.advance(60_000)
    states.push(read())
    waybill.stop()
    return states
  }, status)
  expect(states).toEqual(['pending false', 'saved false', 'saved true', 'delivered true'])
})

test('without a desk nothing is ever called saved or delivered, but for what an earlier page delivered', async () => {
  const states = await page.evaluate(async () => {
    const { createWaybill } = window.shop
    const read = ({ session }: Window['shop']['waybill']): string[] =>
      session.actions().map(({ name, delivery }) => `${name} ${delivery}`)
    const local = createWaybill({ service: 'local' })
    local.begin('Pay').succeed()
    const pending = read(local)
    await local.flush()
    const written = read(local)
    local.setConsent('memory-only')
    return [pending, written, read(local), JSON.stringify({ ...localStorage }).includes('Pay')]
  })
  expect(states).toEqual([['Pay local-only'], ['Pay local-only'], ['Pay local-only'], false])
})

test('what another script adds to every object’s prototype is not sent', async () => {
  const body = await page.evaluate(async () => {
    let sent = ''
    Object.assign(Object.prototype, { leak: 'jane@example.org' })
    const waybill = window.shop.createWaybill({
      service: 'polluted',
      deliverTo: '/waybill',
      fetch: async (_, init) => {
        sent += JSON.stringify(init?.body)
        return new Response('{}')
      },
    })
    const action = waybill.begin('Pay')
    action.note({ order: 'A-1001' })
    action.succeed()
    await waybill.flush()
    return sent
  })
  expect(body).toContain('A-1001')
  expect(body).not.toContain('jane')
})
