import { deflateSync, gzipSync } from 'node:zlib'
import { startDesk } from '@waybill/desk'
import type { RunningDesk } from '@waybill/desk'
import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seededRandom } from '../../../browser/fixtures/seededRandom.ts'
import { randomRequest } from '../../../trail/fixtures/randomRequest.ts'
import { openSocket, rawRequest } from '../../fixtures/rawRequest.ts'

/** FUZZ=20000 for a long run, SEED for another one. */
const REQUESTS = Number(process.env['FUZZ'] ?? 200)
const random = seededRandom(Number(process.env['SEED'] ?? 16))
const below = (most: number): number => Math.floor(random() * most)
const oneOf = <T>(...list: readonly T[]): T => list[below(list.length)]!

/** In every text that is sent, and to be in no answer. */
const MARK = 'zq7mark'
const MB = 2 ** 20
const reference = mintReference()
const traceId = traceIdOf(reference)

let desk: RunningDesk
const faults: unknown[] = []
beforeAll(async () => {
  const keys = {
    readToken: 'token-for-reading',
    ingestKeys: ['secret-key-for-servers'],
    browserKeys: ['public-key-for-browsers'],
  }
  const limits = { browserRequestsPerMinute: 1e9, serverRequestsPerMinute: 1e9 }
  const onError = (error: unknown): void => void faults.push(error)
  desk = await startDesk({ ...keys, database: ':memory:', port: 0, limits, trustedProxies: ['127.0.0.1'], onError })
})
afterAll(() => desk.stop())

test(`${REQUESTS} requests of anything are answered with 2xx or 4xx, say nothing of what was sent, and leave memory as it was`, async () => {
  const statuses: Record<string, number> = {}
  const before = process.memoryUsage().rss
  let most = 0
  for (let i = 0; i < REQUESTS; i++) {
    const { path, method, headers, body } = anyRequest()
    // From everywhere, for whoever tries too many wrong tokens hears nothing but that.
    headers['x-forwarded-for'] = [10, i >> 16, (i >> 8) & 255, i & 255].join('.')
    const init = method === 'GET' ? { method, headers } : { method, headers, body: Uint8Array.from(body) }
    // oxlint-disable-next-line no-await-in-loop -- one after the other, so that a failure can be run again
    const response = await fetch(`${desk.url}${path}`, init)
    // oxlint-disable-next-line no-await-in-loop -- as above
    const said = await response.text()
    const about = { i, path, method, headers, body: Buffer.from(body.subarray(0, 200)).toString('latin1'), said }
    if (response.status >= 500) expect({ status: response.status, ...about }).toEqual('an answer of 2xx or 4xx')
    const all = [said, ...response.headers].join('\n')
    if (all.includes(MARK)) expect(about).toEqual('an answer without what was sent')
    statuses[response.status] = (statuses[response.status] ?? 0) + 1
    most = Math.max(most, process.memoryUsage().rss - before)
  }
  expect(faults).toEqual([])
  expect(most).toBeLessThan(400 * MB)
  expect(Object.keys(statuses)).toEqual(expect.arrayContaining(['200', '400', '401', '415']))
  expect((await look()).status).toBe(200)
}, 600_000)

const POST = (path: string, ...headers: readonly string[]): string =>
  [
    `POST ${path} HTTP/1.1`,
    'Host: desk',
    'Authorization: Bearer secret-key-for-servers',
    'Content-Type: application/json',
    ...headers,
    '',
    '',
  ].join('\r\n')
const BODY = `{"resourceSpans":[],"${MARK}":1}`

test.each<[string, readonly string[]]>([
  ['10,000 header lines', [POST('/v1/logs', ...Array.from({ length: 10_000 }, (_, n) => `x-${n}: ${MARK}`))]],
  ['a header of 1 MB', [POST('/v1/traces', `x: ${MARK.repeat(150_000)}`)]],
  ['an address of 1 MB', [POST(`/v1/traces?${MARK.repeat(150_000)}`)]],
  ['less than it announces', [POST('/v1/traces', 'Content-Length: 4000'), BODY]],
  ['more than it announces', [POST('/v1/traces', 'Content-Length: 4'), BODY]],
  ['a negative length', [POST('/v1/traces', 'Content-Length: -4'), BODY]],
  ['a length of no number', [POST('/v1/traces', `Content-Length: ${MARK}`), BODY]],
  ['a length beyond 64 bits', [POST('/v1/traces', `Content-Length: ${'9'.repeat(30)}`), BODY]],
  ['a length of 4 GB', [POST('/v1/metrics', 'Content-Length: 4294967296'), BODY]],
  ['two lengths', [POST('/v1/traces', 'Content-Length: 4', 'Content-Length: 30'), BODY]],
  [
    'a length and chunks',
    [POST('/v1/traces', 'Content-Length: 4', 'Transfer-Encoding: chunked'), `2\r\n{}\r\n0\r\n\r\n`],
  ],
  ['chunks of no number', [POST('/v1/traces', 'Transfer-Encoding: chunked'), `${MARK}\r\n{}\r\n0\r\n\r\n`]],
  ['a chunk larger than it is', [POST('/v1/logs', 'Transfer-Encoding: chunked'), `ffffffff\r\n{}\r\n0\r\n\r\n`]],
  ['a chunk beyond 64 bits', [POST('/v1/logs', 'Transfer-Encoding: chunked'), `${'f'.repeat(40)}\r\n{}\r\n`]],
  [
    'a chunk with 1 MB of extensions',
    [POST('/v1/logs', 'Transfer-Encoding: chunked'), `2;${MARK.repeat(150_000)}\r\n{}\r\n`],
  ],
  ['chunks without an end', [POST('/v1/logs', 'Transfer-Encoding: chunked'), `2\r\n{}\r\n`]],
  [
    'trailers of 1 MB',
    [POST('/v1/logs', 'Transfer-Encoding: chunked'), `2\r\n{}\r\n0\r\nx: ${MARK.repeat(150_000)}\r\n\r\n`],
  ],
  [
    'a transfer encoding of another kind',
    [POST('/v1/logs', 'Transfer-Encoding: gzip, chunked'), `2\r\n{}\r\n0\r\n\r\n`],
  ],
  ['chunks twice', [POST('/v1/logs', 'Transfer-Encoding: chunked, chunked'), `2\r\n{}\r\n0\r\n\r\n`]],
  ['a folded header', [POST('/v1/traces', `x: a\r\n ${MARK}`, 'Content-Length: 2'), '{}']],
  ['a NUL in a header', [POST('/v1/traces', `x: \0${MARK}`, 'Content-Length: 2'), '{}']],
  ['a bare line feed', [`POST /v1/traces HTTP/1.1\nHost: desk\n${MARK}: 1\n\n`]],
  ['no host', [`POST /v1/traces HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}`]],
  ['a host that is none', [`POST /v1/traces HTTP/1.1\r\nHost: ${MARK} /\\\r\nContent-Length: 2\r\n\r\n{}`]],
  [
    'an address of another host',
    [`POST http://${MARK}.example/v1/traces HTTP/1.1\r\nHost: desk\r\nContent-Length: 2\r\n\r\n{}`],
  ],
  ['an address that is none', [`POST ${MARK} HTTP/1.1\r\nHost: desk\r\nContent-Length: 2\r\n\r\n{}`]],
  ['a broken escape in the address', [POST(`/v1/traces?key=%E0%A4%A${MARK}`, 'Content-Length: 2'), '{}']],
  ['TRACE', [`TRACE /v1/traces HTTP/1.1\r\nHost: desk\r\nx: ${MARK}\r\n\r\n`]],
  ['CONNECT', [`CONNECT ${MARK}:443 HTTP/1.1\r\nHost: desk\r\n\r\n`]],
  ['a method of its own', [`${MARK.toUpperCase()} /v1/traces HTTP/1.1\r\nHost: desk\r\n\r\n`]],
  ['a version of its own', [`POST /v1/traces HTTP/9.9\r\nHost: desk\r\n\r\n`]],
  ['no HTTP', [`${MARK}\r\n\r\n`]],
  ['the beginning of TLS', ['\u0016\u0003\u0001\u0002\0\u0001\0\u0001ü\u0003\u0003']],
  ['the preface of HTTP/2', ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n']],
  ['a hundred requests at once', [(POST('/v1/traces', 'Content-Length: 2') + '{}').repeat(100)]],
  [
    'a gzip that ends early',
    [POST('/v1/traces', 'Content-Encoding: gzip', 'Content-Length: 10'), '\u001f\u008b\u0008\0\0\0\0\0\0\0'],
  ],
  ['a wish to be asked first', [POST('/v1/traces', 'Expect: 100-continue', 'Content-Length: 2'), '{}']],
  ['another wish', [POST('/v1/traces', `Expect: ${MARK}`, 'Content-Length: 2'), '{}']],
  ['an upgrade', [POST('/v1/traces', 'Connection: Upgrade', `Upgrade: ${MARK}`, 'Content-Length: 2'), '{}']],
])('a raw request with %s is answered with no 5xx and none of its words, or closed', async (_, parts) => {
  const answer = await rawRequest(
    desk.url,
    parts.map((part) => Buffer.from(part, 'latin1')),
  )
  const statuses = [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status))
  expect(statuses.filter((status) => status >= 500)).toEqual([])
  expect(answer.toLowerCase()).not.toContain(MARK)
  expect(faults).toEqual([])
  expect((await look()).status).toBe(200)
})

test('two hundred slow bodies keep nobody else waiting, hold little, and are cut when the desk stops', async () => {
  const own = await startDesk({
    readToken: 'token-for-reading',
    ingestKeys: ['secret-key-for-servers'],
    database: ':memory:',
    port: 0,
    // How long they may go on, which is ten seconds otherwise.
    graceMs: 200,
    onError: (error) => faults.push(error),
  })
  const before = process.memoryUsage().rss
  const sockets = await Promise.all(Array.from({ length: 200 }, () => openSocket(own.url)))
  const closed = sockets.map((socket) => new Promise((resolve) => socket.on('error', () => {}).on('close', resolve)))
  for (const socket of sockets) socket.write(`${POST('/v1/traces', 'Content-Length: 4000000')}{"resource`)
  const headers = { authorization: 'Bearer secret-key-for-servers', 'content-type': 'application/json' }
  const response = await fetch(`${own.url}/v1/traces`, { method: 'POST', headers, body: '{}' })
  expect(response.status).toBe(200)
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * MB)
  await own.stop()
  await Promise.all(closed)
  expect(faults).toEqual([])
})

function look(): Promise<Response> {
  return fetch(`${desk.url}/api/trails/${reference}`, { headers: { authorization: 'Bearer token-for-reading' } })
}

function anyRequest() {
  const signal = oneOf('traces', 'logs')
  const isBrowser = random() < 0.2
  const path = `/v1/${random() < 0.1 ? 'metrics' : signal}${isBrowser ? oneOf('?key=public-key-for-browsers', '?key=public-key-for-browsers&key=x', '?key=') : ''}`
  const [encoding, pack] = oneOf<[string | null, (bytes: Uint8Array) => Uint8Array]>(
    [null, (bytes) => bytes],
    [null, (bytes) => bytes],
    ['identity', (bytes) => bytes],
    ['gzip', (bytes) => gzipSync(bytes, { level: 1 })],
    ['deflate', (bytes) => deflateSync(bytes, { level: 1 })],
    ['gzip', (bytes) => bytes.subarray(0, 9999)],
    ['gzip', (bytes) => gzipSync(gzipSync(bytes))],
    ['gzip, deflate', (bytes) => bytes],
    [MARK, (bytes) => bytes],
  )
  const isProtobuf = random() < 0.4
  const type =
    random() < 0.1
      ? oneOf('text/html', MARK, 'application/json;charset=utf-16')
      : isProtobuf
        ? 'application/x-protobuf'
        : 'application/json'
  const key =
    random() < 0.05
      ? oneOf('', MARK, 'public-key-for-browsers', 'secret-key-for-servers, secret-key-for-servers')
      : 'secret-key-for-servers'
  const headers: Record<string, string> = {
    'content-type': type,
    'x-mark': MARK,
    ...(encoding !== null && { 'content-encoding': encoding }),
    ...(!isBrowser && { authorization: `Bearer ${key}` }),
  }
  const plain =
    random() < 0.03
      ? Buffer.alloc(below((encoding === 'gzip' || encoding === 'deflate' ? 20 : 5) * MB))
      : isProtobuf
        ? anyProtobuf(signal)
        : anyJson(signal)
  return { path, method: random() < 0.03 ? oneOf('GET', 'PUT', 'DELETE') : 'POST', headers, body: pack(plain) }
}

function anyProtobuf(signal: 'traces' | 'logs'): Uint8Array {
  const bytes = [...randomRequest(random, signal), ...Buffer.from(MARK)]
  for (let changes = below(4); changes > 0; changes--)
    bytes.splice(below(bytes.length), below(3), ...(random() < 0.5 ? [below(256)] : []))
  return Uint8Array.from(bytes)
}

/** Sound requests in which any value may be replaced, nested, or cut off. */
function anyJson(signal: 'traces' | 'logs'): Uint8Array {
  const kind = random()
  if (kind < 0.05) return Buffer.from('['.repeat(below(200_000)))
  if (kind < 0.1) {
    const levels = below(5000)
    const nested = `${'{"arrayValue":{"values":['.repeat(levels)}${']}}'.repeat(levels)}`
    return Buffer.from(`{"resourceSpans":[{"resource":{"attributes":[{"key":"a","value":${nested}}]}}]}`)
  }
  if (kind < 0.13) return Uint8Array.from({ length: below(500) }, () => below(256))
  const text = JSON.stringify(twisted(signal === 'traces' ? soundTraces() : soundLogs()))
  return Buffer.from(random() < 0.1 ? text.slice(0, below(text.length)) : text)
}

const ATTRIBUTES = [
  { key: 'waybill.reference', value: { stringValue: reference } },
  { key: 'waybill.fact.order', value: { stringValue: MARK } },
  { key: 'http.response.status_code', value: { intValue: '503' } },
  { key: '__proto__', value: { stringValue: MARK } },
  { key: 'waybill.fact.__proto__', value: { stringValue: MARK } },
]
const AT = `${Date.now()}000000`
const resource = { attributes: [{ key: 'service.name', value: { stringValue: MARK } }] }

function soundTraces(): unknown {
  const times = { startTimeUnixNano: AT, endTimeUnixNano: AT }
  const span = {
    traceId,
    spanId: mintSpanId(),
    name: MARK,
    kind: 2,
    ...times,
    attributes: ATTRIBUTES,
    events: [{ attributes: ATTRIBUTES }],
  }
  return { resourceSpans: [{ resource, scopeSpans: [{ spans: [span, { ...span, links: [span] }] }] }] }
}

function soundLogs(): unknown {
  const record = {
    traceId,
    spanId: mintSpanId(),
    timeUnixNano: AT,
    severityNumber: 17,
    body: { stringValue: MARK },
    attributes: ATTRIBUTES,
  }
  return { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record, { ...record, eventName: MARK }] }] }] }
}

function twisted(value: unknown): unknown {
  if (random() < 0.03)
    return oneOf<unknown>(
      null,
      [],
      {},
      '',
      MARK,
      0,
      -1,
      1e308,
      true,
      '9'.repeat(400),
      { __proto__: null, constructor: MARK },
      [[value]],
    )
  if (Array.isArray(value)) return value.map(twisted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => [
    random() < 0.02 ? oneOf('toString', 'length', MARK) : key,
    twisted(inner),
  ])
  return Object.fromEntries(random() < 0.03 ? [...entries, ['__proto__', { polluted: MARK }]] : entries)
}
