import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mintReference } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import { ATTRIBUTES } from '@waybill/trail'
import { tempoSpans } from '@waybill/desk'
import type { AccessLogLine, NotedHandling } from '@waybill/desk'
import { afterAll, describe, expect, test } from 'vitest'
import { BROWSER_KEY, openDesk, SERVER_KEY, TOKEN } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import { startTempo } from '../../fixtures/startTempo.ts'
import { stepOf } from '../../fixtures/stepOf.ts'

type Desk = ReturnType<typeof openDesk>

const folder = mkdtempSync(join(tmpdir(), 'waybill-handling-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A desk with a failed refund and a token of somebody of support. */
async function openWithRefund(options: Parameters<typeof openDesk>[0] = {}) {
  const desk = openDesk(options)
  const { servers, reference } = refundTrail()
  await desk.sendAsServer(servers)
  const { value: token } = await desk.tokens.create({ name: 'ada@shop.example', scopes: ['read', 'link'] })
  return { desk, reference, token, [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose]() }
}

interface Handle {
  readonly reference: Reference
  readonly token: string
  readonly headers?: Record<string, string>
}

function handle(desk: Desk, { reference, token, headers }: Handle, body: unknown): Promise<Response> {
  return desk.request(`/api/trails/${reference}/handling`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

async function handled(...args: Parameters<typeof handle>): Promise<NotedHandling> {
  const response = await handle(...args)
  expect(response.status).toBe(200)
  return ((await response.json()) as { handling: NotedHandling }).handling
}

async function matchOf(desk: Desk, reference: Reference) {
  return (await desk.lookUp(reference)).matches[0]!
}

test('somebody takes a trail up, and then notes that it is done, and every look-up says so', async () => {
  let now = Date.now()
  await using given = await openWithRefund({ now: () => now })
  const { desk, reference } = given
  expect((await matchOf(desk, reference)).handling).toBeNull()
  const taken = await handled(desk, given, { state: 'taken', by: ' Ada\u0000 ', after: null })
  expect(taken).toEqual({
    state: 'taken',
    by: 'Ada',
    who: 'ada@shop.example',
    note: null,
    at: new Date(now).toISOString(),
    id: expect.stringMatching(/^[\da-f]{16}$/),
  })
  expect((await matchOf(desk, reference)).handling).toEqual({ ...taken, isOutdated: false })
  now += 120_000
  const done = await handled(desk, given, { state: 'done', note: 'refunded\nby hand', after: taken.id })
  expect(done).toMatchObject({ state: 'done', by: 'ada@shop.example', note: 'refunded by hand' })
  const match = await matchOf(desk, reference)
  expect(match.handling).toEqual({ ...done, isOutdated: false })
  expect(match.steps.filter(({ service }) => service === 'desk').map(({ name, part }) => [name, part])).toEqual([
    ['that somebody is on it', 'records'],
    ['that it was handled', 'records'],
  ])
})

test('it needs no taking up to be done, and can be given back', async () => {
  await using given = await openWithRefund()
  const { desk, reference } = given
  const done = await handled(desk, given, { state: 'done', by: 'Ada', after: null })
  const open = await handled(desk, given, { state: 'open', by: 'Grace', after: done.id })
  expect((await matchOf(desk, reference)).handling).toEqual({ ...open, isOutdated: false })
  expect(open).toMatchObject({ state: 'open', by: 'Grace' })
})

test('whoever saw an older state changes nothing, and is told who was first', async () => {
  await using given = await openWithRefund()
  const { desk, reference } = given
  const first = await handled(desk, given, { state: 'taken', by: 'Ada', after: null })
  for (const after of [null, '0123456789abcdef']) {
    const late = await handle(desk, given, { state: 'taken', by: 'Grace', after })
    expect(late.status).toBe(409)
    expect(late.headers.get('content-type')).toBe('application/problem+json')
    expect(await late.json()).toMatchObject({ type: 'about:blank', status: 409, handling: first })
  }
  expect((await matchOf(desk, reference)).handling).toEqual({ ...first, isOutdated: false })
  // Who only links learns that it was late, and not who was first.
  const links = await handle(desk, { ...given, token: SERVER_KEY }, { state: 'taken', by: 'bot', after: null })
  expect(links.status).toBe(409)
  expect(await links.text()).not.toContain('Ada')
})

test.each([
  ['in memory', ':memory:'],
  ['in a file', join(folder, 'race.db')],
])('of many at the same instant exactly one is first, also among equals, %s', async (_, database) => {
  const now = Date.now()
  await using given = await openWithRefund({ database, now: () => now })
  const { desk, reference } = given
  // Of a token that was never seen from an address no more than twenty are looked at together.
  await handle(desk, given, { state: 'open', by: 'Ada', after: null })
  let after: string | null = null
  for (const state of ['taken', 'done'] as const) {
    const said = (index: number) => ({ state, by: index < 20 ? 'Ada' : `agent ${index}`, after })
    const answers: Response[] = await Promise.all(
      Array.from({ length: 40 }, (_each, index) => handle(desk, given, said(index))),
    )
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { handling: NotedHandling }[]
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b)
    expect(statuses).toEqual([200, ...Array.from({ length: 39 }, () => 409)])
    const [winner] = bodies.filter((_each, index) => answers[index]!.status === 200)
    for (const { handling } of bodies) expect(handling).toEqual(winner!.handling)
    const match = await matchOf(desk, reference)
    expect(match.handling).toEqual({ ...winner!.handling, isOutdated: false })
    after = winner!.handling.id
  }
  // Those that lost are in nobody's way.
  expect((await matchOf(desk, reference)).steps.filter(({ service }) => service === 'desk')).toHaveLength(2)
})

test('it stays over a restart, and the one that was first stays first', async () => {
  const database = join(folder, 'restart.db')
  let kept: NotedHandling
  let reference: Reference
  {
    await using given = await openWithRefund({ database })
    ;({ reference } = given)
    kept = await handled(given.desk, given, { state: 'taken', by: 'Ada', note: 'calls the bank', after: null })
  }
  await using desk = openDesk({ database })
  expect((await matchOf(desk, reference)).handling).toEqual({ ...kept, isOutdated: false })
})

test('of what happened it changes nothing that is said', async () => {
  const now = Date.now()
  await using given = await openWithRefund({ now: () => now })
  const { desk, reference } = given
  const link = { reference, kind: 'ticket', value: 'ZD-1' }
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${SERVER_KEY}` }
  await desk.request('/api/links', { method: 'POST', headers, body: JSON.stringify(link) })
  const before = await matchOf(desk, reference)
  await handled(desk, given, { state: 'done', by: 'Ada', note: 'order A-9999', after: null })
  const { steps, handling, ...after } = await matchOf(desk, reference)
  const { steps: stepsBefore, handling: _none, ...rest } = before
  expect(after).toEqual(rest)
  expect(handling?.note).toBe('order A-9999')
  expect(steps.filter(({ service }) => service !== 'desk')).toEqual(stepsBefore)
  expect((await desk.lookUp('A-9999')).matches).toEqual([])
  expect((await desk.lookUp('Ada')).matches).toEqual([])
})

test('a trail that only a browser reported can be taken up, and stays a claim', async () => {
  await using given = await openWithRefund()
  const { desk } = given
  const { browser, reference } = refundTrail()
  await desk.sendAsBrowser(browser)
  const before = await matchOf(desk, reference)
  await handled(desk, { ...given, reference }, { state: 'taken', by: 'Ada', after: null })
  const { claimed, startedAt, outcome } = await matchOf(desk, reference)
  expect({ claimed, startedAt, outcome }).toEqual({
    claimed: true,
    startedAt: before.startedAt,
    outcome: before.outcome,
  })
})

test('nobody but the desk writes it: not a browser, not a server, and not what was written for another trail', async () => {
  await using given = await openWithRefund()
  const { desk, reference } = given
  const real = await handled(desk, given, { state: 'taken', by: 'Ada', after: null })
  const other = refundTrail()
  await desk.sendAsServer(other.servers)
  const attributes = {
    [ATTRIBUTES.handling]: 'done',
    [ATTRIBUTES.handledBy]: 'Mallory',
    [ATTRIBUTES.handledWho]: 'mallory',
  }
  const forged = stepOf({ reference, hop: 'support', service: 'desk', name: 'that it was handled', attributes })
  await desk.sendAsBrowser([forged])
  await desk.sendAsServer([{ ...forged, id: '00000000000000aa' }])
  const copied = (await matchOf(desk, reference)).steps.find(({ id }) => id === real.id)!
  await desk.sendAsServer([
    stepOf({
      ...forged,
      reference: other.reference,
      id: copied.id,
      at: Date.parse(copied.at),
      attributes: copied.attributes,
    }),
  ])
  expect((await matchOf(desk, reference)).handling).toEqual({ ...real, isOutdated: false })
  expect((await matchOf(desk, other.reference)).handling).toBeNull()
  // Of what others send not even the words stay that a page would take for the desk's.
  const saying = (await matchOf(desk, reference)).steps.filter((step) => ATTRIBUTES.handling in step.attributes)
  expect(saying.map(({ id }) => id)).toEqual([real.id])
})

test('a reference that nothing is known of is not taken up, and none is made by it', async () => {
  await using given = await openWithRefund()
  const { desk } = given
  const reference = mintReference()
  for (const unknown of [reference, 'RF7-K29-QXC' as Reference, 'x' as Reference]) {
    const answer = await handle(desk, { ...given, reference: unknown }, { state: 'taken', by: 'Ada', after: null })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
  }
  expect((await desk.lookUp(reference)).matches).toEqual([])
})

test('a trail that is known only where its spans are kept is taken up as well, and is found there afterwards', async () => {
  const reference = mintReference()
  // Days ago, so that it is looked for when it happened and not when it was taken up.
  const failed = stepOf({ reference, at: Date.now() - 5 * 86_400_000, service: 'ledger', status: 'error' })
  const [tempo, broken] = [await startTempo([failed]), await startTempo([], { behaves: 500 })]
  try {
    await using given = await openWithRefund({ spans: [tempoSpans({ url: tempo.url })] })
    const { desk } = given
    const before = await matchOf(desk, reference)
    const taken = await handled(desk, { ...given, reference }, ok)
    const { handling, steps, ...after } = await matchOf(desk, reference)
    const { handling: _none, steps: _steps, ...rest } = before
    expect([handling, after]).toEqual([{ ...taken, isOutdated: false }, rest])
    expect(steps.map(({ source }) => source)).toEqual(['tempo', 'desk'])
    const nowhere = { ...given, reference: mintReference() }
    expect((await handle(desk, nowhere, ok)).status).toBe(404)
    await using blind = await openWithRefund({ spans: [tempoSpans({ url: broken.url })] })
    expect((await handle(blind.desk, { ...blind, reference }, ok)).status).toBe(503)
  } finally {
    await Promise.all([tempo.close(), broken.close()])
  }
})

const ok = { state: 'taken', by: 'Ada', after: null }
test.each([
  ['no JSON', '{', '{ "state"'],
  ['a list', [ok], '{ "state"'],
  ['no state', { ...ok, state: undefined }, '`state`'],
  ['a state that there is not', { ...ok, state: 'closed' }, '`state`'],
  ['an empty name', { ...ok, by: ' \u200b' }, '`by`'],
  ['a name too long', { ...ok, by: 'x'.repeat(81) }, '`by`'],
  ['a name that is a number', { ...ok, by: 7 }, '`by`'],
  ['a note too long', { ...ok, note: 'x'.repeat(501) }, '`note`'],
  ['a note that is an object', { ...ok, note: {} }, '`note`'],
  ['no word of what was seen', { ...ok, after: undefined }, '`after`'],
  ['an id that is none', { ...ok, after: 'newest' }, '`after`'],
  ['giving back what nobody has', { ...ok, state: 'open' }, 'given back'],
])('%s is refused with a reason', async (_, body, words) => {
  await using given = await openWithRefund()
  const answer = await handle(given.desk, given, body)
  expect([answer.status, await answer.json()]).toEqual([
    400,
    expect.objectContaining({ detail: expect.stringContaining(words) }),
  ])
  expect((await matchOf(given.desk, given.reference)).handling).toBeNull()
})

test('as long as may be is taken, in any writing; a body of more than 16 kB and what is no JSON are not', async () => {
  await using given = await openWithRefund()
  const { desk } = given
  const long = { ...ok, by: '𝒳'.repeat(80), note: '字'.repeat(500) }
  expect((await handle(desk, given, { ...long, more: 'x'.repeat(17_000) })).status).toBe(413)
  const plain = { ...given, headers: { 'content-type': 'text/plain' } }
  expect((await handle(desk, plain, long)).status).toBe(415)
  expect(await handled(desk, given, long)).toMatchObject({ by: long.by, note: long.note })
})

describe('who may', () => {
  test('a token that only reads changes nothing; whoever links may, and who signed in at the proxy where that is so set', async () => {
    await using given = await openWithRefund({
      trustedProxies: ['10.0.0.1'],
      identityHeader: 'X-User',
      identityScopes: ['read', 'link'],
    })
    const { desk, reference } = given
    for (const token of [TOKEN, BROWSER_KEY, await desk.tokenFor('read', 'admin', 'metrics')])
      expect((await handle(desk, { ...given, token }, ok)).status).toBe(403)
    expect((await handle(desk, { ...given, token: 'wrong' }, ok)).status).toBe(401)
    expect((await matchOf(desk, reference)).handling).toBeNull()
    const byProxy = (headers: Record<string, string>) =>
      desk.request(`/api/trails/${reference}/handling`, {
        method: 'POST',
        from: '10.0.0.1',
        headers: { 'content-type': 'application/json', 'x-user': 'grace@shop.example', ...headers },
        body: JSON.stringify({ state: 'taken', after: null }),
      })
    expect((await byProxy({ 'sec-fetch-site': 'cross-site' })).status).toBe(401)
    expect((await byProxy({ 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    expect((await matchOf(desk, reference)).handling).toMatchObject({
      by: 'grace@shop.example',
      who: 'grace@shop.example',
    })
  })

  test.each([
    ['its own page', { 'sec-fetch-site': 'same-origin' }, 200],
    ['its own page, told by Origin', { origin: 'http://desk.example' }, 200],
    ['another site', { 'sec-fetch-site': 'cross-site' }, 401],
    ['another port of this host', { 'sec-fetch-site': 'same-site', origin: 'http://desk.example' }, 401],
    ['another origin', { origin: 'https://evil.example' }, 401],
    ['a sandboxed frame', { origin: 'null' }, 401],
    ['nobody says where', {}, 401],
  ])('with the cookie of a page that is signed in, from %s', async (_, headers, status) => {
    await using given = await openWithRefund()
    const { desk, reference, token } = given
    const signIn = { method: 'POST', body: token, headers: { 'sec-fetch-site': 'same-origin' } }
    const cookie = (await desk.request('/login', signIn)).headers.get('set-cookie')!.split(';')[0]!
    const answer = await desk.request(`/api/trails/${reference}/handling`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie, ...(headers as Record<string, string>) },
      body: JSON.stringify(ok),
    })
    expect(answer.status).toBe(status)
    expect((await matchOf(desk, reference)).handling === null).toBe(status !== 200)
  })
})

test('each is written down, with who it was and not what they typed, and counted', async () => {
  const lines: AccessLogLine[] = []
  await using given = await openWithRefund({ log: (line) => lines.push(line) })
  const { desk } = given
  await handled(desk, given, { ...ok, note: 'se-cret' })
  await handle(desk, given, { ...ok, by: 'Grace' })
  await handle(desk, { ...given, reference: mintReference() }, ok)
  const told = lines.filter(({ event }) => event === 'handle')
  expect(told.map(({ who, via, kind, matches }) => [who, via, kind, matches])).toEqual([
    ['ada@shop.example', 'token', 'taken', 1],
    ['ada@shop.example', 'token', 'late', 1],
    ['ada@shop.example', 'token', null, 0],
  ])
  expect(JSON.stringify(lines)).not.toMatch(/se-cret|Grace/)
  const headers = { authorization: `Bearer ${await desk.tokenFor('metrics')}` }
  const counts = await (await desk.request('/metrics', { headers })).text()
  expect(counts).toContain('waybill_desk_handlings_total{outcome="taken"} 1')
  expect(counts).toContain('waybill_desk_handlings_total{outcome="late"} 1')
  expect(counts).toContain('waybill_desk_http_requests_total{route="handling",status="404"} 1')
})

test('erasing the trail erases it, and exporting it shows it', async () => {
  await using given = await openWithRefund()
  const { desk, reference } = given
  await handled(desk, given, ok)
  const headers = { authorization: `Bearer ${await desk.tokenFor('admin')}`, 'content-type': 'application/json' }
  const exported = await (await desk.request(`/api/export/${reference}`, { headers })).text()
  expect(exported).toContain('support  desk  that somebody is on it')
  await desk.request('/api/erase', { method: 'POST', headers, body: JSON.stringify({ reference }) })
  expect((await desk.lookUp(reference)).matches).toEqual([])
  expect((await handle(desk, given, ok)).status).toBe(404)
})

test('taking an old trail up does not make it one of the recent ones', async () => {
  await using given = await openWithRefund()
  const { desk } = given
  const { servers, reference } = refundTrail({ begunAt: Date.now() - 40 * 60_000 })
  await desk.sendAsServer(servers)
  await handled(desk, { ...given, reference }, ok)
  const headers = { authorization: `Bearer ${TOKEN}` }
  const recent = async (since: string) =>
    ((await (await desk.request(`/api/recent?since=${since}`, { headers })).json()) as { trails: unknown[] }).trails
  expect((await recent('15m')).length).toBe(1)
  expect((await recent('1h')).length).toBe(2)
})
