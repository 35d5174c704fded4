import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, constants, createServer as createServer2 } from 'node:http2'
import type { ClientHttp2Session, IncomingHttpHeaders } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { mintReference } from '@waybill/reference'
import { createWaybill } from '@waybill/server'
import { waybillListener } from '@waybill/server/node'
import type { Step } from '@waybill/trail'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { listen } from '../fixtures/listen.ts'
import type { Shop } from '../fixtures/shops/Shop.ts'

let steps: Step[] = []
const waybill = createWaybill({ service: 'shop-api', onStep: (step) => steps.push(step) })

beforeEach(() => {
  steps = []
})

describe('the listener of node:http', () => {
  let shop: Shop
  afterEach(async () => {
    await shop.stop()
    vi.restoreAllMocks()
  })

  test('says on the console what was thrown, with the route', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
    const listener = waybillListener(waybill, () => Promise.reject(new RangeError('no')), {
      route: () => '/orders/:id',
    })
    shop = await listen(createServer(listener))
    const response = await fetch(`${shop.origin}/orders/A-1`)
    const { reference } = await response.json()
    expect(printed.mock.calls).toHaveLength(1)
    expect(printed.mock.lastCall?.[0]).toContain(`[waybill] GET /orders/:id failed under ${reference}: RangeError: no`)
  })

  test('closes the connection where something is thrown after the headers', async () => {
    const thrown: unknown[] = []
    const listener = waybillListener(
      waybill,
      async (_request, response) => {
        await new Promise<void>((resolve) => response.write('begun', () => resolve()))
        throw new RangeError('no')
      },
      { onThrown: (error) => thrown.push(error) },
    )
    shop = await listen(createServer(listener))
    const response = await fetch(shop.origin)
    await expect(response.text()).rejects.toThrow()
    await expect.poll(() => steps.length).toBe(1)
    expect(steps).toMatchObject([{ status: 'error', error: { type: 'RangeError' } }])
    expect(thrown).toHaveLength(1)
  })

  test.each([
    ['the application failed all the same', new RangeError('no'), ['aborted', 'RangeError']],
    ['its parser only says that the caller left', Object.assign(new Error('no'), { code: 'ECONNRESET' }), ['aborted']],
  ])('after the caller went away, %s', async (_, thrown, told) => {
    const [arrived, leave] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const done = Promise.withResolvers<void>()
    const listener = waybillListener(
      waybill,
      async () => {
        arrived.resolve()
        await leave.promise
        waybill.effect('none')
        throw thrown
      },
      { onThrown: () => done.resolve() },
    )
    shop = await listen(createServer(listener))
    const leaving = new AbortController()
    const asked = fetch(shop.origin, { signal: leaving.signal }).catch(() => undefined)
    await arrived.promise
    leaving.abort()
    await asked
    await expect.poll(() => steps.length).toBe(1)
    leave.resolve()
    await done.promise
    await expect.poll(() => steps.map(({ error }) => error?.type)).toEqual(told)
    expect(steps.at(-1)?.effect).toBe(told.length > 1 ? 'none' : undefined)
    expect(new Set(steps.map(({ id }) => id)).size).toBe(1)
  })

  test('adds to headers in every form in which they are set', async () => {
    const listener = waybillListener(
      waybill,
      (request, response) => {
        if (request.url === '/flat')
          response.writeHead(200, ['Server-Timing', 'a', 'Server-Timing', 'b', 'X-Own', 'yes'])
        else {
          response.setHeader('access-control-expose-headers', ['ETag', 'Link'])
          response.writeHead(200, 'fine', { 'server-timing': ['a', 'b'] })
        }
        response.end()
      },
      { hop: 'webhook' },
    )
    shop = await listen(createServer(listener))
    const flat = await fetch(`${shop.origin}/flat`)
    expect(flat.headers.get('server-timing')).toMatch(/^a, b, traceparent;desc="00-[^"]+"$/)
    expect(flat.headers.get('x-own')).toBe('yes')
    const lists = await fetch(`${shop.origin}/`)
    expect(lists.headers.get('server-timing')).toMatch(/^a, b, traceparent;desc=/)
    expect(lists.headers.get('access-control-expose-headers')).toBe('ETag, Link, Trace-Reference')
    expect(lists.statusText).toBe('fine')
    await expect.poll(() => steps.map(({ hop }) => hop)).toEqual(['webhook', 'webhook'])
  })
})

describe('the listener of node:http2', () => {
  let client: ClientHttp2Session
  let stop: () => void
  const start = async (listener: Parameters<typeof createServer2>[1]): Promise<void> => {
    const server = createServer2(listener).listen(0, '127.0.0.1')
    await once(server, 'listening')
    client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    stop = () => void (client.destroy(), server.close())
  }
  afterEach(() => stop())

  test('serves, echoes, answers errors and ends aborted requests like that of HTTP/1', async () => {
    const arrived = Promise.withResolvers<void>()
    await start(
      waybillListener(
        waybill,
        async ({ url }, response) => {
          if (url === '/fails') throw new RangeError('no')
          if (url === '/slow') return arrived.resolve()
          await new Promise((resolve) => setImmediate(resolve))
          response.end(String(waybill.current()?.reference))
        },
        { onThrown: () => {} },
      ),
    )
    const reference = mintReference()
    const ask = async (headers: Record<string, string>): Promise<[IncomingHttpHeaders, string]> => {
      const stream = client.request(headers)
      const [answered]: IncomingHttpHeaders[] = await once(stream, 'response')
      return [answered!, await text(stream)]
    }
    const [headers, body] = await ask({ ':path': '/', 'trace-reference': reference })
    expect([body, headers['trace-reference']]).toEqual([reference, reference])
    expect(headers['server-timing']).toContain('traceparent;desc=')
    const [failed, problem] = await ask({ ':path': '/fails' })
    expect(failed).toMatchObject({ ':status': 500, 'content-type': 'application/problem+json' })
    expect(JSON.parse(problem).reference).toBe(failed['trace-reference'])
    const slow = client.request({ ':path': '/slow' })
    slow.on('error', () => {})
    await arrived.promise
    slow.close(constants.NGHTTP2_CANCEL)
    await expect.poll(() => steps.length).toBe(3)
    expect(steps.map(({ status, error }) => error?.type ?? status)).toEqual(['ok', 'RangeError', 'aborted'])
    expect(steps[2]?.attributes).not.toHaveProperty('http.response.status_code')
  })
})
