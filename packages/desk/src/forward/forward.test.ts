import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { getRequestListener } from '@hono/node-server'
import { createDesk } from '@waybill/desk'
import type { Desk } from '@waybill/desk'
import { mintReference } from '@waybill/reference'
import { encodeOtlp } from '@waybill/trail'
import { expect, test } from 'vitest'
import { bytesOfRequest } from '../../../trail/fixtures/otlpSchema.ts'
import { BROWSER_KEY, openDesk, SERVER_KEY, TOKEN } from '../../fixtures/openDesk.ts'
import { openCollector, takes } from '../../fixtures/openCollector.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'

const PROTOBUF = { 'content-type': 'application/x-protobuf', authorization: `Bearer ${SERVER_KEY}` }
const JSON_TYPE = { 'content-type': 'application/json', authorization: `Bearer ${SERVER_KEY}` }

test('what a stock OpenTelemetry SDK sends goes on byte for byte, and the desk reads it, too', async () => {
  await using sdk = await openCollector()
  const reference = mintReference()
  const program = join(import.meta.dirname, '..', '..', '..', 'server', 'fixtures', 'stockTracer.ts')
  const env = {
    ...process.env,
    OTEL_SERVICE_NAME: 'refunds-js',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_ENDPOINT: sdk.url,
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    REFERENCE: reference,
  }
  await promisify(execFile)(process.execPath, ['--no-warnings', program], { env })
  const sent = sdk.taken.filter(({ path }) => path === '/v1/traces')
  expect(sent.length).toBeGreaterThan(0)

  await using collector = await openCollector()
  await using desk = openDesk({ forward: { url: `${collector.url}/otlp`, headers: { 'x-tenant': 'shop' } } })
  for (const { bytes } of sent) {
    const body = Uint8Array.from(gzipSync(bytes))
    const answer = await desk.request('/v1/traces', {
      method: 'POST',
      headers: { ...PROTOBUF, 'content-encoding': 'gzip' },
      body,
    })
    expect(answer.status).toBe(200)
  }
  await expect.poll(() => collector.taken).toHaveLength(sent.length)
  for (const [index, { path, headers, bytes }] of collector.taken.entries()) {
    expect([path, headers['content-type'], headers['x-tenant']]).toEqual([
      '/otlp/v1/traces',
      'application/x-protobuf',
      'shop',
    ])
    expect(headers['authorization']).toBeUndefined()
    expect(bytes.equals(sent[index]!.bytes)).toBe(true)
  }
  expect((await desk.lookUp(reference)).matches[0]?.steps).toHaveLength(2)
})

test('large bodies go out packed, small ones plain, and both as they came', async () => {
  await using collector = await openCollector()
  await using desk = openDesk({ forward: { url: collector.url } })
  const { servers } = refundTrail()
  for (const steps of [servers, servers.slice(0, 1)]) await desk.sendAsServer(steps)
  await expect.poll(() => collector.taken).toHaveLength(2)
  expect(new Set(collector.taken.map(({ encoding }) => encoding))).toEqual(new Set(['gzip', undefined]))
  const texts = collector.taken.map(({ bytes }) => bytes.toString()).toSorted()
  expect(texts).toEqual([servers, servers.slice(0, 1)].map((steps) => JSON.stringify(encodeOtlp(steps))).toSorted())
})

test.each(['json', 'protobuf'] as const)(
  'what browsers report in %s goes on marked as claims, and of the person the hash alone',
  async (encoding) => {
    await using collector = await openCollector()
    await using desk = openDesk({ forward: { url: collector.url } })
    const { browser, reference } = refundTrail({ person: 'C-2041' })
    const body = JSON.parse(
      JSON.stringify(encodeOtlp(browser.map((step) => ({ ...step, facts: { customer: 'c-2041' } })))),
    )
    const [{ resource, scopeSpans }] = body.resourceSpans
    resource.attributes.push({ key: 'waybill.claimed', value: { boolValue: false } })
    resource.attributes.push({ key: 'user.email', value: { stringValue: 'anna@shop.example' } })
    scopeSpans[0].spans[0].events = [
      { name: 'signed in', attributes: [{ key: 'user.id', value: { stringValue: 'C-2041' } }] },
    ]
    scopeSpans[0].spans[0].attributes.push({ key: 'app.route', value: { stringValue: '/refunds' } })
    const answer = await desk.request(`/v1/traces?key=${BROWSER_KEY}`, {
      method: 'POST',
      headers: { 'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf' },
      body: encoding === 'json' ? JSON.stringify(body) : Uint8Array.from(bytesOfRequest(body)),
    })
    expect(answer.status).toBe(200)
    await expect.poll(() => collector.taken).toHaveLength(1)
    const [{ bytes, headers }] = collector.taken as [(typeof collector.taken)[0]]
    const text = bytes.toString()
    expect(headers['content-type']).toBe('application/json')
    expect(text).not.toMatch(/C-2041|anna@shop/i)
    const [out] = JSON.parse(text).resourceSpans
    expect(out.resource.attributes.filter(({ key }: { key: string }) => key === 'waybill.claimed')).toEqual([
      { key: 'waybill.claimed', value: { boolValue: true } },
    ])
    // As the desk tells it, so that both can be laid side by side.
    const { person } = (await desk.lookUp(reference)).matches[0]!
    const [span] = out.scopeSpans[0].spans
    expect(span.attributes).toContainEqual({ key: 'user.hash', value: { stringValue: person } })
    expect(span.events[0].attributes).toEqual([{ key: 'user.hash', value: { stringValue: person } }])
    expect(span.attributes).toContainEqual({ key: 'app.route', value: { stringValue: '/refunds' } })
    expect(out.scopeSpans[0].spans).toHaveLength(browser.length)
  },
)

test('logs and metrics go on, too, also what the desk keeps nothing of', async () => {
  await using collector = await openCollector()
  await using desk = openDesk({ forward: { url: collector.url } })
  const logs = JSON.stringify({
    resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'no trail' } }] }] }],
  })
  const metrics = JSON.stringify({
    resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'http.server.duration' }] }] }],
  })
  const bytes = Uint8Array.from([10, 0])
  for (const [path, headers, body] of [
    ['/v1/logs', JSON_TYPE, logs],
    ['/v1/metrics', JSON_TYPE, metrics],
    ['/v1/metrics', PROTOBUF, bytes],
  ] as const) {
    const answer = await desk.request(path, { method: 'POST', headers, body })
    expect(answer.status).toBe(200)
  }
  await expect.poll(() => collector.taken).toHaveLength(3)
  const got = collector.taken.map(({ path, bytes: sent }) => [path, sent.toString()])
  expect(got).toEqual(
    expect.arrayContaining([
      ['/v1/logs', logs],
      ['/v1/metrics', metrics],
      ['/v1/metrics', Buffer.from(bytes).toString()],
    ]),
  )
})

test('browsers’ logs and metrics go on as claims', async () => {
  await using collector = await openCollector()
  await using desk = openDesk({ forward: { url: collector.url } })
  const user = { key: 'user.id', value: { stringValue: 'C-2041' } }
  const logs = {
    resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'C-2041' }, attributes: [user] }] }] }],
  }
  const metrics = {
    resourceMetrics: [{ scopeMetrics: [{ metrics: [{ gauge: { dataPoints: [{ attributes: [user] }] } }] }] }],
  }
  for (const [path, body] of [
    ['/v1/logs', logs],
    ['/v1/metrics', metrics],
  ] as const) {
    const answer = await desk.request(`${path}?key=${BROWSER_KEY}`, { method: 'POST', body: JSON.stringify(body) })
    expect(answer.status).toBe(200)
  }
  await expect.poll(() => collector.taken).toHaveLength(2)
  for (const { bytes } of collector.taken) {
    expect(bytes.toString()).toContain('{"key":"waybill.claimed","value":{"boolValue":true}}')
    expect(bytes.toString()).toContain('"key":"user.hash"')
    expect(bytes.toString()).not.toContain('C-2041')
  }
})

test('browsers’ bodies that hold nothing, or nothing but nesting, harm nothing and do not go out', async () => {
  await using collector = await openCollector()
  await using desk = openDesk({ forward: { url: collector.url } })
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
  for (const body of ['{}', '{"resourceSpans":7}', `{"resourceSpans":[],"x":${deep}}`, `{"resourceSpans":[${deep}]}`]) {
    const answer = await desk.request(`/v1/traces?key=${BROWSER_KEY}`, { method: 'POST', body })
    expect(answer.status).toBe(200)
  }
  await desk.sendAsBrowser(refundTrail().browser)
  await expect.poll(() => collector.taken.at(-1)?.bytes.toString()).toContain('Request refund')
  for (const { bytes } of collector.taken) expect(bytes.toString()).not.toContain('['.repeat(60))
})

test('only what the desk took with a known key goes on', async () => {
  await using collector = await openCollector()
  await using desk = openDesk({ forward: { url: collector.url } })
  const { servers, browser } = refundTrail()
  const post = async (path: string, headers: Record<string, string>, body: string): Promise<number> =>
    (await desk.request(path, { method: 'POST', headers, body })).status
  const body = JSON.stringify(encodeOtlp(servers))
  expect(await post('/v1/traces', { ...JSON_TYPE, authorization: 'Bearer unknown' }, body)).toBe(401)
  expect(await post('/v1/traces?key=unknown', {}, JSON.stringify(encodeOtlp(browser)))).toBe(401)
  expect(await post('/v1/traces', JSON_TYPE, '{"resourceSpans":')).toBe(400)
  expect(await post('/v1/traces', { ...JSON_TYPE, 'content-type': 'text/html' }, body)).toBe(415)
  expect(await post('/v1/traces', JSON_TYPE, body)).toBe(200)
  await expect.poll(() => collector.taken.map(({ bytes }) => bytes.toString())).toEqual([body])
})

test('while the collector hangs the desk takes in and looks up as ever', async () => {
  const unanswered: ServerResponse[] = []
  await using collector = await openCollector((response) => void unanswered.push(response))
  await using desk = openDesk({ forward: { url: collector.url, queueBytes: 100_000 } })
  const trails = Array.from({ length: 40 }, () => refundTrail())
  for (const { servers } of trails) expect((await desk.sendAsServer(servers)).status).toBe(200)
  await expect.poll(() => unanswered).toHaveLength(4)
  for (const { reference } of trails) expect((await desk.lookUp(reference)).matches).toHaveLength(1)
  // The collector has answered nothing yet, so nobody can have waited for it.
  expect(collector.taken).toHaveLength(4)
  collector.answerFromNowOn(takes)
  for (const response of unanswered) takes(response, 0)
})

/** Desks on sockets, each of which may forward to another or to itself. */
async function openRing(count: number) {
  const requests = Array.from({ length: count }, () => 0)
  const desks: Desk[] = []
  const servers = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const listener = getRequestListener(async (request, env) => {
        const answer = await desks[index]!.fetch(request, env)
        requests[index]!++
        return answer
      })
      const server = createServer(listener)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return server
    }),
  )
  const urlOf = (index: number): string => `http://127.0.0.1:${(servers[index % count]!.address() as AddressInfo).port}`
  for (const index of servers.keys()) {
    const headers = { authorization: `Bearer ${SERVER_KEY}` }
    const forward = { url: urlOf(index + 1), headers }
    desks.push(createDesk({ database: ':memory:', readToken: TOKEN, ingestKeys: [SERVER_KEY], forward }))
  }
  return {
    url: urlOf(0),
    requests,
    /** A desk that stops has sent all that it would send. */
    async [Symbol.asyncDispose]() {
      for (const desk of desks) await desk.stop()
      for (const server of servers) server.close()
    },
  }
}

test.each([
  ['itself', 1, [2]],
  ['a desk that forwards back', 2, [2, 1]],
  ['a ring of desks', 3, [2, 1, 1]],
])('a desk that forwards to %s sends each body round once', async (_, count, expected) => {
  const ring = await openRing(count)
  {
    await using desks = ring
    const body = JSON.stringify(encodeOtlp(refundTrail().servers))
    const answer = await fetch(`${ring.url}/v1/traces`, { method: 'POST', headers: JSON_TYPE, body })
    expect(answer.status).toBe(200)
    await expect.poll(() => desks.requests.every((each, index) => each >= expected[index]!)).toBe(true)
  }
  expect(ring.requests).toEqual(expected)
})
