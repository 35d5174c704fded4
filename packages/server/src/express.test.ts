import { once } from 'node:events'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { createWaybill } from '@waybill/server'
import { waybillErrors, waybillMiddleware } from '@waybill/server/express'
import type { Step } from '@waybill/trail'
import express from 'express'
import type { Express } from 'express'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

const express4 = createRequire(import.meta.url)('express4') as typeof express

let steps: Step[] = []
const waybill = createWaybill({ service: 'shop-api', onStep: (step) => steps.push(step) })
const stops: (() => unknown)[] = []

beforeEach(() => {
  steps = []
})
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
  vi.restoreAllMocks()
})

async function start(app: Express): Promise<string> {
  const server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  stops.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function namesOf(app: Express, ...paths: readonly string[]): Promise<readonly unknown[]> {
  const origin = await start(app)
  for (const path of paths) await (await fetch(origin + path)).text()
  await expect.poll(() => steps.length).toBe(paths.length)
  return steps.map(({ name, attributes }) => [name, attributes?.['http.route']])
}

describe.each([
  ['5', express, '/*splat'],
  ['4', express4, '/*'],
])('Express %s', (_, framework, everything) => {
  test('names what a failing handler behind routers belongs to, though the error has left them', async () => {
    const app = framework()
    app.use(waybillMiddleware(waybill))
    const items = framework.Router({ mergeParams: true })
    items.get('/', () => {
      throw new Error('no')
    })
    items.get('/:item', (_request, _response, next) => void setImmediate(() => next(new Error('no'))))
    const orders = framework.Router().use('/orders/:order/items', items)
    app.use('/v1/customers/:customer', orders)
    app.use(waybillErrors(waybill, { onThrown: () => {} }))
    expect(await namesOf(app, '/v1/customers/42/orders/A-1/items/?x=1', '/v1/customers/42/orders/A-1/items/7')).toEqual(
      [
        ['GET /v1/customers/:id/orders/:id/items', '/v1/customers/:id/orders/:id/items'],
        ['GET /v1/customers/:id/orders/:id/items/:item', '/v1/customers/:id/orders/:id/items/:item'],
      ],
    )
  })

  test('names prefixes by their parameters where the handler sees them', async () => {
    const app = framework()
    app.use(waybillMiddleware(waybill))
    const tenant = framework.Router({ mergeParams: true })
    tenant.get('/', (_request, response) => void response.send('home'))
    tenant.get('/orders/:id', (_request, response) => void response.send('order'))
    app.use('/:tenant', tenant)
    expect(await namesOf(app, '/acme/orders/1', '/caf%C3%A9%20noir/')).toEqual([
      ['GET /:tenant/orders/:id', '/:tenant/orders/:id'],
      ['GET /:tenant', '/:tenant'],
    ])
  })

  test('masks the path behind patterns that are no text, and knows what fits everything as no route', async () => {
    const app = framework()
    app.use(waybillMiddleware(waybill))
    app.get(/^\/files\/(\d+)$/, (_request, response) => void response.send('file'))
    app.get(['/a/:id', '/b/:id'], (_request, response) => void response.send('either'))
    app.get('/', (_request, response) => void response.send('root'))
    app.all(`/api${everything}`, (_request, _response, next) => next())
    app.get(`/files${everything}`, (_request, response) => void response.send('files'))
    app.all(everything, (_request, response) => void response.status(404).send('nothing'))
    expect(await namesOf(app, '/files/17', '/b/17', '/', '/nowhere/17', '/api/nowhere', '/files/a/b')).toEqual([
      ['GET /files/:id', '/files/:id'],
      ['GET /b/:id', '/b/:id'],
      ['GET /', '/'],
      ['GET /nowhere/:id', undefined],
      ['GET /api/nowhere', undefined],
      [`GET /files${everything}`, `/files${everything}`],
    ])
  })

  test('takes status, headers and words from the error as Express does', async () => {
    const app = framework()
    app.use(waybillMiddleware(waybill))
    app.use(framework.json())
    app.post('/', () => {})
    app.get('/busy', (_request, response, next) => {
      response.set({ ETag: '"of what is not sent"', 'Content-Encoding': 'gzip', 'Content-Length': '9' })
      next(Object.assign(new Error('inside'), { status: 503, headers: { 'Retry-After': '7' } }))
    })
    app.get('/set', (_request, response, next) => next(response.status(410) && new Error('inside')))
    app.get('/odd', (_request, _response, next) => next(Object.assign(new Error('inside'), { status: 200 })))
    app.get('/text', (_request, _response, next) => next('inside'))
    const thrown: unknown[] = []
    app.use(waybillErrors(waybill, { onThrown: (error) => thrown.push(error) }))
    const origin = await start(app)
    const headers = { 'Content-Type': 'application/json' }
    const malformed = await fetch(origin, { method: 'POST', headers, body: '{"a":' })
    expect([malformed.status, (await malformed.json()).detail]).toEqual([400, expect.stringContaining('JSON')])
    const busy = await fetch(`${origin}/busy`)
    expect([busy.status, busy.headers.get('retry-after'), busy.headers.get('etag')]).toEqual([503, '7', null])
    expect((await busy.json()).detail).toBeUndefined()
    expect((await fetch(`${origin}/set`)).status).toBe(410)
    expect((await fetch(`${origin}/odd`)).status).toBe(500)
    expect((await fetch(`${origin}/text`)).status).toBe(500)
    expect(thrown).toHaveLength(5)
  })

  test('says on the console what was thrown, as Express does, and not where `env` is `test`', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
    const app = framework()
    app.use(waybillMiddleware(waybill))
    app.get('/orders/:id', () => {
      throw new RangeError('no')
    })
    app.use(waybillErrors(waybill))
    const origin = await start(app)
    app.set('env', 'production')
    const { reference } = await (await fetch(`${origin}/orders/A-1`)).json()
    expect(printed.mock.calls).toHaveLength(1)
    expect(printed.mock.lastCall?.[0]).toContain(`[waybill] GET /orders/:id failed under ${reference}: RangeError: no`)
    app.set('env', 'test')
    await fetch(`${origin}/orders/A-1`)
    expect(printed.mock.calls).toHaveLength(1)
  })

  test('keeps the reference on the page that Express itself makes of an error, which clears headers', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const app = framework()
    app.use(waybillMiddleware(waybill))
    app.get('/', () => {
      throw new Error('no')
    })
    const response = await fetch(await start(app))
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
    await expect.poll(() => steps.length).toBe(1)
    expect(response.headers.get('trace-reference')).toBe(steps[0]?.reference)
  })

  test('hands on an error that comes after the headers, and says what broke the answer off', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const app = framework()
    app.use(waybillMiddleware(waybill))
    app.get('/', (_request, response, next) => {
      response.write('begun', () => next(new RangeError('no')))
    })
    app.use(waybillErrors(waybill))
    const response = await fetch(await start(app))
    await expect(response.text()).rejects.toThrow()
    await expect.poll(() => steps.length).toBe(1)
    expect(steps).toMatchObject([{ status: 'error', error: { type: 'RangeError' } }])
  })

  test('answers without a reference what is not served', async () => {
    const app = framework()
    app.use(waybillMiddleware(waybill, { ignore: () => true }))
    app.get('/', () => {
      throw new Error('no')
    })
    app.use(waybillErrors(waybill, { onThrown: () => {} }))
    const response = await fetch(await start(app))
    expect(await response.json()).toEqual({ title: 'The request could not be completed.', status: 500 })
    expect(steps).toEqual([])
  })
})
