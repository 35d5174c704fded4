import { createRequire } from 'node:module'
import { Writable } from 'node:stream'
import { mintReference } from '@waybill/reference'
import { createWaybill } from '@waybill/server'
import { waybillPlugin } from '@waybill/server/fastify'
import { waybillMixin } from '@waybill/server/pino'
import type { Step } from '@waybill/trail'
import { fastify } from 'fastify'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const fastify4 = createRequire(import.meta.url)('fastify4') as typeof fastify

let steps: Step[] = []
const waybill = createWaybill({ service: 'shop-api', onStep: (step) => steps.push(step) })

beforeEach(() => {
  steps = []
})

describe.each([
  ['5', fastify],
  ['4', fastify4],
])('Fastify %s', (_, framework) => {
  let app: FastifyInstance
  const start = (): FastifyInstance => {
    app = framework()
    app.register(waybillPlugin(waybill))
    return app
  }
  afterEach(() => app.close())

  test('serves what is injected as what comes over the wire', async () => {
    start().get('/orders/:id', async () => ({ reference: waybill.current()?.reference }))
    const reference = mintReference()
    const response = await app.inject({ url: '/orders/A-1', headers: { 'trace-reference': reference } })
    expect(response.json()).toEqual({ reference })
    expect(response.headers['trace-reference']).toBe(reference)
    await expect.poll(() => steps.length).toBe(1)
    expect(steps).toMatchObject([{ reference, name: 'GET /orders/:id', status: 'ok' }])
  })

  test('keeps what a validation says to the caller', async () => {
    const schema = { body: { type: 'object', required: ['amount'], properties: { amount: { type: 'number' } } } }
    start().post('/refunds', { schema }, async () => ({}))
    const response = await app.inject({ method: 'POST', url: '/refunds', payload: { amount: 'much' } })
    expect(response.statusCode).toBe(400)
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json\b/)
    const { reference, ...said } = response.json()
    expect(said).toEqual({
      title: 'The request could not be completed.',
      status: 400,
      detail: 'body/amount must be number',
    })
    await expect.poll(() => steps.length).toBe(1)
    expect(steps).toMatchObject([{ reference, error: { type: '400' }, attributes: { 'http.route': '/refunds' } }])
  })

  test('leaves handlers of scopes and answers with a schema as they are, and takes what a handler sends back to Fastify', async () => {
    start()
    app.register(async (scope) => {
      scope.setErrorHandler((error, _request, reply) =>
        reply.code(500).send({ error: 'mine', about: Object(error).message }),
      )
      scope.get('/scoped', async () => {
        throw new Error('no')
      })
    })
    app.register(async (scope) => {
      scope.setErrorHandler((error, _request, reply) => reply.send(error))
      scope.get('/back', async () => {
        throw new RangeError('no')
      })
    })
    const schema = {
      response: { 500: { type: 'object', properties: { code: { type: 'string' }, own: { type: 'boolean' } } } },
    }
    app.get('/schema', { schema }, async () => {
      throw Object.assign(new Error('no'), { code: 'E_OWN', own: true })
    })
    app.get('/fails', async () => {
      throw 'a text'
    })
    app.get('/object', async () => {
      throw { card: '4242' }
    })
    expect((await app.inject('/scoped')).json()).toEqual({ error: 'mine', about: 'no' })
    expect((await app.inject('/back')).json()).toMatchObject({ status: 500, reference: steps[1]?.reference })
    expect((await app.inject('/schema')).json()).toEqual({ code: 'E_OWN', own: true })
    for (const path of ['/fails', '/object']) {
      const failed = await app.inject(path)
      expect(failed.json()).toEqual({
        title: 'The request could not be completed.',
        status: 500,
        reference: expect.any(String),
      })
    }
    await expect.poll(() => steps.length).toBe(5)
    expect(steps.map(({ error }) => error?.type)).toEqual(['500', 'RangeError', 'E_OWN', '500', '500'])
  })

  test('knows what fits everything as no route, and a file behind a wildcard as one', async () => {
    start()
    app.get('/files/*', async (_request, reply) => reply.code(404).send({}))
    app.all('*', async (_request, reply) => reply.code(404).send({}))
    await app.inject('/files/a/b')
    await app.inject({ method: 'POST', url: '/nowhere/17' })
    await expect.poll(() => steps.length).toBe(2)
    expect(steps.map(({ name, attributes }) => [name, attributes?.['http.route']])).toEqual([
      ['GET /files/*', '/files/*'],
      ['POST /nowhere/:id', undefined],
    ])
  })

  test.each([
    ['which knows nothing of it', false],
    ['with our mixin', true],
  ])('puts the reference on each line of a request’s logger %s, from the first on, once', async (_, isMixed) => {
    let log = ''
    const stream = new Writable({
      write(chunk: Buffer, _, written) {
        log += chunk.toString()
        written()
      },
    })
    app = framework({ logger: { stream, ...(isMixed && { mixin: waybillMixin(waybill) }) } })
    await app.register(waybillPlugin(waybill))
    app.get('/orders/:id', async ({ log }) => {
      log.child({ part: 'child' }).info('inside')
      throw new Error('no')
    })
    const reference = mintReference()
    await app.inject({ url: '/orders/A-1', headers: { 'trace-reference': reference } })
    await expect.poll(() => log.trim().split('\n').length).toBe(4)
    const lines = log.trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['incoming request', 'inside', 'no', 'request completed'])
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({ reference, trace_id: steps[0]?.traceId, span_id: steps[0]?.id })
      if (!isMixed) expect(line.match(/"reference"/g)).toHaveLength(1)
    }
  })

  test('ends with an answer that the application writes itself', async () => {
    start().get('/raw', (_request, reply) => {
      reply.hijack()
      reply.raw.writeHead(200, { 'Content-Type': 'text/event-stream' })
      reply.raw.end('data: 1\n\n')
    })
    const response = await app.inject('/raw')
    await expect.poll(() => steps.length).toBe(1)
    expect(response.headers['trace-reference']).toBe(steps[0]?.reference)
    expect(steps).toMatchObject([{ status: 'ok', attributes: { 'http.response.status_code': 200 } }])
  })
})
