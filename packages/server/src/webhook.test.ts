import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  mintReference,
  mintSpanId,
  parseTraceparent,
  referenceOfTraceId,
  traceIdOf,
  traceparentOf,
} from '@waybill/reference'
import { createWaybill } from '@waybill/server'
import { waybillErrors } from '@waybill/server/express'
import { waybillMiddleware } from '@waybill/server/hono'
import { createDeliveryMemory, tracedDeliveries } from '@waybill/server/webhook'
import type { RememberDelivery } from '@waybill/server/webhook'
import { outcomeOf } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import express from 'express'
import { Hono } from 'hono'
import type pg from 'pg'
import { Stripe } from 'stripe'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listen } from '../fixtures/listen.ts'
import type { Listening } from '../fixtures/listen.ts'
import { missingDatabases, openDatabase } from '../fixtures/openDatabase.ts'
import type { TestDatabase } from '../fixtures/openDatabase.ts'
import { refundForm } from '../examples/refundForm.ts'
import { DELIVERIES, rememberIn } from '../examples/rememberDeliveries.ts'
import { stripeWebhook } from '../examples/stripeWebhook.ts'

const secret = `whsec_${randomBytes(12).toString('hex')}`
const stripe = new Stripe('sk_test_none')
const EMAIL = 'jane@example.com'
const missing = await missingDatabases()

let steps: Step[] = []
let faults: unknown[] = []
const waybill = createWaybill({
  service: 'shop-api',
  onStep: (step) => steps.push(step),
  onError: (fault) => faults.push(fault),
})
/** References of orders, and what the handler does; each test sets its own. */
const stored = new Map<string, string>()
let handle = async (_event: Stripe.Event): Promise<void> => {}
const orders = { referenceOf: async (order: string | undefined) => stored.get(order ?? '') }

const servers: Listening[] = []
async function startShop(remember?: RememberDelivery): Promise<string> {
  const app = express().set('env', 'test')
  const work = (event: Stripe.Event): Promise<void> =>
    waybill.run({ hop: 'database', name: 'order paid' }, () => handle(event))
  app.use(stripeWebhook({ waybill, stripe, secret, orders, handle: work, ...(remember && { remember }) }))
  app.use(waybillErrors(waybill))
  const server = await listen(createServer(app))
  servers.push(server)
  return `${server.origin}/webhooks/stripe`
}

/** An event as Stripe sends it, with what it should not leave anywhere. */
function eventOf(id: string, order?: string): string {
  const intent = {
    id: `pi_${id}`,
    object: 'payment_intent',
    receipt_email: EMAIL,
    card: '4111 1111 1111 1111',
    metadata: { order },
  }
  return JSON.stringify({
    id: `evt_${id}`,
    object: 'event',
    type: 'payment_intent.succeeded',
    request: { id: `req_${id}` },
    data: { object: intent },
  })
}

function deliver(url: string, payload: string, init: RequestInit = {}): Promise<Response> {
  const signature = stripe.webhooks.generateTestHeaderString({ payload, secret })
  const headers = { 'content-type': 'application/json', 'stripe-signature': signature, ...init.headers }
  return fetch(url, { ...init, method: 'POST', body: payload, headers })
}

const webhooks = (): Step[] => steps.filter(({ hop }) => hop === 'webhook')

beforeEach(() => {
  steps = []
  faults = []
  stored.clear()
  handle = async () => {}
})
afterAll(() => Promise.all(servers.map((server) => server.stop())))

describe('webhooks signed by Stripe’s SDK, on Express', () => {
  let url: string
  beforeAll(async () => {
    url = await startShop()
  })

  test('go on with the order’s reference, and are found by Stripe’s ids', async () => {
    const reference = mintReference()
    stored.set('A-1001', reference)
    const response = await deliver(url, eventOf('1', 'A-1001'))
    expect([response.status, response.headers.get('trace-reference')]).toEqual([200, reference])
    await expect.poll(() => steps.length).toBe(2)
    const [work, hook] = steps
    expect(hook).toMatchObject({
      hop: 'webhook',
      name: 'POST /webhooks/stripe',
      status: 'ok',
      reference,
      attempt: 1,
      facts: { 'stripe.event': 'evt_1', 'stripe.request': 'req_1', payment: 'pi_1', order: 'A-1001' },
    })
    expect(hook?.parentId).toBeUndefined()
    expect(work).toMatchObject({ reference, traceId: hook?.traceId, parentId: hook?.id })
    expect(JSON.stringify(steps)).not.toMatch(/jane|4111 1111|whsec/)
    expect(faults).toEqual([])
  })

  test('begin a reference at the edge where nobody knows the order, and keep it when the event is delivered again', async () => {
    handle = async () => {
      if (webhooks().length === 0) throw new RangeError(EMAIL)
    }
    const first = await deliver(url, eventOf('2'))
    expect(first.status).toBe(500)
    const { reference } = await first.json()
    await expect.poll(() => webhooks().length).toBe(1)
    // The order is known by now; the trail that was begun goes on all the same.
    stored.set('A-1002', mintReference())
    const again = await deliver(url, eventOf('2', 'A-1002'))
    expect([again.status, again.headers.get('trace-reference')]).toEqual([200, reference])
    await expect.poll(() => webhooks().length).toBe(2)
    expect(webhooks()).toMatchObject([
      { reference, attempt: 1, status: 'error', error: { type: 'RangeError' }, facts: { 'stripe.event': 'evt_2' } },
      { reference, attempt: 2, status: 'ok', facts: { 'stripe.event': 'evt_2', order: 'A-1002' } },
    ])
    expect(outcomeOf(steps)).toMatchObject({ state: 'succeeded', later: [] })
    expect(JSON.stringify(steps)).not.toMatch(/jane|4111 1111/)
  })

  test('are refused where the signature does not fit, and leave nothing that a forger names', async () => {
    const payload = eventOf('forged', 'A-1001')
    const signature = stripe.webhooks.generateTestHeaderString({ payload, secret: 'whsec_other' })
    const response = await deliver(url, payload, { headers: { 'stripe-signature': signature } })
    expect(response.status).toBe(400)
    const without = await deliver(url, payload, { headers: { 'stripe-signature': '' } })
    expect(without.status).toBe(400)
    const changed = await deliver(url, payload, {
      headers: { 'stripe-signature': stripe.webhooks.generateTestHeaderString({ payload: eventOf('x'), secret }) },
    })
    expect(changed.status).toBe(400)
    await expect.poll(() => steps.length).toBe(3)
    const refused = steps.filter(({ hop, status, facts }) => hop === 'webhook' && status === 'error' && !facts)
    expect(refused).toHaveLength(3)
    expect(JSON.stringify(steps)).not.toMatch(/forged|A-1001|jane/)
    // And the event, once it is genuine, is delivered for the first time.
    await deliver(url, payload)
    await expect.poll(() => webhooks().length).toBe(4)
    expect(webhooks()[3]).toMatchObject({ attempt: 1 })
  })

  test('delivered again while the first is still worked on are the second attempt beside it', async () => {
    stored.set('A-1003', mintReference())
    const payload = eventOf('3', 'A-1003')
    const gates: (() => void)[] = []
    handle = () => new Promise((resolve) => void gates.push(resolve))
    const partner = new AbortController()
    const impatient = deliver(url, payload, { signal: partner.signal }).catch(({ name }) => name)
    await expect.poll(() => gates.length).toBe(1)
    partner.abort()
    expect(await impatient).toBe('AbortError')
    await expect.poll(() => webhooks()).toMatchObject([{ attempt: 1, error: { type: 'aborted' } }])
    const again = deliver(url, payload)
    await expect.poll(() => gates.length).toBe(2)
    gates[1]?.()
    expect((await again).status).toBe(200)
    await expect.poll(() => webhooks().filter(({ attempt }) => attempt === 2).length).toBe(1)
    gates[0]?.()
    await expect.poll(() => webhooks().filter(({ attempt, status }) => attempt === 1 && status === 'ok').length).toBe(1)
    expect(new Set(steps.map(({ reference }) => reference))).toEqual(new Set([stored.get('A-1003')]))
    expect(steps.filter(({ name }) => name === 'order paid').map(({ attempt }) => attempt)).toEqual([2, 1])
  })

  test('believe a claim of ours that comes back with them, and no traceparent of the partner’s own tracer', async () => {
    const claimed = mintReference()
    stored.set('A-1004', mintReference())
    await deliver(url, eventOf('4', 'A-1004'), { headers: { 'Trace-Reference': claimed } })
    const foreign = traceparentOf(randomBytes(16).toString('hex'), { spanId: mintSpanId() })
    await deliver(url, eventOf('5', 'A-1004'), { headers: { traceparent: foreign } })
    await expect.poll(() => webhooks().length).toBe(2)
    expect(webhooks().map(({ reference }) => reference)).toEqual([claimed, stored.get('A-1004')])
  })

  test('keep 100 overlapping deliveries of 50 events apart', async () => {
    const numbers = Array.from({ length: 50 }, (_, i) => i)
    for (const i of numbers) stored.set(`B-${i}`, mintReference())
    handle = () => sleep(2)
    await Promise.all([...numbers, ...numbers].map((i) => deliver(url, eventOf(`b${i}`, `B-${i}`))))
    await expect.poll(() => webhooks().length).toBe(100)
    for (const i of numbers) {
      const attempts = webhooks().filter(({ facts }) => facts?.['stripe.event'] === `evt_b${i}`)
      expect(new Set(attempts.map(({ attempt }) => attempt))).toEqual(new Set([1, 2]))
      expect(new Set(attempts.map(({ reference }) => reference))).toEqual(new Set([stored.get(`B-${i}`)]))
    }
  })
})

describe.skipIf(missing.has('PostgreSQL'))('deliveries remembered in PostgreSQL', () => {
  let server: TestDatabase
  let pool: pg.Pool
  beforeAll(async () => {
    server = await openDatabase('PostgreSQL')
    pool = server.openPool(2)
    await pool.query(DELIVERIES)
  })
  afterAll(() => server.close())

  test('count over processes, and hold ids and references only', async () => {
    const urls = [await startShop(rememberIn(pool)), await startShop(rememberIn(pool))]
    await Promise.all([0, 1, 0, 1].map((i) => deliver(urls[i] ?? '', eventOf('7'))))
    await expect.poll(() => webhooks().length).toBe(4)
    expect(new Set(webhooks().map(({ attempt }) => attempt))).toEqual(new Set([1, 2, 3, 4]))
    const [{ reference } = { reference: undefined }] = webhooks()
    expect(webhooks().filter((step) => step.reference !== reference)).toEqual([])
    const { rows } = await pool.query('select event, reference, attempt from webhook_deliveries')
    expect(rows).toEqual([{ event: 'stripe:evt_7', reference, attempt: 4 }])
  })
})

describe('webhooks in GitHub’s shape, on Hono', () => {
  const key = randomBytes(12).toString('hex')
  const deliveries = tracedDeliveries(waybill, { from: 'github' })
  const app = new Hono().use(waybillMiddleware(waybill, { hop: 'webhook' })).post('/hooks/github', async (c) => {
    const body = await c.req.text()
    const signature = Buffer.from(c.req.header('x-hub-signature-256') ?? '')
    const own = Buffer.from(`sha256=${createHmac('sha256', key).update(body).digest('hex')}`)
    if (signature.length !== own.length || !timingSafeEqual(signature, own)) return c.body(null, 401)
    await deliveries.received({ id: c.req.header('x-github-delivery'), facts: { issue: JSON.parse(body).issue } })
    return c.json({ reference: waybill.current()?.reference })
  })

  test('keep the reference of a delivery that somebody sends again', async () => {
    const body = JSON.stringify({ issue: 15, sender: EMAIL })
    const headers = {
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-hub-signature-256': `sha256=${createHmac('sha256', key).update(body).digest('hex')}`,
    }
    const answers = [1, 2].map(async () =>
      (await app.request('/hooks/github', { method: 'POST', body, headers })).json(),
    )
    const [{ reference }, again] = await Promise.all(answers)
    expect(again).toEqual({ reference })
    expect((await app.request('/hooks/github', { method: 'POST', body: '{}', headers })).status).toBe(401)
    await expect.poll(() => webhooks().length).toBe(3)
    const facts = { 'github.event': headers['x-github-delivery'], issue: '15' }
    expect(webhooks()).toMatchObject([
      { reference, attempt: 1, facts },
      { reference, attempt: 2, facts },
      { status: 'error' },
    ])
    expect(webhooks()[2]?.facts).toBeUndefined()
    expect(JSON.stringify(steps)).not.toContain('jane')
  })
})

describe('forms without JavaScript', () => {
  interface Refund {
    readonly reference: string
  }
  const refunds = new Map<string, Refund>()
  let request = async (_order: unknown): Promise<void> => {}
  const app = refundForm(waybill, {
    async request(order) {
      await request(order)
      refunds.set('R-1', { reference: waybill.current()?.reference ?? '' })
      return 'R-1'
    },
    find: async (id) => refunds.get(id),
  })
  const get = async (path: string): Promise<string> => (await app.request(path)).text()
  const hidden = (page: string): { name: string; value: string; reference: string | undefined } => {
    const [, name = '', value = ''] = /<input type="hidden" name="(.*?)" value="(.*?)"/.exec(page) ?? []
    return { name, value, reference: referenceOf(value) }
  }
  const referenceOf = (traceparent: string | undefined): string | undefined =>
    referenceOfTraceId(parseTraceparent(traceparent)?.traceId ?? '')?.reference
  const shown = (page: string): string | undefined => /reference is ([A-Z0-9-]+)\./.exec(page)?.[1]
  const posts = (): Step[] => steps.filter(({ name }) => name === 'POST /refunds')
  const post = (fields: Record<string, string>, Body: typeof FormData | typeof URLSearchParams): Promise<Response> => {
    const body = new Body()
    for (const [name, value] of Object.entries(fields)) body.append(name, value)
    return Promise.resolve(app.request('/refunds', { method: 'POST', body }))
  }
  beforeEach(() => {
    request = async () => {}
  })

  test.each([FormData, URLSearchParams])('keep their reference to the page that follows, sent as %o', async (Body) => {
    const form = await get('/refunds/new')
    const { name, value, reference } = hidden(form)
    const response = await post({ [name]: value, order: EMAIL }, Body)
    expect([response.status, response.headers.get('trace-reference')]).toEqual([303, reference])
    expect(shown(await get(response.headers.get('location') ?? ''))).toBe(reference)
    await expect.poll(() => posts()).toMatchObject([{ hop: 'api', reference, attempt: 1, status: 'ok' }])
    expect(JSON.stringify(steps)).not.toContain('jane')
  })

  test('are one action with a second attempt when they are sent twice, and another one for each form that is shown', async () => {
    const { name, value, reference } = hidden(await get('/refunds/new'))
    const { value: otherValue, reference: other } = hidden(await get('/refunds/new'))
    expect(other).not.toBe(reference)
    await Promise.all([1, 2].map(() => post({ [name]: value, order: 'A-1' }, FormData)))
    await post({ [name]: otherValue, order: 'A-1' }, FormData)
    await expect.poll(() => posts().length).toBe(3)
    expect(posts()).toMatchObject([
      { reference, attempt: 1 },
      { reference, attempt: 2 },
      { reference: other, attempt: 1 },
    ])
  })

  test('show it where they fail, for the page’s own script too, and go on with it when they are corrected', async () => {
    request = () => Promise.reject(new RangeError(EMAIL))
    const { name, value, reference } = hidden(await get('/refunds/new'))
    const failed = await (await post({ [name]: value, order: EMAIL }, URLSearchParams)).text()
    expect([shown(failed), hidden(failed)]).toEqual([reference, { name, value, reference }])
    const [, content] = /<meta name="traceparent" content="(.*?)"/.exec(failed) ?? []
    expect(referenceOf(content)).toBe(reference)
    request = async () => {}
    await post({ [name]: hidden(failed).value, order: 'A-1' }, URLSearchParams)
    await expect.poll(() => posts().length).toBe(2)
    expect(posts()).toMatchObject([
      { reference, attempt: 1, status: 'error' },
      { reference, attempt: 2, status: 'ok' },
    ])
    expect(outcomeOf(posts())).toMatchObject({ state: 'succeeded', later: [] })
  })

  test('take Trace-Reference as well, and begin at the edge where the field is missing or made up, with a form that goes on with that', async () => {
    const claimed = mintReference()
    await post({ 'Trace-Reference': claimed, order: 'A-1' }, FormData)
    await post({ order: 'A-1' }, FormData)
    request = () => Promise.reject(new RangeError())
    const made = {
      traceparent: `${traceparentOf(traceIdOf(claimed), { spanId: mintSpanId() })}"><script>`,
      order: 'A-1',
    }
    const failed = await (await post(made, FormData)).text()
    await expect.poll(() => posts().length).toBe(3)
    const [taken, ...begun] = posts().map(({ reference }) => reference)
    expect(taken).toBe(claimed)
    expect(new Set([claimed, ...begun]).size).toBe(3)
    expect(hidden(failed).reference).toBe(begun[1])
    expect(failed).not.toContain('script')
  })
})

describe('tracedDeliveries', () => {
  test('serves a fetch-standard handler, with the order’s reference in the answer', async () => {
    const reference = mintReference()
    const deliveries = tracedDeliveries(waybill, { from: 'carrier' })
    const handler = waybill.handle(
      async () => {
        await deliveries.received({ stored: () => reference, facts: { order: 'A-1' } })
        return waybill.problem({ status: 409, title: 'It was shipped before.' })
      },
      { hop: 'webhook' },
    )
    const response = await handler(new Request('http://shop.example/hooks/carrier', { method: 'POST' }))
    expect(response.headers.get('trace-reference')).toBe(reference)
    expect(await response.json()).toMatchObject({ reference })
    await expect.poll(() => steps).toMatchObject([{ hop: 'webhook', reference, facts: { order: 'A-1' } }])
    expect(steps[0]).not.toHaveProperty('attempt', 1)
  })

  test.each<[string, Parameters<typeof tracedDeliveries>[1], () => string | null]>([
    [
      'a look-up that fails',
      { from: 'carrier' },
      () => {
        throw new Error(EMAIL)
      },
    ],
    ['a column that holds no reference', { from: 'carrier' }, () => 'RF7-K29-QXX'],
    ['a column that holds nothing', { from: 'carrier' }, () => null],
    ['a memory that fails', { from: 'carrier', remember: () => Promise.reject(new Error('away')) }, () => null],
    [
      'a memory that holds no reference',
      { from: 'carrier', remember: () => ({ reference: EMAIL, attempt: 0 }) },
      () => null,
    ],
    ['a memory that knows nothing', { from: 'carrier', remember: () => undefined }, () => null],
  ])('goes on under the request’s own reference with %s', async (_, options, stored) => {
    const deliveries = tracedDeliveries(waybill, options)
    let before: string | undefined
    const handler = waybill.handle(async () => {
      before = waybill.current()?.reference
      await deliveries.received({ id: 'evt_1', stored })
      return new Response()
    })
    const response = await handler(new Request('http://shop.example/hooks/carrier', { method: 'POST' }))
    expect([response.status, response.headers.get('trace-reference')]).toEqual([200, before])
    await expect.poll(() => steps).toMatchObject([{ reference: before, facts: { 'carrier.event': 'evt_1' } }])
    expect(JSON.stringify(steps)).not.toContain('jane')
  })

  test('remembers no id that is longer than any partner’s', async () => {
    const asked: string[] = []
    const remember: RememberDelivery = (event, reference) => {
      asked.push(event)
      return { reference, attempt: 1 }
    }
    const deliveries = tracedDeliveries(waybill, { from: 'carrier', remember })
    const handler = waybill.handle(async () => {
      for (const id of ['x'.repeat(201), '', null, 15]) await deliveries.received({ id })
      return new Response()
    })
    await handler(new Request('http://shop.example/hooks/carrier', { method: 'POST' }))
    expect(asked).toEqual(['carrier:15'])
    await expect.poll(() => steps).toMatchObject([{ jobId: '15', facts: { 'carrier.event': '15' } }])
  })

  test('says to onError that no request is served, and lets the handler go on', async () => {
    await tracedDeliveries(waybill, { from: 'stripe' }).received({ id: 'evt_1' })
    expect(faults).toMatchObject([{ message: expect.stringContaining('[waybill]') }])
  })

  test('forgets the oldest events first', async () => {
    const remember = createDeliveryMemory({ size: 2 })
    for (const event of ['a', 'b']) await remember(event, event.toUpperCase())
    expect(remember('a', 'X')).toEqual({ reference: 'A', attempt: 2 })
    await remember('c', 'C')
    expect(remember('b', 'X')).toEqual({ reference: 'X', attempt: 1 })
  })
})
