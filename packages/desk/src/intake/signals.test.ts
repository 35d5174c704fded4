import { deflateSync, gzipSync } from 'node:zlib'
import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import { stepWords } from '@waybill/trail'
import { describe, expect, test } from 'vitest'
import { bytesOfRequest, RESPONSES } from '../../../trail/fixtures/otlpSchema.ts'
import { BROWSER_KEY, openDesk, SERVER_KEY } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'

type Desk = ReturnType<typeof openDesk>
const text = (key: string, value: string) => ({ key, value: { stringValue: value } })
/** Near to when `refundTrail` begins: the desk leaves out what is a day ahead of it. */
const T0 = Date.now() - 3_600_000
const now = () => T0 + 3_600_000

function logsOf(records: readonly object[], service = 'shop-api') {
  const attributes = [text('service.name', service)]
  return { resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords: records }] }] }
}

/** The `n`th, a millisecond after the one before. */
function line(traceId: string, fields: object = {}, n = 0) {
  const timeUnixNano = `${T0 + n}000000`
  return { timeUnixNano, severityNumber: 17, traceId, body: { stringValue: `line ${n}` }, ...fields }
}

function send(
  desk: Desk,
  body: object,
  { path = '/v1/logs', ...headers }: Record<string, string> = {},
): Promise<Response> {
  const all = { 'content-type': 'application/json', authorization: `Bearer ${SERVER_KEY}`, ...headers }
  return desk.request(path, { method: 'POST', headers: all, body: JSON.stringify(body) })
}

async function wordsUnder(desk: Desk, reference: string): Promise<string[]> {
  const [match] = (await desk.lookUp(reference)).matches
  return (match?.steps ?? []).map((step) => `${stepWords(step).subject} ${stepWords(step).deed}`)
}

describe('logs', () => {
  test('stand in the trail, kept once however often they come, in JSON and in protobuf alike', async () => {
    await using desk = openDesk({ now })
    const reference = mintReference()
    const body = logsOf([line(traceIdOf(reference), { spanId: mintSpanId() })])
    expect(await (await send(desk, body)).json()).toEqual({})
    for (const [encoding, pack] of [
      ['gzip', gzipSync],
      ['deflate', deflateSync],
    ] as const) {
      const type = 'application/x-protobuf'
      const headers = { 'content-type': type, 'content-encoding': encoding, authorization: `Bearer ${SERVER_KEY}` }
      const packed = new Uint8Array(pack(bytesOfRequest(body, 'logs')))
      const response = await desk.request('/v1/logs', { method: 'POST', headers, body: packed })
      expect([response.status, response.headers.get('content-type')]).toEqual([200, type])
      expect((await response.arrayBuffer()).byteLength).toBe(0)
    }
    expect(await wordsUnder(desk, reference)).toEqual(['shop-api logged an error: line 0'])
    expect((await desk.lookUp(reference)).matches[0]?.outcome).toMatchObject({ state: 'unknown', advice: 'none' })
  })

  test('of a request that succeeded do not make it read failed', async () => {
    await using desk = openDesk({ now })
    const { reference, servers } = refundTrail()
    const good = servers.slice(0, 1).map((step) => ({ ...step, at: T0 }))
    await desk.sendAsServer(good)
    const before = (await desk.lookUp(reference)).matches[0]
    expect(before?.outcome.state).toBe('succeeded')
    await send(
      desk,
      logsOf([line(good[0]!.traceId, { spanId: good[0]!.id, attributes: [text('error.type', 'oh')] }, 5)]),
    )
    const after = (await desk.lookUp(reference)).matches[0]
    expect(after?.steps).toHaveLength(2)
    expect(after?.outcome).toEqual(before?.outcome)
    expect(after).toMatchObject({ action: before!.action, facts: before!.facts })
  })

  test('of another tracer’s trace follow its spans that came before', async () => {
    await using desk = openDesk({ now })
    const { servers, reference } = refundTrail()
    const foreign = '4bf92f3577b34da6a3ce929d0e0e4736'
    await desk.sendAsServer([{ ...servers[0]!, traceId: foreign }])
    expect(await (await send(desk, logsOf([line(foreign)]))).json()).toEqual({})
    expect(await wordsUnder(desk, reference)).toContain('shop-api logged an error: line 0')
  })

  test('that are for no trail are no fault of their sender: counted here, said once in the log', async () => {
    const told: string[] = []
    await using desk = openDesk({ now, warn: (message) => told.push(message) })
    const chatter = logsOf([{ ...line(''), traceId: undefined }, line('4bf92f3577b34da6a3ce929d0e0e4736')])
    for (let i = 0; i < 2; i++) expect(await (await send(desk, chatter)).json()).toEqual({})
    expect(await droppedBy(desk, 'logs')).toBe(4)
    expect(told).toEqual([expect.stringContaining('for no trail')])
  })

  test('that cannot be are counted as rejected, with the reason', async () => {
    await using desk = openDesk({ now })
    const traceId = traceIdOf(mintReference())
    const body = logsOf([line(traceId, { timeUnixNano: '0' }), line(traceId, {}, 9e9), line(traceId)])
    const partialSuccess = {
      rejectedLogRecords: '2',
      errorMessage: 'Not kept: a log record without a time; a time that cannot be true.',
    }
    expect(await (await send(desk, body)).json()).toEqual({ partialSuccess })
    const headers = { 'content-type': 'application/x-protobuf', authorization: `Bearer ${SERVER_KEY}` }
    const bytes = Uint8Array.from(bytesOfRequest(body, 'logs'))
    const response = await desk.request('/v1/logs', { method: 'POST', headers, body: bytes })
    const answer = RESPONSES.logs.decode(new Uint8Array(await response.arrayBuffer()))
    expect(RESPONSES.logs.toObject(answer, { longs: String })).toEqual({ partialSuccess })
  })

  test('of a browser are claims without text, and overrule nothing', async () => {
    await using desk = openDesk({ now })
    const { servers, browser, reference } = refundTrail()
    await desk.sendAsServer(servers)
    await desk.sendAsBrowser(browser)
    const before = (await desk.lookUp(reference)).matches[0]
    const { traceId, id } = servers[0]!
    const attributes = [text('exception.type', 'TypeError'), text('exception.message', 'secret "Jane"')]
    const records = [
      line(traceId, { spanId: id }),
      line(traceId, { eventName: 'exception', attributes, spanId: id }, 1),
    ]
    const path = `/v1/logs?key=${BROWSER_KEY}`
    const body = JSON.stringify(logsOf(records, 'shop-web'))
    const response = await desk.request(path, { method: 'POST', headers: { origin: 'https://shop.example' }, body })
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
    const after = (await desk.lookUp(reference)).matches[0]
    const lines = after?.steps.filter(({ hop }) => hop === 'log') ?? []
    expect(lines.map((step) => [step.part, step.claimed, stepWords(step).deed])).toEqual([
      ['claims', true, 'logged an error'],
      ['claims', true, 'met an exception (TypeError)'],
    ])
    expect(JSON.stringify(lines)).not.toMatch(/Jane|line 0/)
    expect(after?.outcome).toEqual(before?.outcome)
    expect(after?.facts).toEqual(before?.facts)
  })

  test('take up no more than a tenth of a trail below WARN, half above, and never keep a span out', async () => {
    const limits = { stepsPerTrail: 40, claimsPerTrail: 20 }
    await using desk = openDesk({ now, limits })
    const { servers } = refundTrail()
    const { reference, traceId } = servers[0]!
    const many = (severityNumber: number) =>
      logsOf(Array.from({ length: 50 }, (_, n) => line(traceId, { severityNumber }, n)))
    const kept = async () => (await desk.lookUp(reference)).matches[0]?.steps ?? []
    for (const [severity, count, dropped] of [
      [9, 4, 46],
      [13, 20, 80],
      [17, 20, 130],
      // Four of these are there already, so they are sent again and not left out.
      [9, 20, 176],
    ] as const) {
      expect(await (await send(desk, many(severity))).json()).toEqual({})
      expect([severity, (await kept()).length, await droppedBy(desk, 'logs')]).toEqual([severity, count, dropped])
    }
    const spans = Array.from({ length: 30 }, (_, n) => ({ ...servers[0]!, id: mintSpanId(), at: T0 + n }))
    await desk.sendAsServer(spans)
    expect((await kept()).filter(({ hop }) => hop !== 'log')).toHaveLength(20)
    await desk.request(`/v1/logs?key=${BROWSER_KEY}`, { method: 'POST', body: JSON.stringify(many(9)) })
    expect((await kept()).filter(({ claimed }) => claimed)).toHaveLength(2)
  })

  test('in the place of traces are none, and the other way round', async () => {
    await using desk = openDesk({ now })
    const reference = mintReference()
    await send(desk, logsOf([line(traceIdOf(reference))]), { path: '/v1/traces' })
    expect((await desk.lookUp(reference)).matches).toEqual([])
  })
})

describe('metrics', () => {
  test('are answered with success in the request’s encoding, dropped, counted, and said once in the log', async () => {
    const told: string[] = []
    await using desk = openDesk({ warn: (message) => told.push(message) })
    const body = { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'http.server.duration' }] }] }] }
    const json = await send(desk, body, { path: '/v1/metrics' })
    expect([json.status, await json.json()]).toEqual([200, {}])
    const protobuf = await send(desk, body, { path: '/v1/metrics', 'content-type': 'application/x-protobuf' })
    expect([protobuf.status, protobuf.headers.get('content-type')]).toEqual([200, 'application/x-protobuf'])
    expect((await protobuf.arrayBuffer()).byteLength).toBe(0)
    expect(await droppedBy(desk, 'metrics')).toBe(2)
    expect(told).toEqual([expect.stringContaining('OTEL_METRICS_EXPORTER=none')])
  })

  test('need a key, and the limits hold for them', async () => {
    await using desk = openDesk()
    const path = '/v1/metrics'
    expect((await send(desk, {}, { path, authorization: 'Bearer nobody' })).status).toBe(401)
    expect((await send(desk, {}, { path, 'content-type': 'text/html' })).status).toBe(415)
    expect((await send(desk, { pad: 'x'.repeat(4_300_000) }, { path })).status).toBe(413)
  })
})

/** What the desk counts of this signal as answered and not kept. */
async function droppedBy(desk: ReturnType<typeof openDesk>, signal: 'logs' | 'metrics'): Promise<number> {
  const authorization = `Bearer ${await desk.tokenFor('metrics')}`
  const text = await (await desk.request('/metrics', { headers: { authorization } })).text()
  return Number(new RegExp(`^waybill_desk_dropped_total{signal="${signal}"} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
}
