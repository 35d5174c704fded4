import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import { encodeOtlp } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import type { AccessLogLine } from '@waybill/desk'
import { startDesk } from '@waybill/desk'
import { describe, expect, test } from 'vitest'
import { BROWSER_KEY, openDesk, SERVER_KEY, TOKEN } from '../../fixtures/openDesk.ts'
import type { RequestFrom } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'

type Desk = ReturnType<typeof openDesk>
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** Every way to read or change something, each as whoever may not would try it. */
const ROUTES: readonly { readonly path: string; readonly method: string; readonly needs: string }[] = [
  { path: '/api/trails/RF7-K29-QXR', method: 'GET', needs: 'read' },
  { path: '/api/search', method: 'POST', needs: 'read' },
  { path: '/api/customers/0123456789abcdef', method: 'GET', needs: 'read' },
  { path: '/api/map', method: 'GET', needs: 'read' },
  { path: '/api/log', method: 'GET', needs: 'admin' },
  { path: '/api/links', method: 'POST', needs: 'link' },
  { path: '/api/trails/RF7-K29-QXR/handling', method: 'POST', needs: 'link' },
  { path: '/v1/traces', method: 'POST', needs: 'ingest' },
]

describe.each(ROUTES)('$method $path', ({ path, method, needs }) => {
  async function refused(desk: Desk, init: RequestFrom & { key?: string }): Promise<[number, string]> {
    const { key, ...rest } = init
    const query = key === undefined ? '' : `?key=${key}`
    const headers = { 'content-type': 'application/json', ...(rest.headers as Record<string, string>) }
    const answer = await desk.request(path + query, { ...rest, method, headers })
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    const text = await answer.text()
    // Nothing of what was sent comes back.
    for (const secret of ['guess-4711', TOKEN, SERVER_KEY, BROWSER_KEY]) expect(text).not.toContain(secret)
    return [answer.status, text]
  }

  test('is refused without a token, with a wrong, a revoked, an expired one and one for something else, and each is logged', async () => {
    const lines: AccessLogLine[] = []
    let now = Date.now()
    await using desk = openDesk({ log: (line) => lines.push(line), now: () => now })
    const soon = await desk.tokens.create({
      name: 'expired',
      scopes: ['read', 'admin', 'ingest'],
      expiresAt: now + 1000,
    })
    const gone = await desk.tokens.create({ name: 'revoked', scopes: ['read', 'admin', 'ingest'] })
    const other = await desk.tokens.create({ name: 'metrics-only', scopes: ['metrics'] })
    await desk.tokens.revoke('revoked')
    now += 1000
    expect((await refused(desk, {}))[0]).toBe(401)
    expect((await refused(desk, { headers: bearer('guess-4711') }))[0]).toBe(401)
    expect((await refused(desk, { headers: { authorization: `Basic ${TOKEN}` } }))[0]).toBe(401)
    expect(
      (await refused(desk, { headers: { cookie: `waybill_desk=${TOKEN}`, 'sec-fetch-site': 'same-origin' } }))[0],
    ).toBe(401)
    expect((await refused(desk, { key: SERVER_KEY }))[0]).toBe(401)
    expect(await refused(desk, { headers: bearer(soon.value) })).toEqual([401, expect.stringContaining('expired')])
    expect(await refused(desk, { headers: bearer(gone.value) })).toEqual([401, expect.stringContaining('revoked')])
    const wrong = await refused(desk, { headers: bearer(other.value) })
    expect(wrong).toEqual([403, expect.stringContaining(`scope ${needs}`)])
    expect(lines.map(({ event, who, kind }) => [event, who, kind?.replace(/-scope-.*/, '-scope')])).toEqual([
      ['refused', 'nobody', 'no-token'],
      ['refused', 'nobody', 'unknown-token'],
      ['refused', 'expired', 'expired-token'],
      ['refused', 'revoked', 'revoked-token'],
      ['refused', 'metrics-only', 'not-of-scope'],
    ])
    expect(JSON.stringify(lines)).not.toMatch(/guess-4711|wbd_|secret-key|public-key|token-for-reading/)
  })

  test('is not for a browser key but the intake, nor the read token or an ingest key for what the other is for', async () => {
    await using desk = openDesk()
    const statuses = [
      (await desk.request(`${path}?key=${BROWSER_KEY}`, { method, headers: { 'content-type': 'application/json' } }))
        .status,
      (await desk.request(path, { method, headers: bearer(BROWSER_KEY) })).status,
      (await desk.request(path, { method, headers: bearer(TOKEN) })).status,
      (await desk.request(path, { method, headers: bearer(SERVER_KEY) })).status,
    ]
    const isOpen = (status: number): boolean => status !== 401 && status !== 403
    expect(statuses.map(isOpen)).toEqual([
      needs === 'ingest',
      false,
      needs === 'read',
      needs === 'ingest' || needs === 'link',
    ])
  })
})

test('a hundred guesses a second are slowed down, and neither their number nor their words fill the log', async () => {
  let uptime = 0
  let asked = 0
  const lines: AccessLogLine[] = []
  await using desk = openDesk({ clock: () => uptime, log: (line) => lines.push(line) })
  const statuses: number[] = []
  for (; asked < 1000; asked++, uptime += 10) {
    const init = { from: '203.0.113.9', headers: bearer(`guess-${asked}`) }
    statuses.push((await desk.request('/api/trails/x', init)).status)
  }
  // Twenty at once, then one each three seconds, for ten seconds.
  expect(statuses.filter((status) => status === 401)).toHaveLength(23)
  expect(statuses.filter((status) => status === 429)).toHaveLength(977)
  expect(lines).toHaveLength(2)
  expect(JSON.stringify(lines)).not.toContain('guess')
})

test('a client cannot have another address by a header over a real socket, so its guesses count as its own', async () => {
  const lines: AccessLogLine[] = []
  const desk = await startDesk({
    database: ':memory:',
    readToken: TOKEN,
    ingestKeys: [SERVER_KEY],
    trustedProxies: ['192.0.2.1'],
    identityHeader: 'X-Forwarded-Email',
    port: 0,
    log: (line) => lines.push(line),
  })
  const statuses: number[] = []
  for (let count = 0; count < 25; count++) {
    const forged = { 'x-forwarded-for': `198.51.100.${count}, 192.0.2.1`, 'x-forwarded-email': 'jane@shop.example' }
    const headers = { ...forged, ...bearer(`guess-${count}`) }
    statuses.push((await fetch(`${desk.url}/api/trails/x`, { headers })).status)
  }
  expect([statuses.at(0), statuses.at(-1)]).toEqual([401, 429])
  expect(
    (await fetch(`${desk.url}/api/trails/x`, { headers: { 'x-forwarded-email': 'jane@shop.example' } })).status,
  ).toBe(401)
  await desk.stop()
  expect(new Set(lines.map(({ address, who }) => `${address} ${who}`))).toEqual(new Set(['127.0.0.1 nobody']))
})

test.each(['/api/trails/x', '/api/log', '/api/map', '/session', '/api/nothing-here', '/v1/traces', '/nothing'])(
  'the answer of %s is not sniffed, framed, kept, nor drawn into another site',
  async (path) => {
    await using desk = openDesk()
    for (const headers of [bearer(TOKEN), bearer('guess'), {}]) {
      const answer = await desk.request(path, { headers })
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('x-frame-options')).toBe('DENY')
      expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin')
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
    }
  },
)

describe('who has the public key, and no more,', () => {
  const own = (fields: Partial<Step>): Step => {
    const reference = fields.reference ?? mintReference()
    return {
      id: mintSpanId(),
      reference,
      traceId: traceIdOf(reference),
      hop: 'browser',
      service: 'liar',
      name: 'Request refund',
      status: 'ok',
      at: Date.now(),
      durationMs: 1,
      action: 'succeeded',
      ...fields,
    }
  }

  test('cannot turn a failure into a success, or a success into a failure', async () => {
    await using desk = openDesk()
    const failed = refundTrail()
    await desk.sendAsServer(failed.servers)
    const before = (await desk.lookUp(failed.reference)).matches[0]?.outcome
    const lies = failed.servers.flatMap((step) => [
      { ...step, status: 'ok' as const, error: undefined, effect: 'none' as const, remains: 'all is well' },
      { ...step, id: mintSpanId(), status: 'ok' as const, error: undefined, attempt: 9, at: Date.now() },
    ])
    await desk.sendAsBrowser([...lies, own({ reference: failed.reference, effect: 'done' })])
    const after = (await desk.lookUp(failed.reference)).matches[0]?.outcome
    expect(after).toMatchObject({ state: before?.state, hop: before?.hop, advice: before?.advice })

    const [served] = refundTrail().servers
    await desk.sendAsServer([served!])
    const done = (await desk.lookUp(served!.reference)).matches[0]?.outcome
    const error = { type: 'Error', message: 'it was all for nothing' }
    await desk.sendAsBrowser([
      { ...served!, id: mintSpanId(), parentId: served!.id, status: 'error', error, hop: 'worker', attempt: 3 },
      { ...served!, status: 'error', error },
    ])
    expect((await desk.lookUp(served!.reference)).matches[0]?.outcome.state).toBe(done?.state)
  })

  test('cannot bury a trail: its own steps stay, and are found before anything made up', async () => {
    await using desk = openDesk({ limits: { claimsPerTrail: 20, browserRequestsPerMinute: 1000 } })
    const victim = refundTrail({ order: 'A-4711' })
    await desk.sendAsServer(victim.servers)
    for (let count = 0; count < 5; count++) {
      await desk.sendAsBrowser(Array.from({ length: 50 }, () => own({ reference: victim.reference })))
      await desk.sendAsBrowser(Array.from({ length: 50 }, () => own({ facts: { order: 'A-4711' } })))
    }
    const { matches, claims } = await desk.search('A-4711')
    expect(matches[0]).toMatchObject({ reference: victim.reference, foundBy: 'fact:order' })
    expect(claims).toBe(250)
    expect(matches[0]?.steps.filter(({ claimed }) => !claimed)).toHaveLength(victim.servers.length)
    expect(matches[0]?.steps.filter(({ claimed }) => claimed)).toHaveLength(20)
    // And what servers say later is still taken.
    const answer = await desk.sendAsServer([{ ...victim.servers[1]!, id: mintSpanId(), name: 'later' }])
    expect(await answer.json()).toEqual({})
  })

  test('cannot squat: neither the code, nor a step’s id, nor a number that a server has yet to tell', async () => {
    await using desk = openDesk()
    const victim = refundTrail({ order: 'A-4711', person: 'C-4711' })
    const [served] = victim.servers
    await desk.sendAsBrowser([
      own({ reference: victim.reference, facts: { order: 'A-4711' }, person: 'C-4711', name: 'mine' }),
      ...victim.servers.map((step) => ({ ...step, service: 'liar', name: 'mine' })),
      own({ id: served!.id, facts: { order: 'A-4711' } }),
    ])
    expect(await (await desk.sendAsServer(victim.servers)).json()).toEqual({})
    for (const text of ['A-4711', 'C-4711', victim.reference]) {
      const [match] = (await desk.search(text)).matches
      expect(match?.reference, text).toBe(victim.reference)
      expect(match?.foundBy, text).not.toMatch(/^claim/)
      expect(match?.steps.filter(({ claimed }) => !claimed).map(({ service }) => service)).not.toContain('liar')
      expect(match?.steps.filter(({ claimed }) => !claimed)).toHaveLength(victim.servers.length)
    }
    expect((await desk.lookUp(victim.reference)).matches[0]).toMatchObject({
      facts: { order: 'A-4711' },
      claimedFacts: [],
    })
  })

  test('who notes somebody else’s order number is a claim beside, counted and marked, whichever came first', async () => {
    for (const isFirst of [true, false]) {
      await using desk = openDesk()
      const victim = refundTrail({ order: 'A-4711' })
      const stranger = own({ facts: { order: 'A-4711' } })
      if (isFirst) await desk.sendAsBrowser([stranger])
      await desk.sendAsServer(victim.servers)
      if (!isFirst) await desk.sendAsBrowser([stranger])
      const { matches, claims } = await desk.search('where is A-4711?')
      expect([claims, matches.map(({ reference, foundBy, claimed }) => [reference, foundBy, claimed])]).toEqual([
        1,
        [
          [victim.reference, 'fact:order', false],
          [stranger.reference, 'claimed-fact:order', true],
        ],
      ])
      expect(matches[0]?.steps.some(({ service }) => service === 'liar')).toBe(false)
    }
  })

  test('is a claim whatever it says of itself in the body', async () => {
    await using desk = openDesk()
    const { servers, reference } = refundTrail()
    const text = JSON.stringify(encodeOtlp(servers)).replaceAll(
      '"attributes":[',
      '"attributes":[{"key":"waybill.claimed","value":{"boolValue":false}},',
    )
    expect((await desk.request(`/v1/traces?key=${BROWSER_KEY}`, { method: 'POST', body: text })).status).toBe(200)
    expect((await desk.lookUp(reference)).matches[0]?.claimed).toBe(true)
  })

  test('cannot add to its rights by a second key, a token in the body, or headers of other systems', async () => {
    await using desk = openDesk()
    const { servers, reference } = refundTrail()
    const body = JSON.stringify(encodeOtlp(servers))
    for (const [query, headers] of [
      [`?key=${BROWSER_KEY}&key=${SERVER_KEY}`, {}],
      [`?key=${BROWSER_KEY}&token=${SERVER_KEY}`, { 'x-api-key': SERVER_KEY }],
      [`?key=${BROWSER_KEY}&claimed=false`, { 'proxy-authorization': `Bearer ${SERVER_KEY}` }],
    ] as const) {
      const init = { method: 'POST', body, headers: headers as Record<string, string> }
      expect((await desk.request(`/v1/traces${query}`, init)).status).toBe(200)
    }
    expect((await desk.lookUp(reference)).matches[0]?.claimed).toBe(true)
  })
})
