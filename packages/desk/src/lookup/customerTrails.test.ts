import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import type { Step } from '@waybill/trail'
import { describe, expect, test } from 'vitest'
import { openDesk, TOKEN } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import type { CustomerTrails, AccessLogLine } from '@waybill/desk'

type Desk = ReturnType<typeof openDesk>

async function page(desk: Desk, person: string, query = ''): Promise<CustomerTrails> {
  const headers = { authorization: `Bearer ${TOKEN}` }
  const response = await desk.request(`/api/customers/${person}${query}`, { headers })
  expect(response.status).toBe(200)
  return (await response.json()) as CustomerTrails
}

/** The beginning of the hash by which the customer has an address. */
async function addressOf(desk: Desk, id = 'C-2041'): Promise<string> {
  const { matches } = await desk.lookUp(id)
  return matches[0]?.person?.slice(0, 16) ?? 'nobody'
}

/** What a page asked for by itself, as browser and server tell it. */
function readTrail(fields: Partial<Step> = {}): Step[] {
  const reference = mintReference()
  const base = { reference, traceId: traceIdOf(reference), at: Date.now(), durationMs: 20, status: 'ok' } as const
  const person = { person: 'C-2041' }
  const round = {
    ...base,
    id: mintSpanId(),
    hop: 'browser',
    service: 'shop-web',
    name: 'GET /api/orders',
    ...person,
  } as const
  const call = { ...round, id: mintSpanId(), parentId: round.id, person: undefined } as const
  const served = { ...call, id: mintSpanId(), parentId: call.id, hop: 'api', service: 'shop-api', ...person } as const
  const query = { ...served, id: mintSpanId(), parentId: served.id, hop: 'database', name: 'SELECT orders' } as const
  return [{ ...round, action: 'succeeded' }, call, { ...served, ...fields }, query]
}

describe('the trails of a customer', () => {
  test('come a page at a time, all of them, those heard of last first, without steps', async () => {
    await using desk = openDesk({ limits: { matches: 4 } })
    const trails = Array.from({ length: 10 }, (_, hours) =>
      refundTrail({ begunAt: Date.now() - (10 - hours) * 3_600_000 }),
    )
    for (const { servers } of trails) await desk.sendAsServer(servers)
    await desk.sendAsServer(refundTrail({ person: 'C-7' }).servers)
    const person = await addressOf(desk)
    const seen = []
    let query = ''
    for (;;) {
      const { trails: some, next } = await page(desk, person, query)
      seen.push(some)
      if (next === null) break
      query = `?after=${next}`
    }
    expect(seen.map((some) => some.length)).toEqual([4, 4, 2])
    expect(seen.flat().map((trail) => trail.reference)).toEqual(trails.map((trail) => trail.reference).toReversed())
    expect(seen[0]?.[0]).toMatchObject({ facts: { order: 'A-1001' }, foundBy: 'person' })
    expect(seen[0]?.[0]).not.toHaveProperty('steps')
  })

  test('a trail that comes in between moves no page', async () => {
    await using desk = openDesk({ limits: { matches: 2 } })
    const trails = Array.from({ length: 4 }, () => refundTrail())
    for (const { servers } of trails) await desk.sendAsServer(servers)
    const person = await addressOf(desk)
    const first = await page(desk, person)
    await desk.sendAsServer(refundTrail().servers)
    const second = await page(desk, person, `?after=${first.next}`)
    expect([...first.trails, ...second.trails].map((trail) => trail.reference)).toEqual(
      trails.map((trail) => trail.reference).toReversed(),
    )
  })

  test('hold no page that only read something, however many there are, but every read that failed', async () => {
    await using desk = openDesk({ limits: { matches: 5 } })
    const refund = refundTrail()
    await desk.sendAsServer(refund.servers)
    const failed = readTrail({ status: 'error', error: { type: '500' } })
    await desk.sendAsServer(failed)
    for (let count = 0; count < 150; count++) await desk.sendAsServer(readTrail())
    const { trails, next } = await page(desk, await addressOf(desk))
    expect(trails.map((trail) => trail.reference)).toEqual([failed[0]?.reference, refund.reference])
    expect(next).toBeNull()
  })

  test('hold a read that the page could not use, one with a name, one that a gesture led to, and none that was left', async () => {
    await using desk = openDesk()
    const [unusable, named, left, pressed] = [readTrail(), readTrail(), readTrail(), readTrail()]
    const isRound = (step: Step): boolean => step.action !== undefined
    const change = (steps: Step[], fields: Partial<Step>): Step[] =>
      steps.map((step) => (isRound(step) ? { ...step, ...fields } : step))
    const tell = async (steps: Step[]): Promise<void> => {
      await desk.sendAsBrowser(steps.filter((step) => step.hop === 'browser'))
      await desk.sendAsServer(steps.filter((step) => step.hop !== 'browser'))
    }
    await tell(change(unusable, { action: 'failed', status: 'error', error: { type: 'SyntaxError' } }))
    await tell(change(named, { name: 'Show my orders' }))
    await tell(change(left, { action: 'abandoned', background: true }))
    await tell(readTrail({ status: 'error', error: { type: 'aborted' } }))
    await tell(change(pressed, { background: false }))
    const { trails } = await page(desk, await addressOf(desk))
    expect(trails.map((trail) => trail.reference)).toEqual([pressed, named, unusable].map(([step]) => step?.reference))
  })

  test('a page of reads alone is short, and leads on', async () => {
    await using desk = openDesk()
    const refund = refundTrail()
    await desk.sendAsServer(refund.servers)
    for (let count = 0; count < 210; count++) await desk.sendAsServer(readTrail())
    const person = await addressOf(desk)
    const first = await page(desk, person)
    expect(first.trails).toEqual([])
    const second = await page(desk, person, `?after=${first.next}`)
    expect(second).toMatchObject({ trails: [{ reference: refund.reference }], next: null })
  })

  test('those that only browsers tell to be theirs are counted, and stand on pages of their own', async () => {
    await using desk = openDesk({ limits: { matches: 4 } })
    const own = refundTrail()
    await desk.sendAsServer(own.servers)
    await desk.sendAsBrowser(own.browser)
    const person = await addressOf(desk)
    const claims = Array.from({ length: 6 }, () => refundTrail({ order: 'A-9' }))
    for (const { browser } of claims) await desk.sendAsBrowser(browser)
    // A server has a part in this one, and never said whose it is.
    await desk.sendAsServer(claims[2]!.servers.map((step) => ({ ...step, person: undefined })))
    expect(await page(desk, person)).toMatchObject({ trails: [{ reference: own.reference }], next: null, claims: 6 })
    const first = await page(desk, person, '?said=by-browser')
    const second = await page(desk, person, `?said=by-browser&after=${first.next}`)
    const told = [...first.trails, ...second.trails]
    expect(second.next).toBeNull()
    expect(told.map((trail) => trail.reference)).toEqual([2, 5, 4, 3, 1, 0].map((index) => claims[index]?.reference))
    expect(told.every((trail) => trail.foundBy === 'claimed-person')).toBe(true)
  })
})

test('a customer nobody knows has no trails, and what is no page is refused', async () => {
  await using desk = openDesk()
  expect(await page(desk, 'ab'.repeat(8))).toEqual({ trails: [], next: null, claims: 0, keepDays: 30, unseen: [] })
  const headers = { authorization: `Bearer ${TOKEN}` }
  for (const path of ['C-2041', 'abcd', 'AB'.repeat(8), `${'ab'.repeat(8)}?after=x`, `${'ab'.repeat(8)}?said=x`])
    expect((await desk.request(`/api/customers/${path}`, { headers })).status, path).toBe(400)
})

test('reading them needs the token, is counted as a look-up, and is logged without whose they are', async () => {
  const entries: AccessLogLine[] = []
  await using desk = openDesk({ limits: { lookUpsPerMinute: 3 }, log: (entry) => entries.push(entry) })
  await desk.sendAsServer(refundTrail().servers)
  const person = await addressOf(desk)
  const headers = { authorization: `Bearer ${TOKEN}` }
  expect((await desk.request(`/api/customers/${person}`)).status).toBe(401)
  const statuses = []
  for (let count = 0; count < 3; count++)
    statuses.push((await desk.request(`/api/customers/${person}`, { headers })).status)
  expect(statuses).toEqual([200, 200, 429])
  expect(entries.slice(1)).toMatchObject([
    { event: 'refused', kind: 'no-token' },
    { kind: 'person', matches: 1 },
    { kind: 'person', matches: 1 },
    { event: 'refused', kind: 'too-often' },
  ])
  expect(JSON.stringify(entries)).not.toContain(person.slice(0, 8))
})
