import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import { expect, test } from 'vitest'
import { bytesIn } from '../../fixtures/dayFiles.ts'
import { BROWSER_KEY, openDesk, SERVER_KEY, TOKEN } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'

type Desk = ReturnType<typeof openDesk>

function link(desk: Desk, body: unknown, { key = SERVER_KEY, ...init }: RequestInit & { readonly key?: string } = {}) {
  return desk.request('/api/links', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
  })
}

const url = 'https://acme.example/agent/tickets/4711'

test('a ticket finds the trail it is about, and the trail shows the ticket, with whose word it is', async () => {
  const now = Date.UTC(2026, 10, 30, 9)
  await using desk = openDesk({ now: () => now })
  const { servers, browser, reference } = refundTrail({ begunAt: now - 600_000 })
  await desk.sendAsBrowser(browser)
  await desk.sendAsServer(servers)
  const before = (await desk.lookUp(reference)).matches[0]
  const sent = { reference, kind: 'ticket', value: ' ZD-4711\n', url, service: 'zendesk' }
  const answer = await link(desk, sent)
  expect([answer.status, await answer.json()]).toEqual([200, { links: [{ ...sent, value: 'ZD-4711' }] }])
  for (const text of ['ZD-4711', ' zd-4711 ', 'Is there news of ticket ZD-4711?']) {
    const { matches } = await desk.search(text)
    expect(matches.map((match) => [match.reference, match.foundBy])).toEqual([[reference, 'fact:ticket']])
  }
  const [match] = (await desk.lookUp(reference)).matches
  const at = new Date(now).toISOString()
  expect(match?.noted).toEqual([{ kind: 'ticket', value: 'ZD-4711', url, state: null, service: 'zendesk', at }])
  expect(match?.steps.at(-1)).toMatchObject({
    hop: 'support',
    service: 'zendesk',
    name: 'ticket ZD-4711',
    claimed: false,
    part: 'records',
    facts: { ticket: 'ZD-4711' },
  })
  // It decides nothing, and is no fact of the action's own.
  expect(match).toMatchObject({ outcome: before?.outcome, facts: before?.facts, startedAt: before?.startedAt })
})

test('the same link again changes nothing, however it is written and whoever sends it', async () => {
  await using desk = openDesk()
  const { servers, reference } = refundTrail()
  await desk.sendAsServer(servers)
  const same = { reference, kind: 'ticket', value: 'ZD-4711' }
  await Promise.all([link(desk, same), link(desk, [same, same])])
  for (const again of [
    same,
    { ...same, value: 'zd-4711', service: 'other', url },
    { ...same, reference: reference.toLowerCase() },
  ])
    expect((await link(desk, again)).status).toBe(200)
  const [match] = (await desk.lookUp(reference)).matches
  expect(match?.noted).toMatchObject([{ value: 'ZD-4711', url: null, service: 'support' }])
  expect(match?.steps).toHaveLength(servers.length + 1)
})

test('how a ticket stands is told by the last word, also when it is opened again', async () => {
  let now = Date.UTC(2026, 10, 30, 9)
  await using desk = openDesk({ now: () => now })
  const { servers, reference } = refundTrail({ begunAt: now - 600_000 })
  await desk.sendAsServer(servers)
  const ticket = { reference, kind: 'ticket', value: 'ZD-4711' }
  const said: (string | null | undefined)[] = []
  for (const more of [{ url }, { state: 'open' }, { value: 'zd-4711', state: 'solved' }, { state: 'open' }, {}]) {
    now += 60_000
    expect((await link(desk, { ...ticket, ...more })).status).toBe(200)
    const noted = (await desk.lookUp(reference)).matches[0]?.noted
    expect(noted).toMatchObject([{ kind: 'ticket', value: 'ZD-4711', url }])
    said.push(noted?.[0]?.state)
  }
  expect(said).toEqual([null, 'open', 'solved', 'open', 'open'])
  expect((await link(desk, { ...ticket, state: 'x'.repeat(41) })).status).toBe(400)
})

test('one ticket may be about several trails, and one trail have several tickets', async () => {
  await using desk = openDesk()
  const [one, two] = [refundTrail({ order: 'A-1' }), refundTrail({ order: 'A-2' })]
  await desk.sendAsServer([...one.servers, ...two.servers])
  const ticket = (reference: string, value: string | number) => ({ reference, kind: 'ticket', value })
  await link(desk, [ticket(one.reference, 4711), ticket(two.reference, '4711'), ticket(one.reference, 'ZD-2')])
  const both = (await desk.lookUp('4711')).matches.map((match) => match.reference)
  expect(both.toSorted()).toEqual([one.reference, two.reference].toSorted())
  const [match] = (await desk.lookUp('ZD-2')).matches
  expect(match?.reference).toBe(one.reference)
  expect(match?.noted.map(({ value }) => value).toSorted()).toEqual(['4711', 'ZD-2'])
})

test('a reference that nothing is known of keeps its ticket until the trail comes, and no outcome is made up for it', async () => {
  await using desk = openDesk()
  const { servers, browser, reference } = refundTrail()
  expect((await link(desk, { reference, kind: 'ticket', value: 'ZD-4711' })).status).toBe(200)
  const [early] = (await desk.lookUp('ZD-4711')).matches
  expect(early).toMatchObject({
    reference,
    outcome: { state: 'unknown', advice: 'none', sentence: 'Nothing is known about this reference yet.' },
    noted: [{ value: 'ZD-4711' }],
  })
  await desk.sendAsBrowser(browser)
  await desk.sendAsServer(servers)
  const [match] = (await desk.lookUp('ZD-4711')).matches
  expect(match).toMatchObject({
    reference,
    action: 'Request refund',
    outcome: { state: 'failed' },
    noted: [{ value: 'ZD-4711' }],
  })
})

test('a link survives the desk’s restart, and is forgotten with its trail', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-links-'))
  const databaseFile = join(folder, 'desk.db')
  let now = Date.UTC(2026, 10, 30)
  const reference = mintReference()
  {
    await using desk = openDesk({ database: databaseFile, now: () => now })
    await link(desk, { reference, kind: 'ticket', value: 'ZD-4711' })
  }
  {
    await using desk = openDesk({ database: databaseFile, now: () => now })
    expect((await desk.lookUp('ZD-4711')).matches).toMatchObject([{ reference }])
    expect((await link(desk, { reference, kind: 'ticket', value: 'ZD-4711' })).status).toBe(200)
    expect((await desk.lookUp('ZD-4711')).matches[0]?.steps).toHaveLength(1)
  }
  now += 6 * 86_400_000
  await using desk = openDesk({ database: databaseFile, keepDays: 5, now: () => now })
  await expect.poll(async () => (await desk.lookUp('ZD-4711')).matches).toEqual([])
  rmSync(folder, { recursive: true })
})

const reference = mintReference()
const good = { reference, kind: 'ticket', value: 'ZD-4711' }
const PRIVATE = 'jane@example.com 4111 1111 1111 1111'
test.each([
  ['no JSON', '{', 'These are no links.'],
  ['text', '"x"', 'These are no links.'],
  ['nothing', '', 'These are no links.'],
  ['null', 'null', 'These are no links.'],
  ['an empty list', [], 'These are no links.'],
  ['a list in a list', [[good]], 'These are no links.'],
  ['too long a list', Array.from({ length: 101 }, () => good), 'These are no links.'],
  ['a second one that is wrong', [good, { ...good, reference: 'x' }], 'Link 2 cannot be taken, so none was.'],
  ['no reference', { ...good, reference: undefined }, 'Link 1'],
  ['a mistyped reference', { ...good, reference: mistyped(reference) }, 'Link 1'],
  ['several references', { ...good, reference: [reference] }, 'Link 1'],
  ['no kind', { ...good, kind: '' }, 'Link 1'],
  ['a kind that is no name', { ...good, kind: 'ticket number' }, 'Link 1'],
  ['a kind of letters that look alike', { ...good, kind: 'tісket' }, 'Link 1'],
  ['__proto__', `{"reference":"${reference}","kind":"__proto__","value":"x"}`, 'Link 1'],
  ['no value', { ...good, value: ' \u200b ' }, 'Link 1'],
  ['a value too long', { ...good, value: PRIVATE.padEnd(201, 'x') }, 'Link 1'],
  ['a value that is an object', { ...good, value: { PRIVATE } }, 'Link 1'],
  ['a value that is true', { ...good, value: true }, 'Link 1'],
  ['a script', { ...good, url: 'javascript:alert(1)' }, 'Link 1'],
  ['an address with a password', { ...good, url: 'https://me:secret@acme.example/' }, 'Link 1'],
  ['an address that is none', { ...good, url: PRIVATE }, 'Link 1'],
  ['an address too long', { ...good, url: `https://acme.example/${'x'.repeat(1000)}` }, 'Link 1'],
  ['a service that is a number in a list', { ...good, service: [1] }, 'Link 1'],
])('%s is refused with a reason, whole, and not repeated', async (_, body, title) => {
  await using desk = openDesk()
  const response = await link(desk, body)
  expect(response.status).toBe(400)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const text = await response.text()
  expect(JSON.parse(text)).toMatchObject({ status: 400, title: expect.stringContaining(title) })
  expect(text).not.toMatch(/jane@|4111 1111|secret/)
  expect((await desk.lookUp('ZD-4711')).matches).toEqual([])
})

test('texts are kept as one line, as facts are', async () => {
  await using desk = openDesk()
  await link(desk, { ...good, value: '\u202eZD\u0000-4711\r\n\u2028=1', service: '<b>zendesk</b>\n' })
  const [match] = (await desk.lookUp(reference)).matches
  expect(match?.noted).toMatchObject([{ value: 'ZD -4711   =1', service: '<b>zendesk</b>' }])
})

test('only a server’s key links; nobody’s and a browser’s do not, and guessing is slowed down', async () => {
  await using desk = openDesk({ limits: { serverRequestsPerMinute: 2 } })
  const statuses: number[] = []
  const headers = { 'content-type': 'application/json' }
  for (const key of ['wrong', TOKEN]) statuses.push((await link(desk, good, { key })).status)
  statuses.push((await link(desk, good, { headers })).status)
  const asBrowser = { method: 'POST', headers, body: JSON.stringify(good) }
  statuses.push((await desk.request(`/api/links?key=${BROWSER_KEY}`, asBrowser)).status)
  statuses.push((await desk.request(`/api/links?key=${SERVER_KEY}`, asBrowser)).status)
  expect(statuses).toEqual([401, 403, 401, 403, 401])
  for (let count = 0; count < 20; count++) statuses.push((await link(desk, good, { key: `wrong ${count}` })).status)
  expect(statuses.at(-1)).toBe(429)
  expect((await desk.lookUp('ZD-4711')).matches).toEqual([])
  expect((await link(desk, good)).status).toBe(429)
  await using unharassed = openDesk({ limits: { serverRequestsPerMinute: 2 } })
  const own = [await link(unharassed, good), await link(unharassed, good), await link(unharassed, good)]
  expect(own.map(({ status }) => status)).toEqual([200, 200, 429])
  expect(own[2]?.headers.get('retry-after')).toMatch(/^\d+$/)
  expect(own[0]?.headers.get('access-control-allow-origin')).toBeNull()
})

test('bodies are bounded: 64 kB, before and after unfolding, and JSON only', async () => {
  await using desk = openDesk()
  const large = JSON.stringify({ ...good, more: 'x'.repeat(70_000) })
  expect((await link(desk, large)).status).toBe(413)
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${SERVER_KEY}`,
    'content-encoding': 'gzip',
  }
  const zipped = (text: string): RequestInit => ({ headers, body: new Uint8Array(gzipSync(text)) })
  expect((await link(desk, '', zipped(large))).status).toBe(413)
  expect((await link(desk, '', zipped(JSON.stringify(good)))).status).toBe(200)
  const plain = { 'content-type': 'text/plain', authorization: `Bearer ${SERVER_KEY}` }
  expect((await link(desk, good, { headers: plain })).status).toBe(415)
  expect((await desk.request('/api/links')).status).toBe(404)
})

test('a full trail still takes its tickets, and says so when even those are too many', async () => {
  await using desk = openDesk({ limits: { stepsPerTrail: 10 } })
  const { servers, reference } = refundTrail()
  const [served, row] = servers
  await desk.sendAsServer([served!, ...Array.from({ length: 20 }, () => ({ ...row!, id: mintSpanId() }))])
  const statuses: number[] = []
  for (const value of ['1', '2', '3', '4'])
    statuses.push((await link(desk, { reference, kind: 'ticket', value })).status)
  expect(statuses).toEqual([200, 200, 409, 409])
})

test('a stranger with the public key who notes somebody’s ticket or order is shown beside as a claim, and never merged', async () => {
  await using desk = openDesk()
  const victim = refundTrail({ order: 'A-4711' })
  await desk.sendAsServer(victim.servers)
  await link(desk, { reference: victim.reference, kind: 'ticket', value: 'ZD-4711' })
  const stranger = refundTrail({ order: 'A-4711' })
  const lie = (fields: object) => ({
    ...stranger.browser[0]!,
    facts: { order: 'A-4711', ticket: 'ZD-4711' },
    ...fields,
  })
  const under = { reference: victim.reference, traceId: traceIdOf(victim.reference), id: mintSpanId() }
  await desk.sendAsBrowser([lie({}), lie({ ...under, hop: 'support', facts: { ticket: 'ZD-6666', order: 'A-6666' } })])
  for (const [text, kind] of [
    ['ZD-4711', 'ticket'],
    ['A-4711', 'order'],
  ] as const) {
    const { matches, claims } = await desk.search(text)
    expect([matches.map((match) => [match.reference, match.foundBy]), claims]).toEqual([
      [
        [victim.reference, `fact:${kind}`],
        [stranger.reference, `claimed-fact:${kind}`],
      ],
      1,
    ])
  }
  const [match] = (await desk.lookUp(victim.reference)).matches
  expect(match?.noted.map(({ value }) => value)).toEqual(['ZD-4711'])
  expect([match?.facts, match?.claimedFacts]).toEqual([{ order: 'A-4711' }, []])
  expect(match?.steps.filter(({ claimed }) => claimed).map(({ part }) => part)).toEqual(['claims'])
  // What the stranger made up leads to it as a claim only.
  expect((await desk.search('ZD-6666')).matches).toMatchObject([
    { reference: victim.reference, foundBy: 'claimed-fact:ticket' },
  ])
})

test('what is linked is in the desk’s file as it was cleaned, and what was refused is not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-links-'))
  {
    await using desk = openDesk({ database: join(folder, 'desk.db') })
    await link(desk, good)
    await link(desk, [good, { ...good, value: PRIVATE, url: 'javascript:0' }])
  }
  const bytes = bytesIn(folder)
  expect(bytes.includes('ZD-4711')).toBe(true)
  expect(bytes.includes('jane@')).toBe(false)
  rmSync(folder, { recursive: true })
})

/** With its last symbol another. */
function mistyped(code: string): string {
  return code.slice(0, -1) + (code.endsWith('2') ? '3' : '2')
}
