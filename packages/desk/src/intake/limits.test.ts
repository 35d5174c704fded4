import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { mintSpanId } from '@waybill/reference'
import { encodeOtlp } from '@waybill/trail'
import { expect, test } from 'vitest'
import { BROWSER_KEY, openDesk, SERVER_KEY } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'

const asServer = { 'content-type': 'application/json', authorization: `Bearer ${SERVER_KEY}` }

test('a browser may send 64 kB at once and a server 4 MB', async () => {
  await using desk = openDesk()
  const padded = (bytes: number): string => `{"resourceSpans":[],"pad":"${'x'.repeat(bytes)}"}`
  const browser = (body: string) => desk.request(`/v1/traces?key=${BROWSER_KEY}`, { method: 'POST', body })
  const server = (body: string) => desk.request('/v1/traces', { method: 'POST', headers: asServer, body })
  expect((await browser(padded(60_000))).status).toBe(200)
  expect((await browser(padded(70_000))).status).toBe(413)
  expect((await server(padded(4_000_000))).status).toBe(200)
  expect((await server(padded(4_300_000))).status).toBe(413)
})

test('a body without a length is cut off when it grows too long', async () => {
  await using desk = openDesk()
  let pulled = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled++
      controller.enqueue(new Uint8Array(16_384).fill(0x20))
    },
  })
  const init = { method: 'POST', body, duplex: 'half' } as RequestInit
  const headers = { 'content-type': 'application/json' }
  const response = await desk.request(`/v1/traces?key=${BROWSER_KEY}`, { ...init, headers })
  expect(response.status).toBe(413)
  expect(pulled).toBeLessThan(10)
})

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
])('a bomb of %s is cut off while it unfolds', async (encoding, pack) => {
  await using desk = openDesk()
  const body = pack(Buffer.alloc(200_000_000, 0x20), { level: 1 })
  expect(body.byteLength).toBeLessThan(4_000_000)
  const headers = { ...asServer, 'content-encoding': encoding }
  const before = process.memoryUsage().rss
  const response = await desk.request('/v1/traces', { method: 'POST', headers, body })
  expect(response.status).toBe(413)
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
})

const MESSAGES = 1_100_000
test.each([
  // A list of spans within a scope within a resource: each span has no field and takes two bytes.
  [
    'protobuf',
    'application/x-protobuf',
    (): Uint8Array<ArrayBuffer> =>
      nested(
        [0x0a, 0x12],
        new Uint8Array(MESSAGES * 2).map((_, at) => (at % 2 ? 0 : 0x12)),
      ),
  ],
  ['JSON', 'application/json', () => `{"resourceSpans":[${'{},'.repeat(MESSAGES)}{}]}`],
])('a body of %s that is small, and huge as objects, is 413 before it is', async (_, type, bodyOf) => {
  await using desk = openDesk()
  const headers = { ...asServer, 'content-type': type }
  const response = await desk.request('/v1/traces', { method: 'POST', headers, body: bodyOf() })
  expect(response.status).toBe(413)
  expect(await response.text()).toContain('more in it than the desk takes at once')
})

test('braces in texts are no objects', async () => {
  await using desk = openDesk()
  const body = String.raw`{"resourceSpans":[],"pad":"\"${'{['.repeat(MESSAGES)}\\"}`
  expect((await desk.request('/v1/traces', { method: 'POST', headers: asServer, body })).status).toBe(200)
})

/** What lies within one message after the other, of these tags from the outermost in. */
function nested(tags: readonly number[], inner: Uint8Array): Uint8Array<ArrayBuffer> {
  let bytes = Uint8Array.from(inner)
  for (const tag of tags.toReversed()) {
    const length: number[] = []
    for (let rest = bytes.length; rest > 0; rest >>>= 7) length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
    bytes = Uint8Array.from([tag, ...length, ...bytes])
  }
  return bytes
}

test('what is packed otherwise than it says is 400, and any other encoding, or several, 415 with those that are taken', async () => {
  await using desk = openDesk()
  const { servers, reference } = refundTrail()
  const json = JSON.stringify(encodeOtlp(servers))
  const send = (encoding: string, body: BodyInit) =>
    desk.request('/v1/traces', { method: 'POST', headers: { ...asServer, 'content-encoding': encoding }, body })
  const damaged = [
    ['gzip', 'no gzip at all'],
    ['gzip', gzipSync(json).subarray(0, 100)],
    ['gzip', deflateSync(json)],
    ['deflate', 'no zlib'],
    ['deflate', deflateSync(json).subarray(0, 100)],
    ['deflate', deflateRawSync(json)],
    ['deflate', gzipSync(json)],
  ] as const
  for (const [encoding, body] of damaged)
    expect([encoding, (await send(encoding, body)).status]).toEqual([encoding, 400])
  for (const encoding of ['br', 'zstd', 'gzip, deflate', 'gzip, gzip', 'identity, gzip', '__proto__', 'toString']) {
    const response = await send(encoding, 'x')
    expect([encoding, response.status, response.headers.get('accept-encoding')]).toEqual([
      encoding,
      415,
      'gzip, deflate',
    ])
  }
  expect((await desk.lookUp(reference)).matches).toEqual([])
  const taken = [
    ['GZIP', gzipSync(json)],
    ['x-gzip', gzipSync(json)],
    ['deflate', deflateSync(json)],
    ['identity', json],
  ] as const
  for (const [encoding, body] of taken) expect([encoding, (await send(encoding, body)).status]).toEqual([encoding, 200])
  expect((await desk.lookUp(reference)).matches[0]?.steps).toHaveLength(servers.length)
})

test('of one browser request 50 steps are kept, and the answer counts the rest', async () => {
  await using desk = openDesk()
  const { browser, reference } = refundTrail()
  const [call] = browser
  const steps = Array.from({ length: 60 }, (_, index) => ({ ...call!, id: mintSpanId(), at: call!.at + index }))
  const response = await desk.sendAsBrowser(steps)
  expect(await response.json()).toMatchObject({ partialSuccess: { rejectedSpans: '10' } })
  expect((await desk.lookUp(reference)).matches[0]?.steps).toHaveLength(50)
})

test('a full trail refuses steps and says so', async () => {
  await using desk = openDesk({ limits: { stepsPerTrail: 3 } })
  const { servers } = refundTrail()
  expect(await (await desk.sendAsServer(servers)).json()).toMatchObject({
    partialSuccess: {
      rejectedSpans: String(servers.length - 3),
      errorMessage: expect.stringContaining('a trail that is full'),
    },
  })
})

test('texts of a step are kept to 2 kB', async () => {
  await using desk = openDesk()
  const { servers, reference } = refundTrail()
  await desk.sendAsServer([{ ...servers[0]!, name: 'x'.repeat(50_000), facts: { order: 'y'.repeat(50_000) } }])
  const [match] = (await desk.lookUp(reference)).matches
  expect(Buffer.byteLength(JSON.stringify(match?.steps))).toBeLessThan(3 * 2048)
})

test('a browser that sends too often is asked to wait, and servers are not', async () => {
  let uptime = 0
  await using desk = openDesk({ limits: { browserRequestsPerMinute: 3 }, clock: () => uptime })
  const { browser, servers } = refundTrail()
  const statuses = []
  for (let count = 0; count < 5; count++) statuses.push((await desk.sendAsBrowser(browser)).status)
  expect(statuses).toEqual([200, 200, 200, 429, 429])
  const refused = await desk.sendAsBrowser(browser)
  expect(refused.headers.get('retry-after')).toBe('20')
  expect((await desk.sendAsServer(servers)).status).toBe(200)
  uptime += 20_000
  expect((await desk.sendAsBrowser(browser)).status).toBe(200)
})

test('behind a trusted proxy every client has its own bucket, and without trust the header counts for nothing', async () => {
  const limits = { browserRequestsPerMinute: 1 }
  const { browser } = refundTrail()
  for (const [trustedProxies, expected] of [
    [['10.9.0.0/16'], [200, 200, 429]],
    [[], [200, 429, 429]],
  ] as const) {
    await using desk = openDesk({ limits, trustedProxies })
    const from = (address: string) =>
      desk.sendAsBrowser(browser, { from: '10.9.0.1', headers: { 'x-forwarded-for': address } })
    const answers = [await from('10.0.0.1'), await from('10.0.0.2'), await from('made-up, 10.0.0.2')]
    expect(answers.map((answer) => answer.status)).toEqual(expected)
  }
})

test('a desk whose queue is full answers 503 with Retry-After, and keeps what it accepted', async () => {
  await using desk = openDesk({ limits: { waitingSteps: 30 } })
  const trails = Array.from({ length: 10 }, () => refundTrail())
  const answers = await Promise.all(trails.map((trail) => desk.sendAsServer(trail.servers)))
  const busy = answers.filter((answer) => answer.status === 503)
  expect(busy.length).toBeGreaterThan(0)
  expect(busy.every((answer) => Number(answer.headers.get('retry-after')) > 0)).toBe(true)
  for (const [index, trail] of trails.entries()) {
    const { matches } = await desk.lookUp(trail.reference)
    expect(matches).toHaveLength(answers[index]?.status === 200 ? 1 : 0)
  }
})
