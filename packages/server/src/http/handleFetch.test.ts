import { setTimeout as sleep } from 'node:timers/promises'
import { mintReference, mintSpanId, traceIdOf, traceparentOf } from '@waybill/reference'
import { createWaybill } from '@waybill/server'
import type { Step } from '@waybill/trail'
import { beforeEach, describe, expect, test, vi } from 'vitest'

let steps: Step[] = []
const waybill = createWaybill({ service: 'shop-api', onStep: (step) => steps.push(step) })

beforeEach(() => {
  steps = []
})

function ask(path: string, init: RequestInit = {}): Request {
  return new Request(`https://shop.example${path}`, init)
}

describe('handle', () => {
  test('serves under the reference that the caller sent, as a step, and answers with it', async () => {
    const reference = mintReference()
    const spanId = mintSpanId()
    const traceparent = traceparentOf(traceIdOf(reference), { spanId })
    const headers = { traceparent, 'Trace-Reference': reference, 'Trace-Attempt': '2' }
    const handler = waybill.handle(() => Response.json(waybill.current()?.reference, { status: 202 }))
    const response = await handler(ask('/api/orders/A-1001/refund?card=4242', { method: 'POST', headers }))
    expect(await response.json()).toBe(reference)
    expect(response.headers.get('trace-reference')).toBe(reference)
    expect(response.headers.get('access-control-expose-headers')).toBe('Trace-Reference')
    expect(steps).toMatchObject([
      {
        hop: 'api',
        name: 'POST /api/orders/:id/refund',
        parentId: spanId,
        attempt: 2,
        status: 'ok',
        attributes: { 'http.request.method': 'POST', 'http.response.status_code': 202 },
      },
    ])
    expect(JSON.stringify(steps)).not.toMatch(/\b4242\b|A-1001/)
  })

  test('names the step by the route where one is told, and the hop of a partner', async () => {
    const handler = waybill.handle(() => new Response(), { hop: 'webhook', route: () => '/hooks/:carrier' })
    await handler(ask('/hooks/dhl', { method: 'POST' }))
    expect(steps).toMatchObject([
      { hop: 'webhook', name: 'POST /hooks/:carrier', attributes: { 'http.route': '/hooks/:carrier' } },
    ])
  })

  test('turns what the handler throws into a problem that holds the reference and nothing of the inside', async () => {
    const thrown: unknown[] = []
    const secret = new RangeError('password of jane@example.com')
    const handler = waybill.handle(() => Promise.reject(secret), { onThrown: (error) => thrown.push(error) })
    const response = await handler(ask('/api/refunds'))
    expect(response.status).toBe(500)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    const body = await response.json()
    expect(body).toEqual({
      title: 'The request could not be completed.',
      status: 500,
      reference: steps[0]?.reference,
    })
    expect(response.headers.get('trace-reference')).toBe(steps[0]?.reference)
    expect(steps).toMatchObject([{ status: 'error', error: { type: 'RangeError' } }])
    expect(thrown).toEqual([secret])
  })

  test('by default prints the fault and where it happened, and nothing of the request or of requests the error holds', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
    const error = new RangeError('the bank is %s', { cause: new TypeError('fetch failed') })
    Object.assign(error, { config: { headers: { authorization: 'Bearer outgoing-secret' } } })
    const headers = { authorization: 'Bearer secret', cookie: 'session=secret' }
    const handler = waybill.handle(() => Promise.reject(error))
    await handler(ask('/api/orders/A-1001?card=4242', { headers }))
    const [line] = printed.mock.lastCall ?? []
    expect(printed.mock.calls).toHaveLength(1)
    expect(printed.mock.lastCall).toHaveLength(1)
    expect(line).toContain(
      `[waybill] GET /api/orders/:id failed under ${steps[0]?.reference}: RangeError: the bank is %s`,
    )
    expect(line).toMatch(/handleFetch\.test[^]*Caused by: TypeError: fetch failed/)
    expect(line).not.toMatch(/secret|\b4242\b|A-1001|cookie|authorization/i)
    printed.mockRestore()
  })

  test.each([
    ['no money', 'no money'],
    [undefined, 'a thrown undefined without a stack'],
    [{ headers: { cookie: 'secret' } }, 'a thrown object without a stack'],
  ])('prints of what is no error only what it is', async (thrown, said) => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
    const handler = waybill.handle(
      () => {
        throw thrown
      },
      { route: () => '/hooks/:carrier' },
    )
    await handler(ask('/hooks/dhl'))
    expect(printed.mock.calls).toEqual([[`[waybill] GET /hooks/:carrier failed under ${steps[0]?.reference}: ${said}`]])
    printed.mockRestore()
  })

  test('counts a refusal as a failure, with what the application declared', async () => {
    const handler = waybill.handle(() => {
      waybill.effect('none')
      return waybill.problem({
        status: 402,
        title: 'The card was declined.',
        type: 'https://shop.example/card-declined',
      })
    })
    const body = await (await handler(ask('/api/checkout', { method: 'POST' }))).json()
    expect(body).toMatchObject({
      status: 402,
      type: 'https://shop.example/card-declined',
      reference: steps[0]?.reference,
    })
    expect(steps).toMatchObject([{ status: 'error', error: { type: '402' }, effect: 'none' }])
  })

  test('adds the header to responses whose headers are locked, and to those that expose others', async () => {
    const locked = waybill.handle(() => Response.redirect('https://shop.example/b', 303))
    const response = await locked(ask('/a'))
    expect([response.status, response.headers.get('location')]).toEqual([303, 'https://shop.example/b'])
    expect(response.headers.get('trace-reference')).toBe(steps[0]?.reference)
    const exposing = waybill.handle(() => new Response(null, { headers: { 'access-control-expose-headers': 'ETag' } }))
    expect((await exposing(ask('/a'))).headers.get('access-control-expose-headers')).toBe('ETag, Trace-Reference')
  })

  test('leaves preflights alone and passes on what the framework gives', async () => {
    const headers = { 'access-control-request-method': 'POST' }
    const handler = waybill.handle((_request: Request, params: { id: string }) => new Response(params.id))
    expect(await (await handler(ask('/a', { method: 'OPTIONS', headers }), { id: '7' })).text()).toBe('7')
    expect(steps).toEqual([])
  })

  test('keeps 300 interleaved requests apart', async () => {
    const handler = waybill.handle(async (request) => {
      await sleep(Math.random() * 10)
      const body = await request.text()
      await sleep(Math.random() * 10)
      return Response.json([body, waybill.current()?.reference])
    })
    const wrong = await Promise.all(
      Array.from({ length: 300 }, async () => {
        const reference = mintReference()
        const init = { method: 'POST', body: reference, headers: { 'Trace-Reference': reference } }
        const response = await handler(ask('/api', init))
        const seen = [...(await response.json()), response.headers.get('trace-reference')]
        return seen.some((each) => each !== reference)
      }),
    )
    expect(wrong.filter(Boolean)).toEqual([])
    expect(new Set(steps.map((step) => step.reference)).size).toBe(300)
  })
})
