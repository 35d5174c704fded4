import { gzipSync } from 'node:zlib'
import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import { encodeOtlp } from '@waybill/trail'
import { describe, expect, test } from 'vitest'
import { BROWSER_KEY, openDesk, SERVER_KEY, TOKEN } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'

const json = { 'content-type': 'application/json' }
const asServer = { ...json, authorization: `Bearer ${SERVER_KEY}` }

describe('keys', () => {
  test('a server’s key in the header and a browser’s in the query are taken', async () => {
    await using desk = openDesk()
    const { browser, servers } = refundTrail()
    expect((await desk.sendAsServer(servers)).status).toBe(200)
    expect((await desk.sendAsBrowser(browser)).status).toBe(200)
  })

  test.each([
    ['no key', '/v1/traces', {}],
    ['an unknown server key', '/v1/traces', { authorization: 'Bearer nobody' }],
    ['an unknown browser key', '/v1/traces?key=nobody', {}],
    ['a server key in the query', `/v1/traces?key=${SERVER_KEY}`, {}],
  ])('%s is refused with 401', async (_, path, headers) => {
    await using desk = openDesk()
    const body = JSON.stringify(encodeOtlp(refundTrail().servers))
    const response = await desk.request(path, { method: 'POST', headers: { ...json, ...headers }, body })
    expect(response.status).toBe(401)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
  })

  test.each([
    ['a browser key in the header', BROWSER_KEY],
    ['the read token', TOKEN],
  ])('%s is refused with 403, which names the scope', async (_, key) => {
    await using desk = openDesk()
    const response = await desk.sendAsServer(refundTrail().servers, key)
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ title: expect.stringContaining('scope ingest') })
  })

  test('an empty key is wrong set-up and throws at once', () => {
    expect(() => openDesk({ ingestKeys: [''] })).toThrow('[waybill]')
    expect(() => openDesk({ readToken: ' ' })).toThrow('[waybill]')
  })
})

describe('bodies', () => {
  test('gzip is unfolded', async () => {
    await using desk = openDesk()
    const { servers, reference } = refundTrail()
    const body = gzipSync(JSON.stringify(encodeOtlp(servers)))
    const headers = { ...asServer, 'content-encoding': 'gzip' }
    expect((await desk.request('/v1/traces', { method: 'POST', headers, body })).status).toBe(200)
    expect((await desk.lookUp(reference)).matches[0]?.steps).toHaveLength(servers.length)
  })

  test('what a page sends as it goes, text/plain, is taken from browsers and not from servers', async () => {
    await using desk = openDesk()
    const { browser, reference } = refundTrail()
    const headers = { 'content-type': 'text/plain;charset=UTF-8' }
    expect((await desk.sendAsBrowser(browser, { headers })).status).toBe(200)
    expect((await desk.lookUp(reference)).matches).toHaveLength(1)
    const body = JSON.stringify(encodeOtlp(browser))
    const plain = { ...asServer, 'content-type': 'text/plain' }
    expect((await desk.request('/v1/traces', { method: 'POST', headers: plain, body })).status).toBe(415)
  })

  test.each([
    ['no JSON', '{"resourceSpans":'],
    ['a JSON text', '"resourceSpans"'],
    ['null', 'null'],
    ['nothing', ''],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe])],
  ])('%s is answered with 400 and problem details', async (_, body) => {
    await using desk = openDesk()
    const response = await desk.request('/v1/traces', { method: 'POST', headers: asServer, body })
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ status: 400, title: expect.any(String) })
  })

  test('anything but JSON and protobuf is answered with 415 and the way to either', async () => {
    await using desk = openDesk()
    const headers = { ...asServer, 'content-type': 'application/xml' }
    const response = await desk.request('/v1/traces', { method: 'POST', headers, body: 'x' })
    expect(response.status).toBe(415)
    expect(await response.text()).toContain('http/protobuf or http/json')
  })

  test('spans that cannot be steps are counted, and the rest is kept', async () => {
    await using desk = openDesk()
    const { servers, reference } = refundTrail()
    const [first] = servers
    if (!first) throw new Error('The trail has steps.')
    const foreign = { ...first, id: mintSpanId(), traceId: 'not-a-trace-id' }
    const future = { ...first, id: mintSpanId(), at: Date.now() + 10 * 86_400_000 }
    const response = await desk.sendAsServer([...servers, foreign, future])
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      partialSuccess: { rejectedSpans: '2', errorMessage: expect.stringContaining('a time that cannot be true') },
    })
    expect((await desk.lookUp(reference)).matches[0]?.steps).toHaveLength(servers.length)
  })
})

describe('foreign trace-ids', () => {
  const reference = mintReference()
  const traceId = 'abcdef0123456789abcdef0123456789'
  const [, , known] = refundTrail({ reference }).servers.map((step) => ({ ...step, traceId }))
  /** As a stock OpenTelemetry SDK sends it: no attribute of ours. */
  const stock = {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'ledger' } }] },
        scopeSpans: [
          { spans: [{ traceId, spanId: mintSpanId(), name: 'book', startTimeUnixNano: `${Date.now()}000000` }] },
        ],
      },
    ],
  }
  const sendStock = (desk: ReturnType<typeof openDesk>) =>
    desk.request('/v1/traces', { method: 'POST', headers: asServer, body: JSON.stringify(stock) })

  test('a span of a trace whose reference a server named before joins its trail', async () => {
    await using desk = openDesk()
    await desk.sendAsServer([known!])
    expect(await (await sendStock(desk)).json()).toEqual({})
    const [match] = (await desk.lookUp(traceId)).matches
    expect(match).toMatchObject({ reference, traceId: traceIdOf(reference), aliases: [traceId], foundBy: 'trace' })
    expect(match?.steps.map((step) => step.service)).toContain('ledger')
  })

  test('a fact that reads like its trace-id, whoever notes it and however often, does not turn a server’s later spans away', async () => {
    await using desk = openDesk()
    await desk.sendAsServer([known!])
    const facts = { order: traceId }
    for (let count = 0; count < 5; count++) {
      const other = refundTrail()
      await desk.sendAsBrowser([{ ...other.browser[0]!, facts }])
      await desk.sendAsBrowser([{ ...other.browser[0]!, id: mintSpanId(), traceId, reference: other.reference }])
      await desk.sendAsServer([{ ...other.servers[0]!, facts, session: traceId, jobId: traceId }])
    }
    expect(await (await sendStock(desk)).json()).toEqual({})
    const own = (await desk.lookUp(reference)).matches[0]
    expect(own?.steps.map((step) => step.service)).toContain('ledger')
  })

  test('a browser cannot draw a server’s steps into a trail', async () => {
    await using desk = openDesk()
    await desk.sendAsBrowser([known!])
    await sendStock(desk)
    const steps = (await desk.lookUp(reference)).matches.flatMap((match) => match.steps)
    expect(steps.map((step) => step.service)).not.toContain('ledger')
  })

  test('a stock span of no reference is no fault of its sender’s, and is told of once; one of ours is, for its namespace is another', async () => {
    const told: string[] = []
    await using desk = openDesk({ warn: (message) => told.push(message) })
    for (let count = 0; count < 2; count++) expect(await (await sendStock(desk)).json()).toEqual({})
    expect(told).toEqual([expect.stringContaining('same namespace')])
    const own = JSON.stringify(stock).replace(
      '"name"',
      '"attributes":[{"key":"waybill.hop","value":{"stringValue":"api"}}],"name"',
    )
    const answer = await desk.request('/v1/traces', { method: 'POST', headers: asServer, body: own })
    expect(await answer.json()).toMatchObject({ partialSuccess: { rejectedSpans: '1' } })
  })
})

describe('other origins', () => {
  const preflight = (origin: string): RequestInit => ({
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
  })

  test('pages of any origin may send with the browser key unless origins are listed', async () => {
    await using desk = openDesk()
    const response = await desk.request('/v1/traces', preflight('https://shop.example'))
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('access-control-allow-headers')).toContain('content-type')
    const sent = await desk.sendAsBrowser(refundTrail().browser, { headers: { origin: 'https://shop.example' } })
    expect(sent.headers.get('access-control-allow-origin')).toBe('*')
  })

  test('with a list only its origins may', async () => {
    await using desk = openDesk({ browserOrigins: ['https://shop.example'] })
    const { browser } = refundTrail()
    const from = (origin: string) => desk.sendAsBrowser(browser, { headers: { origin } })
    expect((await from('https://shop.example')).status).toBe(200)
    expect((await from('https://shop.example.evil.example')).status).toBe(403)
    const refused = await desk.request('/v1/traces', preflight('https://evil.example'))
    expect(refused.headers.get('access-control-allow-origin')).not.toBe('https://evil.example')
  })

  test('look-up answers to no other origin', async () => {
    await using desk = openDesk()
    const response = await desk.request('/api/trails/x', preflight('https://shop.example'))
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('what does not fit', () => {
  const warned = async (response: Response): Promise<unknown> => {
    expect(response.status).toBe(200)
    return await response.json()
  }

  test('a fact that breaks the rule is left out of a step that is kept, and the answer is OTLP’s warning', async () => {
    await using desk = openDesk()
    const { browser, servers, reference } = refundTrail()
    const facts = { '2fa': 'sms', _id: '7', 'order no': 'x', long: 'x'.repeat(201) }
    const wrong = {
      partialSuccess: {
        rejectedSpans: '0',
        errorMessage: expect.stringMatching(
          /^Left out of steps that are kept: a fact whose name .*; a fact of more than/,
        ),
      },
    }
    expect(await warned(await desk.sendAsServer([{ ...servers[0]!, facts }]))).toEqual(wrong)
    expect(await warned(await desk.sendAsBrowser([{ ...browser[0]!, facts }]))).toEqual(wrong)
    const [match] = (await desk.lookUp(reference)).matches
    expect(match?.facts).toEqual({ '2fa': 'sms', _id: '7' })
    expect((await desk.lookUp('sms')).matches).toHaveLength(1)
  })

  test('a fact that is the person’s own id is kept as a hash only, and the answer says so', async () => {
    await using desk = openDesk()
    const { servers } = refundTrail()
    const step = { ...servers[0]!, person: 'C-2041', facts: { customer: 'c-2041', order: 'A-1001' } }
    expect(await warned(await desk.sendAsServer([step]))).toMatchObject({
      partialSuccess: { rejectedSpans: '0', errorMessage: expect.stringContaining('kept as a hash only') },
    })
    expect((await desk.lookUp('C-2041')).matches[0]?.facts).toEqual({ order: 'A-1001' })
  })

  test('what is kept whole is answered without a word', async () => {
    await using desk = openDesk()
    expect(await warned(await desk.sendAsServer(refundTrail().servers))).toEqual({})
  })

  test('a value is found as it is shown, with invisible characters in it or without', async () => {
    await using desk = openDesk()
    const { servers, reference } = refundTrail()
    const facts = { order: 'A-\u200b7\u202e001', name: 'می\u200cخواهم', wide: 'ﷺ'.repeat(200) }
    await desk.sendAsServer([{ ...servers[0]!, facts }])
    for (const text of ['A-7001', 'A-7001\u200e', '\ufeffA-\u20607001', 'میخواهم', facts.name, facts.wide]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect((await desk.search(text)).matches.map((match) => match.reference)).toEqual([reference])
    }
  })
})
