import { setTimeout as sleep } from 'node:timers/promises'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { mintReference } from '@waybill/reference'
import { createWaybill } from '@waybill/server'
import { waybillMiddleware } from '@waybill/server/hono'
import type { Step } from '@waybill/trail'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { HTTPException } from 'hono/http-exception'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'

let steps: Step[] = []
const waybill = createWaybill({ service: 'shop-api', onStep: (step) => steps.push(step) })

const orders = new Hono()
orders.use(waybillMiddleware(waybill))
orders.post('/:id/refund', (c) => c.json({ id: c.req.param('id'), reference: waybill.current()?.reference }, 202))
orders.get('/:id', () => {
  throw new RangeError('password of jane@example.com')
})
const app = new Hono()
app.use('/api/*', cors({ origin: '*' }))
app.use('/api/*', waybillMiddleware(waybill))
app.use('/hooks/*', waybillMiddleware(waybill, { hop: 'webhook' }))
app.use('/api/admin/*', async (c) => c.text('no', 401))
app.get('/api/admin/users', (c) => c.text('yes'))
app.route('/api/orders', orders)
app.get('/api/forbidden', () => {
  throw new HTTPException(403, { message: 'for staff' })
})
app.post('/api/echo', async (c) => {
  await sleep(Math.random() * 10)
  const body = await c.req.text()
  await sleep(Math.random() * 10)
  return c.json([body, waybill.current()?.reference])
})
app.post('/hooks/:carrier', (c) => c.body(null, 204))
app.get('/api/fetched', () => fetch('data:text/plain,hello'))
app.get('*', (c) => c.text('page'))

let server: ReturnType<typeof serve>
let origin: string

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, (info: AddressInfo) => {
      origin = `http://127.0.0.1:${info.port}`
      resolve()
    })
  })
})
afterAll(() => new Promise((resolve) => server.close(resolve)))
beforeEach(() => {
  steps = []
})

describe('the Hono middleware', () => {
  test('serves under the reference sent, names the step by the matched route, and answers with the reference', async () => {
    const reference = mintReference()
    const init = {
      method: 'POST',
      headers: { 'Trace-Reference': reference, 'Trace-Attempt': '3', origin: 'https://a.example' },
    }
    const response = await fetch(`${origin}/api/orders/A-1001/refund?x=1`, init)
    expect(await response.json()).toEqual({ id: 'A-1001', reference })
    expect(response.headers.get('trace-reference')).toBe(reference)
    expect(response.headers.get('access-control-expose-headers')).toContain('Trace-Reference')
    expect(steps).toMatchObject([
      {
        hop: 'api',
        reference,
        name: 'POST /api/orders/:id/refund',
        attempt: 3,
        status: 'ok',
        attributes: { 'http.route': '/api/orders/:id/refund', 'http.response.status_code': 202 },
      },
    ])
  })

  test('turns an error that nobody handled into a problem with the reference and nothing of the inside', async () => {
    const silenced = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const response = await fetch(`${origin}/api/orders/A-1001`)
    silenced.mockRestore()
    expect(response.status).toBe(500)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    const reference = response.headers.get('trace-reference')
    expect(await response.json()).toEqual({ title: 'The request could not be completed.', status: 500, reference })
    expect(steps).toMatchObject([{ reference, name: 'GET /api/orders/:id', error: { type: 'RangeError' } }])
  })

  test("keeps the status of Hono's own exceptions", async () => {
    const response = await fetch(`${origin}/api/forbidden`)
    expect(await response.json()).toMatchObject({ status: 403, reference: steps[0]?.reference })
    expect(steps).toMatchObject([{ error: { type: '403' }, attributes: { 'http.response.status_code': 403 } }])
  })

  test('masks the path where no single route answered', async () => {
    expect(await (await fetch(`${origin}/api/admin/users`)).text()).toBe('no')
    await fetch(`${origin}/api/nothing/C-2041`)
    expect(steps).toMatchObject([
      { name: 'GET /api/admin/users', error: { type: '401' } },
      { name: 'GET /api/nothing/:id', status: 'ok' },
    ])
  })

  test('knows a webhook, and a response whose headers are locked', async () => {
    await fetch(`${origin}/hooks/dhl`, { method: 'POST' })
    const response = await fetch(`${origin}/api/fetched`)
    expect(await response.text()).toBe('hello')
    expect(response.headers.get('trace-reference')).toBe(steps[1]?.reference)
    expect(steps).toMatchObject([{ hop: 'webhook', name: 'POST /hooks/:carrier' }, { hop: 'api' }])
  })

  test('leaves the answer of the application’s own error handler as it is', async () => {
    const own = new Hono()
    own.use(waybillMiddleware(waybill))
    own.get('/', () => {
      throw new Error('no')
    })
    own.onError((_, c) => c.json({ mine: true }, 503))
    const response = await own.request('/')
    expect([response.status, await response.json()]).toEqual([503, { mine: true }])
    expect(response.headers.get('trace-reference')).toBe(steps[0]?.reference)
    expect(steps).toMatchObject([{ error: { type: '503' }, attributes: { 'http.response.status_code': 503 } }])
  })

  test('leaves texts of the application’s own error handler, and responses in exceptions, as they are', async () => {
    const own = new Hono()
    own.use(waybillMiddleware(waybill))
    own.get('/own', () => {
      throw new Error('no')
    })
    own.get('/basic', () => {
      const headers = { 'WWW-Authenticate': 'Basic' }
      throw new HTTPException(401, { res: new Response('Unauthorized', { status: 401, headers }) })
    })
    const app = new Hono().route('/', own)
    const silenced = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const basic = await app.request('/basic')
    own.onError((_, c) => c.text('mine', 503))
    const text = await new Hono().route('/', own).request('/own')
    silenced.mockRestore()
    expect([basic.status, await basic.text(), basic.headers.get('www-authenticate')]).toEqual([
      401,
      'Unauthorized',
      'Basic',
    ])
    expect([text.status, await text.text()]).toEqual([503, 'mine'])
    expect([basic, text].map(({ headers }) => headers.get('trace-reference'))).toEqual(
      steps.map((step) => step.reference),
    )
  })

  test('records what is thrown and is no Error, which Hono hands on', async () => {
    const own = new Hono()
    own.use(waybillMiddleware(waybill))
    own.get('/orders/:id', () => {
      throw 'a text'
    })
    await expect(own.request('/orders/1')).rejects.toBe('a text')
    expect(steps).toMatchObject([{ name: 'GET /orders/:id', status: 'error', error: { type: '500' } }])
  })

  test('names a wildcard that is a route by its pattern', async () => {
    const own = new Hono()
    own.use(waybillMiddleware(waybill))
    own.get('/files/*', (c) => c.text('file'))
    await own.request('/files/a/b')
    await own.request('/nowhere/17')
    expect(steps.map(({ name, attributes }) => [name, attributes?.['http.route']])).toEqual([
      ['GET /files/*', '/files/*'],
      ['GET /nowhere/:id', undefined],
    ])
  })

  test('keeps 300 interleaved requests apart', async () => {
    const wrong = await Promise.all(
      Array.from({ length: 300 }, async () => {
        const reference = mintReference()
        const headers = { 'Trace-Reference': reference }
        const response = await fetch(`${origin}/api/echo`, { method: 'POST', body: reference, headers })
        const seen: unknown[] = [...(await response.json()), response.headers.get('trace-reference')]
        return seen.some((each) => each !== reference)
      }),
    )
    expect(wrong.filter(Boolean)).toEqual([])
    expect(new Set(steps.map((step) => step.reference)).size).toBe(300)
  })
})
