import { gzipSync } from 'node:zlib'
import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import { encodeOtlp } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { describe, expect, test } from 'vitest'
import { bytesOfRequest, RESPONSES, STATUS } from '../../../trail/fixtures/otlpSchema.ts'
import { BROWSER_KEY, openDesk, SERVER_KEY, TOKEN } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'

type Desk = ReturnType<typeof openDesk>

const asServer = { 'content-type': 'application/x-protobuf', authorization: `Bearer ${SERVER_KEY}` }

function send(desk: Desk, body: Uint8Array | string, headers: Record<string, string> = {}): Promise<Response> {
  const bytes = typeof body === 'string' ? body : Uint8Array.from(body)
  return desk.request('/v1/traces', { method: 'POST', headers: { ...asServer, ...headers }, body: bytes })
}

const encoded = (steps: readonly Step[]): Uint8Array => bytesOfRequest(JSON.parse(JSON.stringify(encodeOtlp(steps))))

async function said(response: Response): Promise<unknown> {
  expect(response.headers.get('content-type')).toBe('application/x-protobuf')
  const type = response.ok ? RESPONSES.traces : STATUS
  return type.toObject(type.decode(new Uint8Array(await response.arrayBuffer())), { longs: String })
}

describe('a request in protobuf', () => {
  test.each([
    ['plain', {}, (bytes: Uint8Array) => bytes],
    ['gzipped', { 'content-encoding': 'gzip' }, (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes))],
  ])('%s, is kept, and answered with nothing, in protobuf', async (_, headers, packed) => {
    await using desk = openDesk()
    const { servers, reference } = refundTrail()
    const response = await send(desk, packed(encoded(servers)), headers)
    expect([response.status, await said(response)]).toEqual([200, {}])
    expect((await desk.lookUp(reference)).matches[0]?.steps).toHaveLength(servers.length)
  })

  test('is also taken from a page with its key, as a claim', async () => {
    await using desk = openDesk()
    const { browser, reference } = refundTrail()
    const headers = { 'content-type': 'application/x-protobuf', origin: 'https://shop.example' }
    const body = Uint8Array.from(encoded(browser))
    const taken = await desk.request(`/v1/traces?key=${BROWSER_KEY}`, { method: 'POST', headers, body })
    expect([taken.status, await said(taken)]).toEqual([200, {}])
    expect(taken.headers.get('access-control-allow-origin')).toBe('*')
    expect((await desk.lookUp(reference)).matches[0]?.steps.every((step) => step.claimed)).toBe(true)
  })

  test('that holds nothing is a success', async () => {
    await using desk = openDesk()
    const response = await send(desk, '')
    expect([response.status, await said(response)]).toEqual([200, {}])
  })

  test('is answered with how many were rejected, and why, and the rest is kept', async () => {
    await using desk = openDesk()
    const { servers, reference } = refundTrail()
    const future = Array.from({ length: 300 }, () => ({
      ...servers[0]!,
      id: mintSpanId(),
      at: Date.now() + 10 * 86_400_000,
    }))
    const response = await send(desk, encoded([...servers, ...future]))
    expect([response.status, await said(response)]).toEqual([
      200,
      { partialSuccess: { rejectedSpans: '300', errorMessage: 'Not kept: a time that cannot be true.' } },
    ])
    expect((await desk.lookUp(reference)).matches[0]?.steps).toHaveLength(servers.length)
  })

  test('is answered with a warning, and none rejected, where a part of a step is left out', async () => {
    await using desk = openDesk()
    const response = await send(desk, encoded([{ ...refundTrail().servers[0]!, facts: { größe: 'x' } }]))
    expect(await said(response)).toEqual({
      partialSuccess: { errorMessage: expect.stringContaining('Left out of steps that are kept: a fact whose name') },
    })
  })

  test('reads ids and times as JSON does', async () => {
    const reference = mintReference()
    const traceId = traceIdOf(reference)
    const servers = refundTrail({ reference }).servers.map((step) => ({ ...step, person: undefined }))
    await using one = openDesk()
    await using other = openDesk()
    await one.sendAsServer(servers)
    await send(other, encoded(servers))
    expect((await other.lookUp(traceId)).matches).toEqual((await one.lookUp(traceId)).matches)
  })
})

describe('an error is told in protobuf, too', () => {
  test.each([
    ['no known key', 401, { authorization: `Bearer ${TOKEN}` }, '', 'No known key'],
    ['what is no protobuf', 400, {}, '{"resourceSpans":[]}', 'not an OTLP trace request in protobuf'],
    ['a body cut short', 400, {}, '\n\u0005\n', 'ends before what it announces'],
    ['text that is no UTF-8', 400, {}, Uint8Array.from([0x0a, 0x04, 0x1a, 0x02, 0xc3, 0x28]), 'no UTF-8'],
    ['broken gzip', 400, { 'content-encoding': 'gzip' }, 'no gzip', 'cannot be unpacked'],
    ['broken deflate', 400, { 'content-encoding': 'deflate' }, 'no zlib', 'cannot be unpacked'],
    ['another encoding', 415, { 'content-encoding': 'br' }, 'x', 'plain, gzip or deflate'],
    ['a list of encodings', 415, { 'content-encoding': 'gzip, deflate' }, 'x', 'one of them'],
    ['too much at once', 413, {}, new Uint8Array(4_300_000), 'too large'],
    [
      'a gzip bomb',
      413,
      { 'content-encoding': 'gzip' },
      new Uint8Array(gzipSync(new Uint8Array(20_000_000))),
      'too large',
    ],
  ])('%s', async (_, status, headers, body, message) => {
    await using desk = openDesk()
    const response = await send(desk, body, headers)
    expect([response.status, await said(response)]).toEqual([status, { message: expect.stringContaining(message) }])
  })

  test('a sender who comes too often is told when to come again', async () => {
    await using desk = openDesk({ limits: { serverRequestsPerMinute: 1 } })
    await send(desk, '')
    const response = await send(desk, '')
    expect([response.status, await said(response)]).toEqual([
      429,
      { message: expect.stringContaining('Too many requests') },
    ])
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

test('the type is answered as it was sent, parameters aside, and anything else is told what is taken', async () => {
  await using desk = openDesk()
  const answered = async (type: string) => {
    const response = await send(desk, '', { 'content-type': type })
    return [response.status, response.headers.get('content-type')]
  }
  expect(await answered('Application/X-Protobuf; charset=binary')).toEqual([200, 'application/x-protobuf'])
  expect(await answered('application/protobuf')).toEqual([200, 'application/protobuf'])
  expect(await answered('application/xml')).toEqual([415, 'application/problem+json'])
})
