import { once } from 'node:events'
import { createServer, get, request as nodeRequest } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { parseTraceparent } from '@waybill/reference'
import { createWaybill } from '@waybill/server'
import { traceOutgoing } from '@waybill/server/http-out'
import type { Step } from '@waybill/trail'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listen } from '../fixtures/listen.ts'

let steps: Step[] = []
let seen: IncomingHttpHeaders[] = []
let faults: unknown[] = []
const waybill = createWaybill({
  service: 'shop-api',
  onStep: (step) => steps.push(step),
  onError: (error) => faults.push(error),
})
const server = createServer((request, response) => {
  seen.push(request.headers)
  if (request.url?.startsWith('/hang')) return
  if (request.url?.startsWith('/moved')) response.writeHead(302, { location: '/orders' })
  else response.writeHead(request.url === '/no' ? 503 : 200)
  response.end('hello')
})
let origin: string
let port: number
let stop: () => void = () => undefined

beforeAll(async () => {
  origin = (await listen(server)).origin
  port = Number(new URL(origin).port)
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  steps = []
  seen = []
  faults = []
})
afterEach(() => {
  stop()
  expect(faults).toEqual([])
})

function inContext<T>(fn: () => T): T {
  return waybill.resume(waybill.mint(), fn)
}

describe('traceOutgoing', () => {
  test('gives fetch the reference of the context in force, with the step in force as the cause', async () => {
    stop = traceOutgoing(waybill, { origins: [origin] })
    await inContext(() =>
      waybill.run({ hop: 'worker', name: 'refunds', attempt: 2 }, async () => {
        await (await fetch(`${origin}/orders`, { method: 'POST', body: 'x' })).text()
      }),
    )
    const parent = parseTraceparent(seen[0]?.traceparent)
    expect(parent).toMatchObject({ traceId: steps[0]?.traceId, spanId: steps[0]?.id })
    expect(seen[0]).toMatchObject({ 'trace-reference': steps[0]?.reference, 'trace-attempt': '2' })
    expect(steps).toHaveLength(1)
  })

  test('reaches clients on node:http, but not with headers that Node has put together already', async () => {
    stop = traceOutgoing(waybill, { origins: [origin] })
    await inContext(async () => {
      const [response] = await once(get(`${origin}/orders`), 'response')
      response.resume()
      const [second] = await once(nodeRequest({ port, host: '127.0.0.1', headers: ['host', 'x'] }).end(), 'response')
      second.resume()
    })
    expect(seen[0]?.['trace-reference']).toMatch(/-/)
    expect(seen[1]).not.toHaveProperty('traceparent')
  })

  test('leaves alone: other origins, calls outside of a context, and calls with a traceparent', async () => {
    stop = traceOutgoing(waybill, { origins: [origin] })
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    await fetch(`${origin}/orders`)
    await inContext(async () => {
      await fetch(`http://localhost:${port}/orders`).catch(() => undefined)
      await fetch(`${origin}/orders`, { headers: { traceparent } })
      const [response] = await once(get(`${origin}/orders`, { headers: { TraceParent: traceparent } }), 'response')
      response.resume()
      // The Host header names the listed origin; the connection goes elsewhere.
      const other = get(`http://localhost:${port}/orders`, { headers: { host: `127.0.0.1:${port}` } })
      await once(other, 'response')
        .then(([each]) => each.resume())
        .catch(() => undefined)
    })
    expect(seen.length).toBeGreaterThan(2)
    expect(new Set(seen.map((headers) => headers.traceparent))).toEqual(new Set([undefined, traceparent]))
    expect(seen.every((headers) => headers['trace-reference'] === undefined)).toBe(true)
  })

  test('records each request as a step where a hop is told, redirects and failures included', async () => {
    stop = traceOutgoing(waybill, { origins: [{ origin, hop: 'model' }] })
    await inContext(async () => {
      await (await fetch(`${origin}/moved?key=secret`)).text()
      await (await fetch(`${origin}/no`)).text()
      await fetch(`${origin}/hang/A-1001`, { signal: AbortSignal.timeout(50) }).catch(() => undefined)
      const [response] = await once(get(`${origin}/orders`), 'response')
      response.resume()
      const hanging = get(`${origin}/hang`, { signal: AbortSignal.timeout(50) })
      await once(hanging, 'response').catch(() => undefined)
    })
    expect(steps.map(({ name, status, error }) => [name, status, error?.type])).toEqual([
      ['GET /moved', 'ok', undefined],
      ['GET /orders', 'ok', undefined],
      ['GET /no', 'error', '503'],
      ['GET /hang/:id', 'error', 'timeout'],
      ['GET /orders', 'ok', undefined],
      ['GET /hang', 'error', 'timeout'],
    ])
    const parents = seen.map((headers) => parseTraceparent(headers.traceparent)?.spanId)
    expect(new Set(parents)).toEqual(new Set(steps.map((step) => step.id)))
    expect(JSON.stringify(steps)).not.toMatch(/secret|A-1001/)
  })

  test('stops, and refuses at once what is no exact origin', async () => {
    traceOutgoing(waybill, { origins: [origin] })()
    await inContext(() => fetch(`${origin}/orders`))
    expect(seen[0]).not.toHaveProperty('traceparent')
    for (const wrong of ['https://api.example/v1', 'api.example', 'https://*.example', 'https://api.example/']) {
      expect(() => traceOutgoing(waybill, { origins: [wrong] })).toThrow(/no exact origin/)
    }
  })
})
