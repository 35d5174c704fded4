import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import type { Step } from '@waybill/trail'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import type { AccessLogLine, FailuresAnswer } from '@waybill/desk'
import { openDesk, SERVER_KEY, TOKEN } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'

type Desk = ReturnType<typeof openDesk>
const headers = { authorization: `Bearer ${TOKEN}` }
const MINUTE_MS = 60_000

const folder = mkdtempSync(join(tmpdir(), 'waybill-failures-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function failures(desk: Desk, query = ''): Promise<FailuresAnswer> {
  const response = await desk.request(`/api/failures${query}`, { headers })
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
  return (await response.json()) as FailuresAnswer
}

/** A request that a server answered, under a reference of its own. */
function served(fields: Partial<Step> = {}): Step {
  const reference = mintReference()
  const base = {
    id: mintSpanId(),
    reference,
    traceId: traceIdOf(reference),
    at: Date.now() - MINUTE_MS,
    durationMs: 20,
  }
  return { ...base, hop: 'api', service: 'shop-api', name: 'POST /api/orders', status: 'ok', ...fields }
}

const declined = (fields: Partial<Step> = {}): Step =>
  served({ status: 'error', error: { type: '402' }, effect: 'none', ...fields })

/** Gives the id of what was noted. */
async function handle(desk: Desk, reference: string, body: object): Promise<string> {
  const answer = await desk.request(`/api/trails/${reference}/handling`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await desk.tokenFor('read', 'link')}` },
    body: JSON.stringify({ by: 'Ada', ...body }),
  })
  return ((await answer.json()) as { handling: { id: string } }).handling.id
}

/** A webhook that came later under the same reference, and failed. */
const chargeback = ({ reference, traceId }: Step, fields: Partial<Step> = {}): Step =>
  served({
    reference,
    traceId,
    hop: 'webhook',
    service: 'hooks',
    name: 'chargeback',
    status: 'error',
    error: { type: 'bank_rejected' },
    ...fields,
  })

const references = (answer: FailuresAnswer) =>
  answer.groups.map(({ trails }) => trails.map(({ reference }) => reference))

test('the same failure at the same place is one group, whatever numbers are in its words, in those of the newest', async () => {
  await using desk = openDesk({ owners: [{ service: 'refund-worker', name: 'Payments team' }] })
  const begunAt = Date.now() - 10 * MINUTE_MS
  const first = refundTrail({ begunAt, stallMs: 30_000, order: 'A-1' })
  const second = refundTrail({ begunAt: begunAt + MINUTE_MS, stallMs: 30_100, order: 'A-2' })
  const good = served()
  for (const steps of [second.servers, first.servers, [good]]) await desk.sendAsServer(steps)
  const answer = await failures(desk)
  expect(answer).toEqual({
    groups: [
      {
        id: expect.stringMatching(/^[\da-f]{16}$/),
        hop: 'model',
        service: 'refund-worker',
        sentence:
          'refund-worker asked the model: chat refund-checker, prompt refund-review 7; it timed out with no answer within 30.1 s',
        todo: expect.stringContaining('refund pending review'),
        state: 'failed',
        waitsFor: 'person',
        owner: { name: 'Payments team', contact: null, url: null },
        count: 2,
        handled: 0,
        taken: 0,
        firstAt: expect.any(String),
        lastAt: expect.any(String),
        trails: [
          expect.objectContaining({
            reference: second.reference,
            facts: { order: 'A-2' },
            claimed: false,
            handling: null,
          }),
          expect.objectContaining({ reference: first.reference, facts: { order: 'A-1' } }),
        ],
      },
    ],
    trails: 2,
    more: false,
    services: ['refund-worker'],
    unseen: [],
  })
  const [group] = answer.groups
  expect(Date.parse(group!.lastAt) - Date.parse(group!.firstAt)).toBeGreaterThan(MINUTE_MS - 1000)
  // The same group has the same id tomorrow, and at another desk.
  await using other = openDesk()
  await other.sendAsServer(refundTrail({ order: 'A-3' }).servers)
  expect((await failures(other)).groups[0]!.id).toBe(group!.id)
})

test('another place, step, error, and another thing to do are other groups', async () => {
  await using desk = openDesk()
  const all = [
    declined(),
    declined(),
    declined({ service: 'shop-api-2' }),
    declined({ name: 'POST /api/carts' }),
    declined({ error: { type: '503' } }),
    declined({ effect: 'held', remains: 'charge pending' }),
    declined({ effect: 'held', remains: 'charge 17 pending' }),
    declined({ effect: 'held', remains: 'charge 18 pending' }),
  ]
  for (const step of all) await desk.sendAsServer([step])
  const { groups, trails, services } = await failures(desk)
  expect(groups.map(({ count }) => count).toSorted((a, b) => a - b)).toEqual([1, 1, 1, 1, 2, 2])
  expect([trails, services]).toEqual([8, ['shop-api', 'shop-api-2']])
})

test('what waits for a person and nobody handles comes first, then the rest, each newest first', async () => {
  await using desk = openDesk()
  const now = Date.now()
  const customer = declined({ at: now - MINUTE_MS })
  const older = refundTrail({ begunAt: now - 20 * MINUTE_MS })
  const held = declined({ effect: 'held', at: now - 2 * MINUTE_MS })
  for (const steps of [[customer], older.servers, [held]]) await desk.sendAsServer(steps)
  expect(references(await failures(desk))).toEqual([[held.reference], [older.reference], [customer.reference]])
  const after = await handle(desk, held.reference, { state: 'taken', after: null })
  const taken = await failures(desk)
  expect(references(taken)).toEqual([[older.reference], [customer.reference], [held.reference]])
  expect(taken.groups.at(-1)).toMatchObject({
    taken: 1,
    handled: 0,
    trails: [{ handling: { state: 'taken', by: 'Ada' } }],
  })
  await handle(desk, held.reference, { state: 'done', after })
  expect((await failures(desk)).groups.at(-1)).toMatchObject({ taken: 0, handled: 1, count: 1 })
})

test.each([
  ['done', 'own'],
  ['taken', 'own'],
  ['done', 'later'],
] as const)('what failed after it was %s, of its %s work, is not counted as that', async (state, part) => {
  await using desk = openDesk()
  const held = declined({ effect: 'held' })
  await desk.sendAsServer([held])
  await handle(desk, held.reference, { state, after: null })
  const [before] = (await failures(desk)).groups
  expect([before!.handled + before!.taken, before!.trails[0]!.handling]).toMatchObject([1, { isOutdated: false }])
  const { reference, traceId, id } = held
  const at = Date.now()
  const failed = part === 'own' ? declined({ reference, traceId, parentId: id, at }) : chargeback(held, { at })
  await desk.sendAsServer([failed])
  const [group] = (await failures(desk)).groups
  expect(group).toMatchObject({ handled: 0, taken: 0, count: 1, trails: [{ handling: { state, isOutdated: true } }] })
  const other = declined({ effect: 'held', name: 'POST /other', at: Date.now() - 20 * MINUTE_MS })
  await desk.sendAsServer([other])
  // It waits for somebody again, so it is not after what does.
  expect(references(await failures(desk))).toEqual([[reference], [other.reference]])
})

test.each([
  ['went well', { status: 'ok', error: undefined }],
  ['was a stranger’s', { hop: 'api', service: 'shop-api', name: 'GET /', effect: 'none' }],
] as const)('what %s after it was done changes nothing in that', async (_, fields) => {
  await using desk = openDesk()
  const held = declined({ effect: 'held' })
  await desk.sendAsServer([held])
  await handle(desk, held.reference, { state: 'done', after: null })
  await desk.sendAsServer([chargeback(held, { ...fields, at: Date.now() + 10 })])
  const [group] = (await failures(desk)).groups
  expect(group).toMatchObject({ handled: 1, trails: [{ handling: { isOutdated: false } }] })
})

test('a trail that failed at two places is found by either, and is in one group', async () => {
  await using desk = openDesk()
  const held = declined({ effect: 'held' })
  await desk.sendAsServer([held, chargeback(held)])
  const placesOf = async (query = ''): Promise<unknown> => {
    const { groups, services } = await failures(desk, query)
    return [groups.map(({ service }) => service), services]
  }
  const services = ['hooks', 'shop-api']
  expect(await placesOf('?service=hooks')).toEqual([['hooks'], services])
  expect(await placesOf('?service=shop-api')).toEqual([['shop-api'], services])
  expect((await failures(desk)).trails).toBe(1)
})

test('support’s own act is not where it failed, or is', async () => {
  await using desk = openDesk()
  const line = served({ hop: 'log', name: 'a line', durationMs: 0 })
  await desk.sendAsServer([line])
  await handle(desk, line.reference, { state: 'taken', after: null })
  expect((await failures(desk, '?outcome=unknown')).groups).toMatchObject([{ hop: 'log', service: 'shop-api' }])
})

describe('what counts', () => {
  async function openWithAll() {
    const desk = openDesk()
    const now = Date.now()
    const failed = declined({ service: 'a' })
    const held = declined({ service: 'b', effect: 'held' })
    // A page that crashed over a good answer.
    const page = served({ service: 'c', at: now - MINUTE_MS })
    const { reference, traceId } = page
    const action: Step = {
      ...served({ hop: 'browser', service: 'c-web', name: 'Buy', at: now - MINUTE_MS - 50, durationMs: 200 }),
      reference,
      traceId,
      action: 'failed',
      status: 'error',
      error: { type: 'TypeError' },
      failure: 'render',
    }
    const call: Step = {
      ...action,
      id: mintSpanId(),
      parentId: action.id,
      name: 'POST /api/orders',
      action: undefined,
      failure: undefined,
      status: 'ok',
      error: undefined,
    }
    const good = served({ service: 'd' })
    const later = served({
      reference: good.reference,
      traceId: good.traceId,
      hop: 'webhook',
      service: 'e',
      name: 'payment',
      status: 'error',
      error: { type: '500' },
    })
    const running = served({ service: 'f', hop: 'queue', name: 'refund', jobId: 'job-1' })
    const silent = served({ service: 'g', hop: 'queue', name: 'refund', jobId: 'job-2', at: now - 90 * MINUTE_MS })
    const fine = served({ service: 'h' })
    for (const steps of [
      [failed],
      [held],
      [{ ...page, parentId: call.id }],
      [good],
      [later],
      [running],
      [silent],
      [fine],
    ])
      await desk.sendAsServer(steps)
    await desk.sendAsBrowser([action, call])
    // A ticket under a reference that nothing else is known of.
    await desk.request('/api/links', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${SERVER_KEY}` },
      body: JSON.stringify({ reference: mintReference(), kind: 'ticket', value: 'ZD-1', service: 'zendesk' }),
    })
    return desk
  }

  test.each([
    ['', ['a', 'b', 'c-web', 'e', 'g']],
    ['&outcome=failed', ['a', 'b', 'c-web', 'e']],
    ['&outcome=person', ['b', 'c-web', 'e', 'g']],
    ['&outcome=customer', ['a']],
    ['&outcome=running', ['f']],
    ['&outcome=unknown', ['g', 'zendesk']],
    ['&service=b', ['b']],
    ['&service=b&outcome=customer', []],
    ['&service=h', []],
  ])('by %j it is what %j had', async (query, services) => {
    await using desk = await openWithAll()
    const answer = await failures(desk, `?since=24h${query}`)
    expect(answer.groups.map(({ service }) => service).toSorted()).toEqual(services)
    expect(answer.trails).toBe(services.length)
    expect(answer.services).toEqual(expect.arrayContaining(['a', 'b', 'c-web', 'e', 'g']))
    expect(answer.services).not.toContain('h')
    for (const { sentence } of answer.groups) expect(sentence).not.toMatch(/undefined|null|;\s*$/)
  })

  test('each says it in words of its own', async () => {
    await using desk = await openWithAll()
    const words = async (query = '') =>
      Object.fromEntries(
        (await failures(desk, `?since=24h${query}`)).groups.map((each) => [each.service, each.sentence]),
      )
    expect({ ...(await words()), ...(await words('&outcome=running')) }).toMatchObject({
      a: 'a answered POST /api/orders; the bank declined it (402)',
      'c-web':
        "the customer's page says that it failed (the page crashed while it was drawn, TypeError), and the servers do not",
      e: 'e took in the webhook “payment”; the answer was 500',
      f: 'f queued refund, without an end so far',
      g: 'g queued refund, and nobody reported how it ended',
    })
  })

  test('only what happened since then', async () => {
    await using desk = await openWithAll()
    expect((await failures(desk, '?since=1h')).services).not.toContain('g')
  })
})

test('what browsers alone tell stands in groups of its own, after all that servers tell, however much it is', async () => {
  await using desk = openDesk()
  const { servers, reference } = refundTrail({ begunAt: Date.now() - 30 * MINUTE_MS })
  await desk.sendAsServer(servers)
  const claims = Array.from({ length: 50 }, (_, index) =>
    served({
      hop: 'browser',
      service: `made-up-${index}`,
      action: 'failed',
      status: 'error',
      error: { type: 'timeout' },
    }),
  )
  await desk.sendAsBrowser(claims)
  const { groups, trails, services } = await failures(desk)
  // Nobody with the public key fills the list of services.
  expect(services).toEqual(['refund-worker'])
  expect([groups[0]?.trails[0]?.reference, groups[0]?.trails[0]?.claimed]).toEqual([reference, false])
  expect([groups.length, trails]).toEqual([51, 51])
  expect(groups.slice(1).every((group) => group.trails.every(({ claimed }) => claimed))).toBe(true)
})

test('a claim of the same failure at the same place is not in the group that servers tell of', async () => {
  await using desk = openDesk()
  const lost = { status: 'error', error: { type: 'timeout' } } as const
  await desk.sendAsServer([served(lost)])
  await desk.sendAsBrowser([served(lost)])
  const { groups } = await failures(desk)
  expect(groups.map(({ trails }) => trails.map(({ claimed }) => claimed))).toEqual([[false], [true]])
  expect(new Set(groups.map(({ id }) => id)).size).toBe(2)
})

test('two seconds are as long as it looks, and 2000 trails as many; then there is more', async () => {
  await using desk = openDesk({ database: join(folder, 'many.db'), limits: { serverRequestsPerMinute: 100_000 } })
  for (let body = 0; body < 21; body++) await desk.sendAsServer(Array.from({ length: 100 }, () => declined()))
  const state = { isDone: false, others: 0 }
  const asked = failures(desk).finally(() => (state.isDone = true))
  // A request takes no turn of the event loop by itself, so one is waited for.
  for (; !state.isDone; state.others++) {
    await desk.request('/healthz')
    await nextTurn()
  }
  const { more, trails, groups } = await asked
  expect([more, groups.length]).toEqual([true, 1])
  expect(trails).toBeLessThanOrEqual(2000)
  expect(trails).toBeGreaterThan(100)
  // Others come in between.
  expect(state.others).toBeGreaterThan(20)
})

test('is for readers, is written down by how many it showed, and refuses what it does not know', async () => {
  const lines: AccessLogLine[] = []
  await using desk = openDesk({ log: (line) => lines.push(line) })
  await desk.sendAsServer([declined()])
  expect((await desk.request('/api/failures')).status).toBe(401)
  const links = { authorization: `Bearer ${SERVER_KEY}` }
  expect((await desk.request('/api/failures', { headers: links })).status).toBe(403)
  for (const query of ['since=soon', 'outcome=all', 'outcome=', 'outcome=constructor']) {
    const answer = await desk.request(`/api/failures?${query}`, { headers })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json'])
  }
  await failures(desk)
  expect(lines.filter(({ event }) => event === 'look-up')).toMatchObject([
    { who: 'environment', kind: 'failures', matches: 1 },
  ])
})
