import { mintReference, traceIdOf } from '@waybill/reference'
import { describe, expect, test } from 'vitest'
import { openDesk, TOKEN } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'

describe('by anything a person has', () => {
  const trail = refundTrail()
  const other = refundTrail({ order: 'A-2002', person: 'C-7', session: 's-other' })
  const worker = trail.servers.find((step) => step.hop === 'worker')!
  const id = traceIdOf(trail.reference)

  test.each([
    ['the reference', trail.reference, 'reference'],
    ['the reference as typed', trail.reference.toLowerCase().replaceAll('-', ''), 'reference'],
    ['the reference in a message', `Hi, ${trail.reference} again, order A-2002`, 'reference'],
    ['the trace-id', id, 'reference'],
    ['the trace-id’s low half', id.slice(16), 'reference'],
    ['a decimal id', BigInt(`0x${id.slice(16)}`).toString(), 'reference'],
    ['a traceparent', `00-${id}-${worker.id}-01`, 'reference'],
    ['a span id', worker.id, 'span'],
    ['the session', 's-8c1f0a77', 'claimed-session'],
    ['the order number', 'A-1001', 'fact:order'],
    ['the order number, badly typed', '  a-1001 ', 'fact:order'],
    ['the order number in a message', 'Where is the money for A-1001?', 'fact:order'],
    ['the customer’s id', 'C-2041', 'person'],
    ['the customer’s id in a ticket', 'Customer: C-2041\nPhone: none', 'person'],
  ])('%s finds the trail and no other', async (_, text, foundBy) => {
    await using desk = openDesk()
    for (const { browser, servers } of [trail, other]) {
      await desk.sendAsBrowser(browser)
      await desk.sendAsServer(servers.map((step) => (step.jobId ? { ...step, jobId: `${step.reference} job` } : step)))
    }
    for (const answer of [await desk.lookUp(text), await desk.search(text)]) {
      expect(answer.matches.map((match) => match.reference)).toEqual([trail.reference])
      expect(answer.matches[0]?.foundBy).toBe(foundBy)
      expect(answer.more).toBe(false)
    }
  })

  test('a job id finds its trail', async () => {
    await using desk = openDesk()
    await desk.sendAsServer(trail.servers)
    expect((await desk.lookUp('job-58f1c2')).matches).toMatchObject([{ reference: trail.reference, foundBy: 'job' }])
  })
})

test('answers exactly in the shape that other tools rely on', async () => {
  await using desk = openDesk()
  const begunAt = Date.now() - 200_000.5
  const { browser, servers, reference } = refundTrail({ begunAt })
  await desk.sendAsBrowser(browser)
  await desk.sendAsServer(servers)
  const response = await desk.request(`/api/trails/${reference}`, { headers: { authorization: `Bearer ${TOKEN}` } })
  expect(response.headers.get('cache-control')).toBe('no-store')
  const { matches } = JSON.parse(await response.text())
  expect(matches).toHaveLength(1)
  const [match] = matches
  expect(match).toMatchObject({
    reference,
    traceId: traceIdOf(reference),
    startedAt: new Date(begunAt).toISOString(),
    action: 'Request refund',
    outcome: {
      state: 'failed',
      hop: 'model',
      advice: 'manual-fix',
      sentence: expect.stringContaining('pending review'),
    },
    session: 's-8c1f0a77',
  })
  expect(match.steps).toHaveLength(browser.length + servers.length)
  expect(match.steps.map((step: { hop: string }) => step.hop)).toEqual(
    'browser browser api database queue worker tool model worker tool model worker tool model queue'.split(' '),
  )
  for (const step of match.steps) {
    expect(Object.keys(step)).toEqual(
      expect.arrayContaining([
        'id',
        'parentId',
        'hop',
        'service',
        'name',
        'at',
        'durationMs',
        'status',
        'attempt',
        'jobId',
        'error',
      ]),
    )
    expect(step.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  }
  expect(match.steps[0]).toMatchObject({ parentId: null, attempt: null, jobId: null, error: null })
  expect(match.steps[7]).toMatchObject({
    attempt: 1,
    status: 'error',
    error: { type: 'timeout', message: 'No answer within the time limit' },
  })
})

test('nothing found is 200 and an empty list, with what was searched and how far back', async () => {
  await using desk = openDesk({ keepDays: 7 })
  const reference = mintReference()
  const id = traceIdOf(reference)
  const empty = {
    matches: [],
    more: false,
    claims: 0,
    person: null,
    suggestions: [],
    keepDays: 7,
    complete: true,
    unseen: [],
  }
  for (const [text, references, numbers] of [
    ['nothing', [], 1],
    [reference, [reference], 1],
    [id, [reference], 1],
    ['%', [], 1],
    ['a/b/c', [], 1],
    ['漢字', [], 1],
    ['two\nlines', [], 1],
    ['about order A-7001 and ticket 99123', [], 3],
    [`${'no number here, '.repeat(300)}none`, [], 0],
  ] as const) {
    const answer = { ...empty, searched: { references, numbers, spans: [] } }
    expect(await desk.lookUp(text)).toEqual(answer)
    expect(await desk.search(text)).toEqual(answer)
  }
  expect(await desk.search('')).toEqual({ ...empty, searched: { references: [], numbers: 0, spans: [] } })
})

test('says whose id it was that led to everything, and only then', async () => {
  await using desk = openDesk()
  const [one, other] = [refundTrail({ order: 'A-1' }), refundTrail({ order: 'B-2002', person: 'C-2042' })]
  await desk.sendAsServer([...one.servers, ...other.servers])
  const [match] = (await desk.lookUp('C-2041')).matches
  expect(match?.person).toMatch(/^[\da-f]{64}$/)
  expect((await desk.search('the customer is C-2041')).person).toBe(match?.person)
  for (const text of ['C-2041 and C-2042', 'C-2041 and order B-2002', 'A-1', one.reference])
    expect((await desk.search(text)).person, text).toBeNull()
})

test('several trails are a list, those begun last first, cut off where it says so', async () => {
  await using desk = openDesk({ limits: { matches: 3 } })
  const trails = [5, 1, 4, 2, 3].map((hours) => refundTrail({ begunAt: Date.now() - hours * 3_600_000 }))
  for (const { servers } of trails) await desk.sendAsServer(servers)
  const three = await desk.lookUp('C-2041')
  expect(three.more).toBe(true)
  expect(three.matches).toHaveLength(3)
  expect(three.matches.map((match) => match.startedAt)).toEqual(
    three.matches
      .map((match) => match.startedAt)
      .toSorted()
      .toReversed(),
  )
  const stated = await desk.search(trails.map((trail) => trail.reference).join(', '))
  expect(stated).toMatchObject({ more: true, matches: { length: 3 } })
})

test('two actions of one name and time stay two trails', async () => {
  await using desk = openDesk()
  const [one, two] = [refundTrail({ begunAt: 1_790_000_000_000 }), refundTrail({ begunAt: 1_790_000_000_000 })]
  await Promise.all([
    desk.sendAsServer([...one.servers, ...two.servers]),
    desk.sendAsBrowser([...two.browser, ...one.browser]),
  ])
  for (const { reference, browser, servers } of [one, two]) {
    const [match] = (await desk.lookUp(reference)).matches
    const ids = [...browser, ...servers].map((step) => step.id)
    expect(match?.steps.map((step) => step.id).toSorted()).toEqual(ids.toSorted())
  }
})
