import { setTimeout as sleep } from 'node:timers/promises'
import { mintReference, mintSpanId, traceIdOf, traceparentOf } from '@waybill/reference'
import { createWaybill } from '@waybill/server'
import { traceChannels } from '@waybill/server/channels'
import { waybillPlugin } from '@waybill/server/fastify'
import type { Step } from '@waybill/trail'
import fastify from 'fastify'
import { H3, serve as serveH3 } from 'h3'
import { tracingPlugin as h3Tracing } from 'h3/tracing'
import { serve as serveSrvx } from 'srvx'
import { tracingPlugin as srvxTracing } from 'srvx/tracing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

let steps: Step[] = []
let faults: unknown[] = []
const waybill = createWaybill({
  service: 'shop-api',
  onStep: (step) => steps.push(step),
  onError: (error) => faults.push(error),
})
const said = async (): Promise<unknown> => {
  const before = waybill.current()?.reference
  await sleep(1)
  return { before, reference: waybill.current()?.reference }
}
/** Requests whose handler has begun and answers never. */
let hanging = 0
const hang = (): Promise<never> => {
  hanging++
  return new Promise(() => undefined)
}
const refuse = (): never => {
  throw new RangeError('jane was refused')
}

interface Served {
  readonly origin: string
  readonly hasRoutes: boolean
  stop(): Promise<void>
}

const SERVERS: Readonly<Record<string, () => Promise<Served>>> = {
  async 'fastify 5'() {
    const app = fastify()
    app.get('/orders/:id', said)
    app.get('/wrong', refuse)
    app.get('/hang', hang)
    const origin = await app.listen({ port: 0, host: '127.0.0.1' })
    return { origin, hasRoutes: true, stop: () => app.close() }
  },
  async 'h3 2'() {
    const app = new H3({ plugins: [h3Tracing()], silent: true })
    app.use(async (_event, next) => next())
    app.use(() => undefined)
    app.get('/orders/:id', said)
    app.get('/wrong', refuse)
    app.get('/hang', hang)
    const server = serveH3(app, { port: 0, hostname: '127.0.0.1', silent: true })
    await server.ready()
    return { origin: String(server.url).replace(/\/$/, ''), hasRoutes: true, stop: () => server.close(true) }
  },
  async srvx() {
    const server = serveSrvx({
      port: 0,
      hostname: '127.0.0.1',
      silent: true,
      plugins: [srvxTracing()],
      error: () => new Response('no', { status: 500 }),
      async fetch(request) {
        const { pathname } = new URL(request.url)
        if (pathname === '/wrong') refuse()
        if (pathname === '/hang') await hang()
        return Response.json(await said())
      },
    })
    await server.ready()
    return { origin: String(server.url).replace(/\/$/, ''), hasRoutes: false, stop: () => server.close(true) }
  },
}

let stop: () => void = () => undefined
beforeEach(() => {
  steps = []
  faults = []
  hanging = 0
  stop = traceChannels(waybill)
})
afterEach(() => {
  stop()
  expect(faults).toEqual([])
})

describe.each(Object.entries(SERVERS))('traceChannels with %s', (_, start) => {
  let server: Served

  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.stop())

  test('serves a request under the reference that it claims, once, and answers with it', async () => {
    const reference = mintReference()
    const spanId = mintSpanId()
    const headers = { traceparent: traceparentOf(traceIdOf(reference), { spanId }), 'Trace-Reference': reference }
    const response = await fetch(`${server.origin}/orders/A-1001?card=secret`, { headers })
    expect(await response.json()).toEqual({ before: reference, reference })
    expect(response.headers.get('trace-reference')).toBe(reference)
    await expect
      .poll(() => steps)
      .toMatchObject([
        {
          hop: 'api',
          name: 'GET /orders/:id',
          parentId: spanId,
          reference,
          attributes: { 'http.response.status_code': 200, ...(server.hasRoutes && { 'http.route': '/orders/:id' }) },
        },
      ])
    expect(JSON.stringify(steps)).not.toMatch(/secret|A-1001/)
  })

  test('mints for a request that claims nothing, or what does not hold', async () => {
    const first = await fetch(`${server.origin}/orders/7`)
    const second = await fetch(`${server.origin}/orders/7`, { headers: { 'Trace-Reference': 'evil' } })
    await expect.poll(() => steps.length).toBe(2)
    expect(steps.map(({ reference }) => reference)).toEqual([
      first.headers.get('trace-reference'),
      second.headers.get('trace-reference'),
    ])
    expect(steps[1]?.attributes).toMatchObject({ 'waybill.claim.refused': true })
  })

  test('ends the step of a request that fails, and of one that its caller gives up', async () => {
    expect((await fetch(`${server.origin}/wrong`)).status).toBe(500)
    await expect.poll(() => steps).toMatchObject([{ name: 'GET /wrong', error: { type: 'RangeError' } }])
    const controller = new AbortController()
    const given = fetch(`${server.origin}/hang`, { signal: controller.signal }).catch(() => undefined)
    await expect.poll(() => hanging).toBe(1)
    controller.abort()
    await given
    await expect.poll(() => steps[1]).toMatchObject({ name: 'GET /hang', status: 'error', error: { type: 'aborted' } })
    expect(JSON.stringify(steps)).not.toContain('jane')
  })

  test('keeps 200 interleaved requests apart', async () => {
    const wrong = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const reference = mintReference()
        const response = await fetch(`${server.origin}/orders/7`, { headers: { 'Trace-Reference': reference } })
        const { before, reference: after } = Object(await response.json())
        return [before, after, response.headers.get('trace-reference')].some((each) => each !== reference)
      }),
    )
    expect(wrong.filter(Boolean)).toEqual([])
    await expect.poll(() => steps.length).toBe(200)
  })

  test('serves nothing once it is stopped', async () => {
    stop()
    const response = await fetch(`${server.origin}/orders/7`)
    expect(await response.json()).toEqual({})
    expect(response.headers.has('trace-reference')).toBe(false)
  })
})

test('leaves a request alone that our own plugin serves', async () => {
  const app = fastify()
  await app.register(waybillPlugin(waybill))
  app.get('/orders/:id', said)
  app.get('/wrong', refuse)
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  const response = await fetch(`${origin}/orders/7`)
  const reference = response.headers.get('trace-reference')
  expect(await response.json()).toEqual({ before: reference, reference })
  expect(await (await fetch(`${origin}/wrong`)).json()).toHaveProperty('reference')
  await app.close()
  await expect.poll(() => steps.length).toBe(2)
  expect(steps[0]).toMatchObject({ reference, name: 'GET /orders/:id' })
})

test('names no route that fits every path', async () => {
  const app = fastify()
  app.get('/*', said)
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  await (await fetch(`${origin}/orders/A-1001`)).text()
  await app.close()
  await expect.poll(() => steps).toMatchObject([{ name: 'GET /orders/:id' }])
})

test('keeps in force what the application put there around its handler', async () => {
  const app = new H3({ plugins: [h3Tracing()] })
  app.use((_event, next) => waybill.run({ hop: 'tool', name: 'tenant' }, async () => next()))
  app.get('/orders', () => waybill.run({ hop: 'tool', name: 'order' }, () => 'ok'))
  const server = serveH3(app, { port: 0, hostname: '127.0.0.1', silent: true })
  await server.ready()
  await (await fetch(`${server.url}orders`)).text()
  await server.close(true)
  await expect.poll(() => steps.map(({ name }) => name)).toEqual(['order', 'tenant', 'GET /orders'])
  expect(steps.map(({ parentId }) => parentId)).toEqual([steps[1]?.id, steps[2]?.id, undefined])
})

test('both h3 and srvx may tell of one request', async () => {
  const app = new H3({ plugins: [h3Tracing()] }).get('/orders/:id', said)
  const server = serveSrvx({
    port: 0,
    hostname: '127.0.0.1',
    silent: true,
    plugins: [srvxTracing()],
    fetch: (request) => app.fetch(request),
  })
  await server.ready()
  const response = await fetch(`${server.url}orders/7`)
  const reference = response.headers.get('trace-reference')
  expect(await response.json()).toEqual({ before: reference, reference })
  await server.close(true)
  await expect.poll(() => steps.length).toBe(1)
})
