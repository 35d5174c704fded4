import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startDesk } from '@waybill/desk'
import type { LookUpAnswer, MatchStep, RunningDesk } from '@waybill/desk'
import { mintReference, mintSpanId, parseTraceparent, referenceOfTraceId } from '@waybill/reference'
import { traceIdOf, traceparentOf } from '@waybill/reference'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { missingDatabases } from '../packages/server/fixtures/openDatabase.ts'

const namespace = 'acme-shop/test'
const TOKEN = 'token-for-reading'
const KEY = 'secret-key-for-servers'
const fixtures = join(import.meta.dirname, '..', 'packages', 'server', 'fixtures')
const SDKS = [
  ['3', join(fixtures, 'startSdk3.ts')],
  ['2', join(import.meta.dirname, 'startSdk2.ts')],
] as const

let desk: RunningDesk
let seen: { readonly url: string | undefined; readonly headers: IncomingHttpHeaders; readonly raw: readonly string[] }[]
const elsewhere = createServer((request, response) => {
  seen.push({ url: request.url, headers: request.headers, raw: request.rawHeaders })
  response.setHeader('x-request-id', `req_${seen.length}_${mintSpanId()}`).end('hello')
})

beforeAll(async () => {
  desk = await startDesk({ database: ':memory:', readToken: TOKEN, ingestKeys: [KEY], port: 0, namespace })
  elsewhere.listen(0, '127.0.0.1')
  await once(elsewhere, 'listening')
})
afterAll(async () => {
  elsewhere.closeAllConnections()
  elsewhere.close()
  await desk.stop()
})
beforeEach(() => {
  seen = []
})

const missing = await missingDatabases()

describe.skipIf(missing.has('PostgreSQL')).each(SDKS)('beside an OpenTelemetry SDK of major %s', (_, sdk) => {
  test('one trace goes from the browser through the server, its calls and its database to the desk', async () => {
    const reference = mintReference()
    const traceId = traceIdOf(reference, { namespace })
    const browser = mintSpanId()
    const service = await startService(sdk)
    const headers = { traceparent: traceparentOf(traceId, { spanId: browser }), 'Trace-Reference': reference }
    const response = await fetch(`${service.origin}/api/refunds`, { method: 'POST', headers })
    expect(response.headers.get('trace-reference')).toBe(reference)
    expect((await response.json()).fields).toMatchObject({ reference, trace_id: traceId })
    await service.stop()

    expect(seen.map(({ url }) => url)).toEqual(['/fetch', '/http'])
    for (const { headers, raw } of seen) {
      expect(raw.filter((name) => name.toLowerCase() === 'traceparent')).toHaveLength(1)
      expect(parseTraceparent(headers.traceparent)).toMatchObject({ traceId })
    }
    const { steps } = await stepsOf(reference)
    const own = steps.filter(({ service }) => service === 'shop-api')
    const spans = steps.filter(({ service }) => service !== 'shop-api')
    expect(own.map(({ hop, name }) => [hop, name])).toEqual([
      ['api', 'POST /api/refunds'],
      ['database', 'refund written'],
    ])
    expect(spans.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['POST /api/refunds', 'GET', 'pg.query:SELECT test']),
    )
    expect(spans.find(({ hop }) => hop === 'database')).toMatchObject({
      attributes: { 'db.system.name': 'postgresql' },
    })
    // The SDK's server span hangs under the browser's, and the waybill's step under that.
    const served = spans.find(({ parentId }) => parentId === browser)
    expect(served).toMatchObject({ hop: 'api' })
    expect(own[0]).toMatchObject({ parentId: served?.id, facts: { order: 'A-1001' } })
    // Support finds it by what the provider called the request.
    const { facts } = own[0] ?? {}
    expect(Object.keys(facts ?? {})).toEqual(['order', 'x-request-id', 'x-request-id.2'])
    expect((await lookUp(String(facts?.['x-request-id.2']))).matches).toMatchObject([
      { reference, foundBy: 'fact:x-request-id.2' },
    ])
    // What the waybill reports is nobody's doing, and no span.
    expect(JSON.stringify(steps)).not.toContain('v1/traces')
  })

  test('a trace that begins in the SDK is a reference, also where no middleware of ours runs', async () => {
    const service = await startService(sdk)
    const plain = await (await fetch(`${service.origin}/plain`)).json()
    const served = await fetch(`${service.origin}/api/refunds`, { method: 'POST' })
    const { fields } = await served.json()
    await service.stop()
    for (const { reference, trace_id } of [plain.fields, fields]) {
      expect(referenceOfTraceId(trace_id, { namespace })).toEqual({ reference, level: 'full' })
    }
    expect(served.headers.get('trace-reference')).toBe(fields.reference)
    expect(plain.fields.reference).not.toBe(fields.reference)
    expect(new Set(seen.map(({ headers }) => parseTraceparent(headers.traceparent)?.traceId))).toEqual(
      new Set([fields.trace_id]),
    )
    expect((await stepsOf(plain.fields.reference)).steps).toMatchObject([
      { hop: 'api', service: expect.not.stringMatching(/^shop-api$/), id: plain.current.spanId },
    ])
    expect((await stepsOf(fields.reference)).steps.length).toBeGreaterThan(4)
  })

  test('a trace of random ids keeps them, and its spans lead to the reference by their attribute', async () => {
    // Here the instrumentation of undici also hears of requests after us.
    const service = await startService(sdk, { RANDOM_IDS: '1', LATE_UNDICI: '1' })
    const served = await fetch(`${service.origin}/api/refunds`, { method: 'POST' })
    const { fields } = await served.json()
    await service.stop()
    expect(referenceOfTraceId(fields.trace_id, { namespace })).toBeNull()
    expect(served.headers.get('trace-reference')).toBe(fields.reference)
    expect(seen.map(({ headers }) => parseTraceparent(headers.traceparent)?.traceId)).toEqual([
      fields.trace_id,
      fields.trace_id,
    ])
    const { steps } = await stepsOf(fields.reference)
    expect(new Set(steps.map(({ service }) => service)).size).toBe(2)
    expect(steps.filter(({ service }) => service !== 'shop-api').length).toBeGreaterThan(2)
  })
})

async function startService(sdk: string, env: Readonly<Record<string, string>> = {}) {
  const { port } = Object(elsewhere.address())
  const child = spawn(process.execPath, ['--conditions=waybill-source', join(fixtures, 'serveTraced.ts'), sdk], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      DESK: desk.url,
      KEY,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${desk.url}/v1/traces`,
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: `authorization=Bearer%20${KEY}`,
      ELSEWHERE: `http://127.0.0.1:${port}`,
      DATABASE: process.env['WAYBILL_TEST_DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test',
      ...env,
    },
  })
  const errors: string[] = []
  child.stderr.on('data', (chunk: Buffer) => errors.push(String(chunk)))
  const exited = once(child, 'exit')
  const first: unknown = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([line]) => line),
    exited.then(() => Promise.reject(new Error(errors.join('')))),
  ])
  return {
    origin: String(first),
    async stop() {
      child.stdin.end()
      await exited
      expect(errors.join('')).toBe('')
    },
  }
}

async function stepsOf(reference: string): Promise<{ readonly steps: readonly MatchStep[] }> {
  const { matches } = await lookUp(reference)
  expect(matches.map((match) => match.reference)).toEqual([reference])
  return { steps: matches[0]?.steps ?? [] }
}

async function lookUp(what: string): Promise<LookUpAnswer> {
  const headers = { authorization: `Bearer ${TOKEN}` }
  return (await fetch(`${desk.url}/api/trails/${what}`, { headers })).json()
}
