import { createServer } from 'node:http'
import { Router } from '@koa/router'
import { createWaybill } from '@waybill/server'
import { waybillMiddleware } from '@waybill/server/koa'
import type { Step } from '@waybill/trail'
import Koa from 'koa'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { listen } from '../fixtures/listen.ts'
import type { Shop } from '../fixtures/shops/Shop.ts'

let steps: Step[] = []
let shop: Shop | undefined
const waybill = createWaybill({ service: 'shop-api', onStep: (step) => steps.push(step) })

beforeEach(() => {
  steps = []
})
afterEach(async () => {
  await shop?.stop()
  vi.restoreAllMocks()
})

async function start(app: Koa): Promise<string> {
  shop = await listen(createServer(app.callback()))
  return shop.origin
}

test('keeps Koa’s own ways with an error: the event, the console, status, headers, and the rest cleared', async () => {
  const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
  const app = new Koa()
  app.use(waybillMiddleware(waybill))
  app.use((ctx) => {
    ctx.set({ ETag: '"of what is not sent"', 'X-Own': 'yes' })
    ctx.status = 200
    const error = new RangeError('inside')
    if (ctx.path === '/busy') throw Object.assign(error, { status: 503, headers: { 'Retry-After': '7' } })
    if (ctx.path === '/text') throw 'a text'
    throw error
  })
  const events: unknown[] = []
  const origin = await start(app)
  app.on('error', (error, ctx) => events.push(error.message, ctx.path))
  const broken = await fetch(`${origin}/`)
  expect([broken.status, broken.statusText]).toEqual([500, 'Internal Server Error'])
  expect([broken.headers.get('etag'), broken.headers.get('x-own')]).toEqual([null, null])
  expect(await broken.json()).toMatchObject({ status: 500, reference: broken.headers.get('trace-reference') })
  const busy = await fetch(`${origin}/busy`)
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '7'])
  const text = await fetch(`${origin}/text`)
  expect(await text.json()).not.toHaveProperty('detail')
  expect(events).toEqual(['inside', '/', 'inside', '/busy', 'non-error thrown: "a text"', '/text'])
  expect(printed).toHaveBeenCalledTimes(3)
  await expect.poll(() => steps.length).toBe(3)
  expect(steps.map(({ error }) => error?.type)).toEqual(['RangeError', 'RangeError', '500'])
})

test('leaves the answers of middleware around it, and of an own `onerror`, as they are', async () => {
  const app = new Koa()
  app.silent = true
  app.use(async (ctx, next) => {
    try {
      await next()
    } catch (error) {
      if (ctx.path === '/on') throw error
      ctx.body = { mine: true }
    }
  })
  app.use(waybillMiddleware(waybill))
  app.use(() => {
    throw new Error('no')
  })
  Object.assign(app.context, {
    onerror(this: Koa.Context, error: unknown) {
      if (error) this.res.writeHead(418).end('mine')
    },
  })
  const origin = await start(app)
  const around = await fetch(origin)
  expect(await around.json()).toEqual({ mine: true })
  const own = await fetch(`${origin}/on`)
  expect([own.status, await own.text()]).toEqual([418, 'mine'])
  await expect.poll(() => steps.length).toBe(2)
  expect([around, own].map(({ headers }) => headers.get('trace-reference'))).toEqual(
    steps.map(({ reference }) => reference),
  )
})

test('names nested routers with their prefixes, masks patterns that are no text, and knows what fits everything as no route', async () => {
  const items = new Router().get('/items/:item', (ctx) => void (ctx.body = 'item'))
  const api = new Router({ prefix: '/api' }).use('/orders/:order', items.routes())
  api.use(async (_ctx, next) => next())
  api.all('/any', (ctx) => void (ctx.body = 'any'))
  api.post('/only', (ctx) => void (ctx.body = 'only'))
  const files = new Router().get(/^\/files\/\d+$/, (ctx) => void (ctx.body = 'file'))
  const guarded = new Router().all('/guarded/*path', (_ctx, next) => next())
  const rest = new Router().all('/{*path}', (ctx) => void (ctx.status = 404))
  const app = new Koa()
  app.use(waybillMiddleware(waybill))
  app.use(api.routes()).use(api.allowedMethods()).use(files.routes()).use(guarded.routes()).use(rest.routes())
  const origin = await start(app)
  for (const path of ['/api/orders/A-1/items/7', '/api/any', '/files/17', '/nowhere/17', '/guarded/nowhere'])
    await (await fetch(origin + path)).text()
  await expect.poll(() => steps.length).toBe(5)
  expect(steps.map(({ name, attributes }) => [name, attributes?.['http.route']])).toEqual([
    ['GET /api/orders/:order/items/:item', '/api/orders/:order/items/:item'],
    ['GET /api/any', '/api/any'],
    ['GET /files/:id', '/files/:id'],
    ['GET /nowhere/:id', undefined],
    ['GET /guarded/nowhere', undefined],
  ])
})
