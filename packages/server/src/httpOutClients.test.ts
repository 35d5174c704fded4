import { channel } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, Server } from 'node:http'
import https from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseTraceparent } from '@waybill/reference'
import { createWaybill } from '@waybill/server'
import { traceOutgoing } from '@waybill/server/http-out'
import type { Step } from '@waybill/trail'
import axios from 'axios'
import got from 'got'
import { Agent, RetryAgent, request as undiciRequest } from 'undici'
import { Agent as Agent7, fetch as fetch7 } from 'undici7'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openHttpClients } from '../fixtures/httpClients.ts'

interface Seen {
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly names: readonly string[]
}

let steps: Step[] = []
let seen: Seen[] = []
let faults: unknown[] = []
/** Statuses of the next answers; 200 after them. */
let answers: number[] = []
let stop: () => void = () => undefined
const waybill = createWaybill({
  service: 'shop-api',
  onStep: (step) => steps.push(step),
  onError: (error) => faults.push(error),
})
const clients = openHttpClients()

const server = createServer((request, response) => answer(request.url ?? '', request, response))
const other = createServer((request, response) => answer(request.url ?? '', request, response))
const originOf = (of: Server): string => `http://127.0.0.1:${Object(of.address()).port}`
let origin: string

const answer: (url: string, ...of: Parameters<Parameters<typeof createServer>[1] & {}>) => void = (
  url,
  request,
  response,
) => {
  seen.push({ url, headers: request.headers, names: request.rawHeaders.map((name) => name.toLowerCase()) })
  const status = answers.shift() ?? 200
  // The provider says which request it was, by what it was sent.
  response.setHeader('x-request-id', `req_${parseTraceparent(request.headers.traceparent)?.spanId ?? seen.length}`)
  if (url === '/hang') return
  if (url === '/hinted') response.writeEarlyHints({ link: '</style.css>; rel=preload' })
  if (url === '/elsewhere') response.writeHead(302, { location: `${originOf(other)}/landed` })
  else response.writeHead(status, status === 200 ? {} : { 'retry-after': '0' })
  if (url === '/broken') {
    response.write('half')
    setImmediate(() => response.destroy())
  } else response.end('hello')
}

beforeAll(async () => {
  for (const each of [server, other]) {
    each.listen(0, '127.0.0.1')
    await once(each, 'listening')
  }
  origin = originOf(server)
})
afterAll(async () => {
  await clients.close()
  for (const each of [server, other]) {
    each.closeAllConnections()
    each.close()
  }
})
beforeEach(() => {
  steps = []
  seen = []
  faults = []
  answers = []
})
afterEach(() => {
  stop()
  expect(faults).toEqual([])
})

const spanIds = (): unknown[] => seen.map(({ headers }) => parseTraceparent(headers.traceparent)?.spanId)

describe.each(Object.entries(clients.byName))('traceOutgoing over %s', (_, call) => {
  test('carries the reference, tells the request as a step, and reads the provider’s id back', async () => {
    stop = traceOutgoing(waybill, { origins: [{ origin, hop: 'tool' }] })
    const context = waybill.mint()
    await waybill.resume(context, () => call(`${origin}/charges`))
    expect(seen).toMatchObject([{ headers: { 'trace-reference': context.reference } }])
    expect(steps).toMatchObject([
      {
        name: 'GET /charges',
        hop: 'tool',
        status: 'ok',
        reference: context.reference,
        facts: { 'x-request-id': `req_${steps[0]?.id}` },
        attributes: { 'http.response.status_code': 200 },
      },
    ])
    expect(spanIds()).toEqual([steps[0]?.id])
    expect(seen[0]?.headers).not.toHaveProperty('trace-attempt')
  })

  test('notes the provider’s ids on the step in force where the request is none', async () => {
    stop = traceOutgoing(waybill, { origins: [origin] })
    await waybill.run({ hop: 'worker', name: 'refunds' }, async () => {
      for (let i = 0; i < 7; i++) await call(`${origin}/charges/${i}`)
    })
    expect(Object.keys(steps[0]?.facts ?? {})).toEqual(
      ['', '.2', '.3', '.4', '.5'].map((suffix) => `x-request-id${suffix}`),
    )
    expect(steps).toHaveLength(1)
  })

  test('leaves a request with a traceparent as it is', async () => {
    stop = traceOutgoing(waybill, { origins: [{ origin, hop: 'tool' }] })
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    await waybill.run({ hop: 'worker', name: 'refunds' }, () => call(`${origin}/charges`, { headers: { traceparent } }))
    expect(seen[0]?.names.filter((each) => each === 'traceparent')).toHaveLength(1)
    expect(seen[0]?.headers).toMatchObject({ traceparent })
    expect(seen[0]?.headers).not.toHaveProperty('trace-reference')
    expect(steps.map(({ name, facts }) => [name, facts])).toEqual([['refunds', undefined]])
  })

  test('ends the step of a request that is aborted, or that nobody answers', async () => {
    stop = traceOutgoing(waybill, { origins: [{ origin, hop: 'tool' }] })
    await waybill.resume(waybill.mint(), async () => {
      const controller = new AbortController()
      const aborted = call(`${origin}/hang`, { signal: controller.signal }).catch(() => undefined)
      await expect.poll(() => seen.length).toBe(1)
      controller.abort()
      await aborted
    })
    // Some clients tell their caller first.
    await expect.poll(() => steps).toMatchObject([{ name: 'GET /hang', status: 'error' }])
    const closed = createServer()
    closed.listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const nobody = originOf(closed)
    closed.close()
    await once(closed, 'close')
    stop()
    stop = traceOutgoing(waybill, { origins: [{ origin: nobody, hop: 'tool' }] })
    await waybill.resume(waybill.mint(), () => call(`${nobody}/`)).catch(() => undefined)
    await expect.poll(() => steps[1]).toMatchObject({ name: 'GET /', status: 'error', error: { type: 'ECONNREFUSED' } })
  })

  test('keeps 60 requests apart that share two sockets', async () => {
    stop = traceOutgoing(waybill, { origins: [{ origin, hop: 'tool' }] })
    const contexts = Array.from({ length: 60 }, () => waybill.mint())
    await Promise.all(
      contexts.map((context, i) =>
        waybill.resume(context, async () => {
          await sleep(i % 3)
          await call(`${origin}/charges?of=${context.reference}`.replace('?of=', '/'))
        }),
      ),
    )
    const wrong = seen.filter(({ url, headers }) => !url.endsWith(String(headers['trace-reference'])))
    expect([seen.length, wrong.length]).toEqual([60, 0])
    const ids = steps.filter(({ id, facts }) => facts?.['x-request-id'] !== `req_${id}`)
    expect([steps.length, ids.length]).toEqual([60, 0])
    const byId = new Map(steps.map((step) => [step.id, step.reference]))
    expect(spanIds().map((id) => byId.get(String(id)))).toEqual(seen.map(({ headers }) => headers['trace-reference']))
  })
})

test('a request that a pool of undici 7 made for nobody it can name carries nobody’s reference', async () => {
  stop = traceOutgoing(waybill, { origins: [{ origin, hop: 'tool' }] })
  const dispatcher = new Agent7({ connections: 2 })
  const contexts = Array.from({ length: 60 }, () => waybill.mint())
  await Promise.all(
    contexts.map(({ reference }, i) =>
      waybill.resume(contexts[i]!, async () => (await fetch7(`${origin}/${reference}`, { dispatcher })).text()),
    ),
  )
  await dispatcher.close()
  const carried = seen.filter(({ headers }) => 'trace-reference' in headers)
  expect(carried.length).toBeGreaterThan(1)
  expect(carried.filter(({ url, headers }) => url !== `/${String(headers['trace-reference'])}`)).toEqual([])
  expect([seen.length, steps.length]).toEqual([60, carried.length])
})

describe('a redirect to another origin', () => {
  test.each([...clients.follows])('is followed by %s with nothing of ours', async (name) => {
    stop = traceOutgoing(waybill, { origins: [{ origin, hop: 'tool' }] })
    await waybill.resume(waybill.mint(), () => clients.byName[name]?.(`${origin}/elsewhere`))
    expect(seen.map(({ url }) => url)).toEqual(['/elsewhere', '/landed'])
    expect(seen[0]?.headers).toHaveProperty('trace-reference')
    for (const header of ['traceparent', 'trace-reference', 'trace-attempt']) {
      expect(seen[1]?.headers).not.toHaveProperty(header)
    }
  })
})

describe('a time limit', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['got', () => got(`${origin}/hang`, { timeout: { request: 30 }, retry: { limit: 0 } })],
    ['axios', () => axios.get(`${origin}/hang`, { adapter: 'http', timeout: 30 })],
    ['undici', () => undiciRequest(`${origin}/hang`, { headersTimeout: 30 })],
    ['a signal', () => fetch(`${origin}/hang`, { signal: AbortSignal.timeout(30) })],
  ])('of %s ends the step as a time-out', async (_, call) => {
    stop = traceOutgoing(waybill, { origins: [{ origin, hop: 'tool' }] })
    await waybill.resume(waybill.mint(), () => expect(call()).rejects.toThrow())
    await expect.poll(() => steps).toMatchObject([{ name: 'GET /hang', error: { type: 'timeout' } }])
  })
})

describe('attempts', () => {
  const attempts = (): unknown[] => seen.map(({ headers }) => headers['trace-attempt'])
  const resends = (): unknown[] => steps.map(({ attributes }) => attributes?.['http.request.resend_count'])

  beforeEach(() => {
    stop = traceOutgoing(waybill, { origins: [{ origin, hop: 'tool' }] })
  })

  test.each<[string, () => Promise<unknown>]>([
    ['got', () => got(`${origin}/charges?key=secret`, { retry: { limit: 2, backoffLimit: 1 } })],
    [
      'an interceptor of axios',
      () => {
        const client = axios.create({ adapter: 'http' })
        client.interceptors.response.use(undefined, (error) => client.request(error.config))
        return client.get(`${origin}/charges?key=secret`)
      },
    ],
    [
      'RetryAgent of undici',
      async () => {
        const dispatcher = new RetryAgent(new Agent(), { maxRetries: 2, minTimeout: 1, throwOnError: false })
        await (await undiciRequest(`${origin}/charges?key=secret`, { dispatcher })).body.text()
        await dispatcher.close()
      },
    ],
    [
      'a loop around fetch',
      async () => {
        while (!(await fetch(`${origin}/charges?key=secret`)).ok);
      },
    ],
  ])('of %s are counted, each with the provider’s id of its own', async (_, call) => {
    answers = [503, 429]
    await waybill.resume(waybill.mint(), call)
    expect(attempts()).toEqual([undefined, '2', '3'])
    expect(resends()).toEqual([undefined, 1, 2])
    expect(steps.map(({ attempt }) => attempt)).toEqual([undefined, 2, 3])
    expect(steps.map(({ facts }) => facts?.['x-request-id'])).toEqual(steps.map(({ id }) => `req_${id}`))
    expect(JSON.stringify(steps)).not.toContain('secret')
  })

  test('go on from the attempt of the work they belong to', async () => {
    answers = [503]
    await waybill.run({ hop: 'worker', name: 'refunds', attempt: 2 }, () =>
      got(`${origin}/charges`, { retry: { limit: 2, backoffLimit: 1 } }),
    )
    expect(attempts()).toEqual(['2', '3'])
  })

  test('are not made of calls that follow one another, go side by side, or belong to others', async () => {
    answers = [200, 503, 503, 503]
    await waybill.resume(waybill.mint(), async () => {
      await fetch(`${origin}/charges`)
      await Promise.all([fetch(`${origin}/charges`), fetch(`${origin}/charges`)])
      await fetch(`${origin}/refunds`)
      await fetch(`${origin}/refunds`, { method: 'POST' })
    })
    await waybill.resume(waybill.mint(), () => fetch(`${origin}/charges`))
    expect(seen).toHaveLength(6)
    expect(new Set(attempts())).toEqual(new Set([undefined]))
    expect(new Set(resends())).toEqual(new Set([undefined]))
  })

  test('of calls side by side are each the retry of one, and what follows a success is none', async () => {
    answers = [503, 503]
    await waybill.resume(waybill.mint(), async () => {
      for (let round = 0; round < 2; round++) await Promise.all([0, 1].map(() => fetch(`${origin}/charges`)))
      await fetch(`${origin}/charges`)
    })
    expect(attempts()).toEqual([undefined, undefined, '2', '2', undefined])
  })

  test('count an answer that broke off', async () => {
    await waybill.resume(waybill.mint(), async () => {
      await fetch(`${origin}/broken`)
        .then((response) => response.text())
        .catch(() => undefined)
      await expect.poll(() => seen.length).toBe(1)
      await fetch(`${origin}/broken`)
        .then((response) => response.text())
        .catch(() => undefined)
    })
    expect(attempts()).toEqual([undefined, '2'])
  })
})

test('a step does not end with an interim answer', async () => {
  stop = traceOutgoing(waybill, { origins: [{ origin, hop: 'tool' }] })
  await waybill.resume(waybill.mint(), () => fetch(`${origin}/hinted`))
  expect(steps).toMatchObject([{ status: 'ok', attributes: { 'http.response.status_code': 200 } }])
})

describe('provider ids', () => {
  test('are read from the headers that are told, and what is no id is not', async () => {
    stop = traceOutgoing(waybill, { origins: [{ origin, hop: 'tool' }], requestIdHeaders: ['Connection', 'Date'] })
    await waybill.resume(waybill.mint(), () => fetch(`${origin}/charges`))
    // A date has spaces in it.
    expect(steps[0]?.facts).toEqual({ connection: 'keep-alive' })
  })
})

describe('another tracer', () => {
  const added = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const tracer = (message: unknown): void => void Object(message).request.addHeader('traceparent', added)

  test.each(['before', 'after'])(
    'that adds its header %s us has the only one, and the request is its own',
    async (when) => {
      const created = channel('undici:request:create')
      if (when === 'before') created.subscribe(tracer)
      stop = traceOutgoing(waybill, { origins: [{ origin, hop: 'tool' }] })
      if (when === 'after') created.subscribe(tracer)
      await waybill.run({ hop: 'worker', name: 'refunds' }, () =>
        fetch(`${origin}/charges`, { headers: { 'x-own': '1' } }),
      )
      created.unsubscribe(tracer)
      expect(seen[0]?.names.filter((name) => name === 'traceparent')).toHaveLength(1)
      expect(seen[0]?.headers).toMatchObject({ traceparent: added, 'x-own': '1' })
      expect(seen[0]?.headers).not.toHaveProperty('trace-reference')
      expect(steps.map(({ name, facts }) => [name, facts])).toEqual([['refunds', undefined]])
    },
  )

  test('of the same trace sends the header, and the provider’s id is noted all the same', async () => {
    const created = channel('undici:request:create')
    stop = traceOutgoing(waybill, { origins: [{ origin, hop: 'tool' }] })
    await waybill.run({ hop: 'worker', name: 'refunds' }, async () => {
      const { traceparent } = waybill.inject({ traceparent: '' })
      await fetch(`${origin}/charges`, { headers: { traceparent } })
      const late = (message: unknown): void => void Object(message).request.addHeader('traceparent', traceparent)
      created.subscribe(late)
      await fetch(`${origin}/charges`)
      created.unsubscribe(late)
    })
    expect(steps).toMatchObject([{ hop: 'worker' }])
    expect(Object.keys(steps[0]?.facts ?? {})).toEqual(['x-request-id', 'x-request-id.2'])
  })
})

test('reaches node:https', async () => {
  // Keys agreed on beforehand, so that no certificate is needed.
  const psk = Buffer.alloc(16, 7)
  const shared = { ciphers: 'PSK', maxVersion: 'TLSv1.2' } as const
  const secure = https.createServer({ ...shared, pskCallback: () => psk }, (request, response) => {
    seen.push({ url: String(request.url), headers: request.headers, names: [] })
    response.setHeader('request-id', 'req_1').end()
  })
  secure.listen(0, '127.0.0.1')
  await once(secure, 'listening')
  const url = `https://127.0.0.1:${Object(secure.address()).port}`
  stop = traceOutgoing(waybill, { origins: [{ origin: url, hop: 'tool' }] })
  const agent = new https.Agent({
    ...shared,
    pskCallback: () => ({ psk, identity: 'shop' }),
    checkServerIdentity: () => undefined,
  })
  const context = waybill.mint()
  await waybill.resume(context, async () => {
    const [response] = await once(https.get(url, { agent }), 'response')
    response.resume()
    await axios.get(url, { adapter: 'http', httpsAgent: agent })
  })
  agent.destroy()
  secure.close()
  expect(seen.map(({ headers }) => headers['trace-reference'])).toEqual([context.reference, context.reference])
  expect(steps).toMatchObject([{ facts: { 'request-id': 'req_1' } }, { facts: { 'request-id': 'req_1' } }])
})
