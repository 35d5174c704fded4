import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Page } from 'playwright'
import { openShop } from '../fixtures/openShop.ts'
import type { Shop } from '../fixtures/openShop.ts'

let shop: Shop
let page: Page

beforeAll(async () => {
  shop = await openShop()
  page = await shop.visit()
})
afterAll(() => shop.close())
beforeEach(() => shop.forget())

test('referenceOf is exact for responses, HTTP errors, network failures and aborts that overlap', async () => {
  const wrong = await page.evaluate(async () => {
    const { waybill, ky, kyHooks } = window.shop
    const api = (send: typeof fetch) => ky.create({ fetch: send, hooks: kyHooks(waybill), retry: 0, prefix: '/api' })
    const ways: Record<string, (send: typeof fetch) => Promise<unknown>> = {
      response: (send) => send('/api/x?wait=20'),
      clone: async (send) => (await send('/api/x')).clone(),
      network: (send) => send('/api/x?break=1&wait=15', { method: 'POST' }).catch((error) => error),
      abort: (send) => {
        const controller = new AbortController()
        setTimeout(() => controller.abort(), 10)
        return send('/api/x?wait=300', { signal: controller.signal }).catch((error) => error)
      },
      timeout: (send) => send('/api/x?wait=300', { signal: AbortSignal.timeout(12) }).catch((error) => error),
      json: async (send) => (await send('/api/x?status=204')).json().catch((error) => error),
      kyHttp: (send) =>
        api(send)
          .post('x?status=422&wait=5')
          .catch((error) => error),
      kyNetwork: (send) =>
        api(send)
          .post('x?break=1&wait=5')
          .catch((error) => error),
      kyTimeout: (send) =>
        api(send)
          .get('x?wait=300', { timeout: 12 })
          .catch((error) => error),
      wrapped: (send) =>
        send('/api/x?break=1', { method: 'POST' }).catch((cause) => new Error('Not paid', { cause: { cause } })),
      axios: async (send) => {
        const request = new Request('/api/x')
        const response = { status: 500, request, config: {} }
        await send(request)
        return Object.assign(new Error('axios'), { request, response })
      },
    }
    const wrong: string[] = []
    const each = async ([name, way]: [string, (send: typeof fetch) => Promise<unknown>]): Promise<void> => {
      const action = waybill.begin(name)
      const found = waybill.referenceOf(await way(action.fetch))
      if (found !== action.reference) wrong.push(`${name}: ${found}`)
    }
    const all = Object.entries(ways)
    await Promise.all([...all, ...all.toReversed()].map(each))
    return wrong
  })
  expect(wrong).toEqual([])
})

test('referenceOf gives nothing where two actions share the error or the request', async () => {
  const found = await page.evaluate(async () => {
    const { waybill } = window.shop
    const controller = new AbortController()
    const [a, b] = [waybill.begin('A'), waybill.begin('B')]
    const options = { signal: controller.signal }
    const both = Promise.allSettled([a.fetch('/api/x?wait=300', options), b.fetch('/api/x?wait=300', options)])
    setTimeout(() => controller.abort(), 10)
    await both
    const trap = {
      get response(): never {
        throw new Error('trap')
      },
    }
    const loop: { cause?: unknown } = {}
    loop.cause = loop
    return [controller.signal.reason, null, 'text', 5, {}, trap, loop].map(
      (each) => waybill.referenceOf(each) ?? 'none',
    )
  })
  expect(new Set(found)).toEqual(new Set(['none']))
})

test('one error that two actions fail with, one after the other, is nobody’s; within one another it is the inner one’s', async () => {
  const page = await shop.visit()
  const seen = await page.evaluate(async () => {
    const { waybill } = window.shop
    const failed = (name: string, error: unknown): Promise<unknown> =>
      waybill.run(name, () => Promise.reject(error)).catch(() => waybill.referenceOf(error))
    const [offline, inner] = [new Error('offline'), new Error('inner')]
    const first = await failed('A', offline)
    const second = await failed('B', offline)
    let nested: unknown
    const outer = waybill.begin('Outer')
    await outer.run(() => failed('Inner', inner)).then((reference) => (nested = reference))
    outer.fail(inner)
    const named = (reference: unknown): string | undefined =>
      waybill.session.actions().find((action) => action.reference === reference)?.name
    return [named(first), second, named(nested), named(waybill.referenceOf(inner))]
  })
  expect(seen).toEqual(['A', undefined, 'Inner', 'Inner'])
})

test('an answer that is none of this page’s classes has a reference, and a body that another action reads fails as its call’s', async () => {
  const page = await shop.visit()
  const seen = await page.evaluate(async () => {
    const { createWaybill, waybill } = window.shop
    class Answer extends Response {}
    const subclassing = createWaybill({
      service: 'other',
      fetch: async (...args) => Object.setPrototypeOf(await fetch(...args), Answer.prototype),
    })
    const throwing = createWaybill({
      service: 'throwing',
      fetch: () => {
        throw new Error('no')
      },
    })
    const answer = await subclassing.fetch('/api/a')
    const refused = await throwing.fetch('/api/b').catch((error: unknown) => throwing.referenceOf(error))
    const a = waybill.begin('A')
    const response = await a.fetch('/api/c?trickle=50')
    const error: unknown = await waybill.begin('B').run(() => response.formData().catch((error: unknown) => error))
    return [
      subclassing.referenceOf(answer) === subclassing.session.actions()[0]?.reference,
      refused === throwing.session.actions()[0]?.reference,
      throwing.session.actions()[0]?.calls[0]?.error,
      waybill.referenceOf(error) === a.reference,
    ]
  })
  expect(seen).toEqual([true, true, 'AbortError', true])
})

test('an error thrown inside run carries the action’s reference and fails it', async () => {
  const seen = await page.evaluate(async () => {
    const { waybill } = window.shop
    const error = new RangeError('Jane Doe is not allowed')
    const reference = await waybill
      .run('Check', async (action) => {
        await Promise.resolve()
        setTimeout(() => action.note({ late: 'yes' }))
        throw Object.assign(error, { reference: action.reference })
      })
      .catch((thrown) => [thrown === error, waybill.referenceOf(thrown) === thrown.reference])
    let sync: unknown
    try {
      waybill.run('Sync', (): number => {
        throw error
      })
    } catch (thrown) {
      sync = thrown === error
    }
    const value = waybill.run('Value', () => 5)
    const states = waybill.session
      .actions()
      .slice(-3)
      .map(({ name, state }) => `${name} ${state}`)
    return { reference, sync, value, states }
  })
  expect(seen).toEqual({
    reference: [true, true],
    sync: true,
    value: 5,
    states: ['Check failed', 'Sync failed', 'Value succeeded'],
  })
})

test('a failed call made again in its action is the next attempt, and a success ends the count', async () => {
  await page.evaluate(async () => {
    const action = window.shop.waybill.begin('Poll')
    for (let i = 0; i < 4; i++) await action.fetch('/api/a?failures=2')
    await action.fetch('/api/b')
    action.fail()
    action.retry()
    await action.fetch('/api/b')
    action.succeed()
  })
  const attempts = shop.site.calls.map(({ path, headers }) => `${path} ${String(headers['trace-attempt'])}`)
  expect(attempts).toEqual(['/api/a 1', '/api/a 2', '/api/a 3', '/api/a 1', '/api/b 1', '/api/b 4'])
})

test('ky’s timed retries keep the reference and count, for a click’s call and for a background one', async () => {
  await page.evaluate(() => {
    const { waybill, ky, kyHooks, on } = window.shop
    const api = ky.create({
      fetch: waybill.fetch,
      hooks: kyHooks(waybill),
      retry: { limit: 2, delay: () => 20 },
      prefix: '/api',
    })
    on('<button>Pay</button>', 'click', async () => {
      await api.get('click?failures=2').json()
      await waybill.fetch('/api/click-next')
    })
    void api.get('background?failures=2').json()
  })
  await page.click('text=Pay')
  await expect.poll(() => shop.site.calls.length).toBe(7)
  const of = (path: string) =>
    shop.site.calls.filter((call) => call.path === `/api/${path}`).map(({ headers }) => headers)
  for (const path of ['click', 'background']) {
    expect(of(path).map((headers) => headers['trace-attempt'])).toEqual(['1', '2', '3'])
    expect(new Set(of(path).map((headers) => headers['trace-reference'])).size).toBe(1)
    expect(new Set(of(path).map((headers) => headers['traceparent'])).size).toBe(3)
  }
  expect(of('click-next')[0]?.['trace-reference']).toBe(of('click')[0]?.['trace-reference'])
})

test('what comes after ky’s HTTPError is still the click’s', async () => {
  await page.evaluate(() => {
    const { waybill, ky, on } = window.shop
    const api = ky.create({ fetch: waybill.fetch, retry: 0, prefix: '/api' })
    on('<button>Order</button>', 'click', async () => {
      await api.post('first?status=409').catch(() => api.get('second').json())
    })
  })
  await page.click('text=Order')
  await expect.poll(() => shop.site.calls.length).toBe(2)
  expect(new Set(shop.site.calls.map(({ headers }) => headers['trace-reference'])).size).toBe(1)
})
