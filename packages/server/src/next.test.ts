import { setTimeout as sleep } from 'node:timers/promises'
import { mintReference, mintSpanId, traceIdOf, traceparentOf } from '@waybill/reference'
import { createWaybill } from '@waybill/server'
import { deliverToRewrite, requestErrors, tracedHeaders } from '@waybill/server/next'
import { waybillAction, waybillComponent, waybillFormAction, waybillRoute } from '@waybill/server/next'
import type { Step } from '@waybill/trail'
import { beforeEach, describe, expect, test, vi } from 'vitest'

// What Next.js itself does with all this is seen in test/journeys/nextApp.test.ts.
let steps: Step[] = []
let faults: unknown[] = []
const waybill = createWaybill({
  service: 'shop-next',
  onStep: (step) => steps.push(step),
  onError: (error) => faults.push(error),
})
beforeEach(() => {
  steps = []
  faults = []
})

const thrownBy = (fn: () => Promise<unknown>): Promise<unknown> =>
  fn().then(
    () => expect.fail('nothing was thrown'),
    (error: unknown) => error,
  )

async function raise(error: unknown): Promise<never> {
  throw error
}

describe('waybillRoute', () => {
  test.each([
    ['/api/orders/A-1001/refund', { id: 'A-1001' }, '/api/orders/[id]/refund'],
    ['/orders/orders', { id: 'orders' }, '/orders/[id]'],
    ['/shops/a/a', { shop: 'a', order: 'a' }, '/shops/[shop]/[order]'],
    ['/files/2026/11/bill.pdf', { path: ['2026', '11', 'bill.pdf'] }, '/files/[...path]'],
    ['/files', { path: undefined }, '/files'],
    ['/caf%C3%A9/7', { city: 'café', id: '7' }, '/[city]/[id]'],
    ['/caf%C3%A9', { city: 'caf%C3%A9' }, '/[city]'],
    ['/api/health', undefined, '/api/health'],
    ['/api/health', null, '/api/health'],
  ])('names the step of %s by the route', async (path, params, route) => {
    const handler = waybillRoute(waybill, (_: Request, context: unknown) => Response.json(context === given))
    const given = { params: Promise.resolve(params) }
    const response = await handler(new Request(`https://shop.example${path}?card=4242`, { headers: { a: 'b' } }), given)
    expect(await response.json()).toBe(true)
    expect(steps).toMatchObject([{ name: `GET ${route}`, attributes: { 'http.route': route } }])
  })

  test.each([
    ['NEXT_REDIRECT;replace;/login?from=;a;307;', 307, 'ok'],
    ['NEXT_HTTP_ERROR_FALLBACK;404', 404, 'error'],
    ['DYNAMIC_SERVER_USAGE', 204, 'ok'],
  ])('lets %s through, as the answer that it is', async (digest, status, ended) => {
    const onThrown = () => expect.fail('it is no crash')
    const answer = Object.assign(new Error(digest), { digest })
    const handler = waybillRoute(waybill, () => raise(answer), { onThrown })
    const request = new Request('https://shop.example/api/orders', { headers: { a: 'b' } })
    expect(await thrownBy(() => handler(request))).toBe(answer)
    expect(steps).toMatchObject([{ status: ended, attributes: { 'http.response.status_code': status } }])
    expect(faults).toEqual([])
  })

  test('leaves alone what is prerendered, where there is no request', async () => {
    const handler = waybillRoute(waybill, () => raise(new Error('never')))
    const request = new Request('https://shop.example/api/orders')
    expect(await thrownBy(() => handler(request))).toMatchObject({ message: 'never' })
    expect(steps).toEqual([])
  })

  test('takes a route of your own, and needs no parameters', async () => {
    const handler = waybillRoute(waybill, () => new Response(), { hop: 'webhook', route: () => '/hooks/[carrier]' })
    await handler(new Request('https://shop.example/hooks/dhl', { headers: { a: 'b' } }))
    expect(steps).toMatchObject([{ hop: 'webhook', name: 'GET /hooks/[carrier]' }])
  })
})

describe('waybillAction', () => {
  test('runs under what its first argument claims, with the others', async () => {
    const reference = mintReference()
    const spanId = mintSpanId()
    const headers = {
      traceparent: traceparentOf(traceIdOf(reference), { spanId }),
      'Trace-Reference': reference,
      'Trace-Attempt': '2',
    }
    const action = waybillAction(waybill, 'Request refund', async (...args: [string, number]) => {
      await sleep(1)
      return [...args, waybill.current()?.reference]
    })
    expect(await action(headers, 'A-1001', 7)).toEqual(['A-1001', 7, reference])
    expect(steps).toMatchObject([{ reference, parentId: spanId, attempt: 2, name: 'Request refund', status: 'ok' }])
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'RF7-K29-QXR'],
    ['a wrong check symbol', { 'Trace-Reference': 'RF7-K29-QXS' }],
    ['16 kB', { 'Trace-Reference': 'R'.repeat(16_384), traceparent: '0'.repeat(16_384) }],
    ['line breaks', { 'Trace-Reference': 'RF7-K29-QXR\r\nset-cookie: a=b' }],
    ['objects', { 'Trace-Reference': ['RF7-K29-QXR'] }],
    ['what throws when it is looked at', new Proxy({}, { get: () => expect.fail('a temporary reference') })],
  ])('does not believe %s', async (_, headers) => {
    const action = waybillAction(waybill, 'Request refund', async () => waybill.current()?.reference)
    const reference = await action(headers as never)
    expect(reference).toMatch(/^[A-Z\d]{3}(-[A-Z\d]{3}){2}$/)
    expect(reference).not.toBe('RF7-K29-QXR')
    expect(steps).toMatchObject([{ reference, status: 'ok' }])
  })

  test('throws what it threw, with the reference as its digest, and keeps 300 apart', async () => {
    const action = waybillAction(waybill, 'Request refund', async (error: Error) => {
      await sleep(Math.random() * 10)
      throw error
    })
    const wrong = await Promise.all(
      Array.from({ length: 300 }, async () => {
        const reference = mintReference()
        const error = new RangeError('no')
        const thrown = await thrownBy(() => action({ 'Trace-Reference': reference }, error))
        return thrown !== error || Object(thrown).digest !== reference
      }),
    )
    expect(wrong.filter(Boolean)).toEqual([])
    expect(new Set(steps.map((step) => step.reference)).size).toBe(300)
  })

  test('finds the claim in the fields of a form, wherever among the arguments', async () => {
    const reference = mintReference()
    const form = new FormData()
    form.set('Trace-Reference', reference)
    const action = waybillFormAction(waybill, 'Place order', async (_state: null, sent: FormData) => [
      sent === form,
      waybill.current()?.reference,
    ])
    expect(await action(null, form)).toEqual([true, reference])
    const files = new FormData()
    files.set('Trace-Reference', new Blob(['x']))
    expect((await action(null, files))[1]).toBe(steps[1]?.reference)
  })
})

describe('the digest', () => {
  const crash = (error: unknown, reference = mintReference()): Promise<unknown> => {
    const headers = async () => new Headers({ 'Trace-Reference': reference })
    return thrownBy(() => waybillComponent(waybill, () => raise(error), { headers })({}))
  }

  test('of one error that several requests meet is each one’s own, and of its class still', async () => {
    const shared = new RangeError('the connection was lost')
    const references = [mintReference(), mintReference(), mintReference()]
    const thrown = await Promise.all(references.map((reference) => crash(shared, reference)))
    expect(thrown.map((error) => Object(error).digest)).toEqual(references)
    for (const error of thrown) {
      expect(error).toBeInstanceOf(RangeError)
      expect([Object(error).message, Object(error).stack]).toEqual([shared.message, shared.stack])
    }
  })

  test.each(['NEXT_REDIRECT;push;/a;307;', 'NEXT_HTTP_ERROR_FALLBACK;404', 'DYNAMIC_SERVER_USAGE', 'SOLD_OUT'])(
    '%s stays, and so does the error',
    async (digest) => {
      const error = Object.assign(new Error('x'), { digest })
      expect(await crash(error)).toBe(error)
      expect(error.digest).toBe(digest)
    },
  )

  test('takes the place of Next.js’s hash, and goes onto a frozen error, too', async () => {
    const reference = mintReference()
    expect(await crash(Object.assign(new Error('x'), { digest: '307453598' }), reference)).toMatchObject({
      digest: reference,
    })
    const frozen = Object.freeze(new TypeError('x'))
    const thrown = await crash(frozen, reference)
    expect(thrown).toMatchObject({ digest: reference, message: 'x' })
    expect(thrown).toBeInstanceOf(TypeError)
  })

  test.each(['text', 7, null, undefined])('is not put onto %s, which is thrown on as it is', async (value) => {
    expect(await crash(value)).toBe(value)
  })
})

describe('requestErrors', () => {
  const request = { path: '/orders/A-1001?card=4242', method: 'GET', headers: { cookie: 'secret' } }
  const context = { routePath: '/orders/[id]', routeType: 'render' }

  test('makes a step under the request’s reference, by the route and with the digest, and says so in one line', () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const reference = mintReference()
    const headers = { ...request.headers, 'trace-reference': reference }
    const error = Object.assign(new RangeError('no'), { digest: '307453598' })
    requestErrors(waybill)(error, { ...request, headers }, context)
    expect(steps).toMatchObject([
      {
        reference,
        name: 'GET /orders/[id]',
        status: 'error',
        error: { type: 'RangeError' },
        facts: { digest: '307453598' },
        attributes: { 'http.route': '/orders/[id]', 'http.request.method': 'GET' },
      },
    ])
    expect(printed.mock.calls).toEqual([[`[waybill] GET /orders/[id] failed under ${reference} (digest 307453598)`]])
    expect(JSON.stringify(steps)).not.toMatch(/\b4242\b|A-1001|secret/)
    printed.mockRestore()
  })

  test('believes the digest of an error of ours where the request claims nothing, and calls onThrown under it', async () => {
    const action = waybillAction(waybill, 'Request refund', () => Promise.reject(new Error('no')))
    const told = await thrownBy(() => action({}))
    const component = waybillComponent(waybill, () => Promise.reject(new Error('no')), {
      headers: async () => new Headers(),
    })
    const untold = await thrownBy(() => component({}))
    const heard: unknown[] = []
    const onRequestError = requestErrors(waybill, {
      onThrown: (error) => heard.push([error, waybill.current()?.reference]),
    })
    for (const error of [told, untold]) onRequestError(error, request, context)
    expect(heard).toEqual([told, untold].map((error) => [error, Object(error).digest]))
    // The action has told of itself.
    expect(steps.map((step) => step.name)).toEqual(['Request refund', 'GET /orders/[id]'])
    expect(steps.map((step) => step.reference)).toEqual([told, untold].map((error) => Object(error).digest))
  })

  test('keeps as a fact the digest that Next.js gave it before, and never another customer’s', async () => {
    const onRequestError = requestErrors(waybill, { onThrown: () => undefined })
    for (const digest of ['307453598', mintReference()]) {
      const error = Object.assign(new Error('no'), { digest })
      const component = waybillComponent(waybill, () => raise(error), { headers: async () => new Headers() })
      onRequestError(await thrownBy(() => component({})), request, context)
    }
    expect(steps.map((step) => step.facts)).toEqual([{ digest: '307453598' }, undefined])
  })

  test('a page that is rendered anew in the background is nobody’s', () => {
    const reference = mintReference()
    const headers = { 'trace-reference': reference }
    requestErrors(waybill, { onThrown: () => undefined })(
      new Error('no'),
      { ...request, headers },
      { ...context, revalidateReason: 'stale' },
    )
    expect(steps[0]?.reference).not.toBe(reference)
  })

  test('what goes wrong in it stays in it', () => {
    const onThrown = () => expect.fail('the logger is gone')
    requestErrors(waybill, { onThrown })(undefined, request, context)
    expect(faults).toHaveLength(1)
  })
})

test('tracedHeaders keeps what is claimed and valid, mints otherwise, and leaves the request’s own headers alone', () => {
  const reference = mintReference()
  const traceparent = traceparentOf(traceIdOf(reference))
  expect(tracedHeaders(waybill, new Headers({ traceparent, a: 'b' })).get('trace-reference')).toBe(reference)
  const forged = new Headers({ 'Trace-Reference': 'RF7-K29-QXS' })
  const traced = tracedHeaders(waybill, forged)
  expect(forged.get('trace-reference')).toBe('RF7-K29-QXS')
  expect(traced.get('traceparent')).toContain(traceIdOf(waybill.accept(traced).reference))
})

test('deliverToRewrite forwards the path of the browser’s deliverTo, and refuses what cannot work', () => {
  expect(deliverToRewrite('https://desk.shop.example/waybill/', { path: '/dull' })).toEqual({
    source: '/dull/v1/traces',
    destination: 'https://desk.shop.example/waybill/v1/traces',
  })
  expect(deliverToRewrite('http://127.0.0.1:4100').destination).toBe('http://127.0.0.1:4100/v1/traces')
  for (const desk of ['', 'desk.shop.example', 'file:///desk'])
    expect(() => deliverToRewrite(desk)).toThrow('[waybill]')
  for (const path of ['waybill', '/waybill/', '']) {
    expect(() => deliverToRewrite('https://desk.shop.example', { path })).toThrow('[waybill]')
  }
})
