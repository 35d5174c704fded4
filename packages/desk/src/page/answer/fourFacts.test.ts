import { mintSpanId } from '@waybill/reference'
import type { Step } from '@waybill/trail'
import { describe, expect, test } from 'vitest'
import { T0, trailOf } from '../../../../trail/fixtures/trailOf.ts'
import type { Match } from '../../lookup/Match.ts'
import { matchOf } from '../../lookup/matchOf.ts'
import { fourFacts } from './fourFacts.ts'

const t = trailOf()
const clock = (iso: string): string => iso.slice(11, 19)
const created = { 'http.response.status_code': 201 }

function match(steps: readonly Step[], over: Partial<Match> = {}): Match {
  const stored = steps.map((step) => ({ ...step, person: undefined }))
  const now = T0 + 7_200_000
  return { ...matchOf(stored, { reference: t.reference, foundBy: 'reference', namespace: '', now })!, ...over }
}

const facts = (steps: readonly Step[], over?: Partial<Match>) => {
  const { failedStepId, ...told } = fourFacts(match(steps, over), { clock })
  const isThere = failedStepId === null || steps.some(({ id }) => id === failedStepId)
  expect(isThere).toBe(true)
  return { ...told, isLink: failedStepId !== null }
}

describe('where it started', () => {
  test.each<[string, Step[]]>([
    [
      'The page shop-web began “Refresh prices” by itself at 10:14:03, in the customer’s browser.',
      [t.round({ name: 'Refresh prices', background: true })],
    ],
    [
      'The customer’s browser (shop-web) sent POST /api/orders at 10:14:03.',
      [t.step({ hop: 'browser', name: 'POST /api/orders', claimed: true })],
    ],
    [
      'A request came in at shop-api at 10:14:03 (POST /api/orders); no page reported who sent it.',
      [t.step({ hop: 'api', name: 'POST /api/orders' })],
    ],
    [
      'The first that is known: at 10:14:03 refund-worker worked on refund.',
      [t.step({ hop: 'worker', name: 'refund' })],
    ],
    [
      'The first that is known: at 10:14:03 shop-support noted ticket 7.',
      [t.step({ hop: 'support', name: 'ticket 7', facts: { ticket: '7' } })],
    ],
  ])('%s', (started, steps) => {
    expect(facts(steps).started).toBe(started)
  })
})

test('what it touched stays short, however many services and deeds there were', () => {
  const first = t.step({ hop: 'api', name: 'POST /api/orders', durationMs: 900 })
  const inside = (fields: Parameters<typeof t.step>[0]): Step => t.step({ parentId: first.id, ...fields })
  const deeds = ['a', 'b', 'c', 'd', 'e'].map((name) => inside({ hop: 'tool', service: 'shop-api', name }))
  const services = ['one', 'two', 'three', 'four', 'five'].map((service) =>
    inside({ hop: 'model', service, name: 'chat' }),
  )
  const log = inside({ hop: 'log', service: 'shop-log', name: 'line' })
  expect(facts([first, ...deeds, ...services, log]).touched.replaceAll('\u00a0', ' ')).toBe(
    'shop-api handled POST /api/orders, used the tool a, used the tool b, used the tool c and did more; then one asked a model (chat); ' +
      'then two asked a model (chat); then three asked a model (chat); then 2 more services took part. 12 steps in 900 ms.',
  )
})

test('what failed is not said to have been done', () => {
  const told = (...steps: Step[]): string => facts(steps).touched
  const served = t.step({ hop: 'api', name: 'POST /api/refunds', fails: '503' })
  const inside = { service: 'shop-api', parentId: served.id, fails: 'ECONNREFUSED', after: 5 } as const
  expect(told(served, t.step({ hop: 'queue', name: 'refund', ...inside }))).toMatch(
    /^shop-api handled POST \/api\/refunds and tried to put “refund” into a queue\. /,
  )
  const job = t.step({ hop: 'worker', name: 'refund', jobId: 'j1', fails: 'timeout' })
  const letter = { name: 'refund-review', service: 'refund-worker', parentId: job.id, deadLetter: true, after: 60 }
  expect(told(job, t.step({ hop: 'queue', fails: 'ECONNREFUSED', ...letter }))).toMatch(
    /^refund-worker worked on “refund” and tried to set it aside for a person\. /,
  )
  expect(told(job, t.step({ hop: 'queue', ...letter }))).toMatch(/ and set it aside for a person\. /)
  expect(told(served, t.step({ hop: 'alert', name: 'refunds stand still', ...inside }))).toContain(
    'tried to raise the alert “refunds stand still”',
  )
  const side = { attributes: { 'span.kind': 'internal' } }
  expect(told(served, t.step({ hop: 'api', name: 'check the bank', ...inside, ...side }))).toContain(
    'tried to do “check the bank”',
  )
  const run = t.step({ hop: 'schedule', service: 'shop-sync', name: 'nightly sync', durationMs: 9000 })
  const item = (n: number, more: object = {}): Step =>
    t.step({
      hop: 'schedule',
      service: 'shop-sync',
      name: 'sync',
      parentId: run.id,
      facts: { order: `A-${n}` },
      ...more,
    })
  expect(told(run, item(1), item(2), item(3, { fails: '23505' }))).toMatch(
    /^shop-sync ran “nightly sync”, did “sync” twice and tried to do “sync”\. /,
  )
})

describe('where it failed', () => {
  test('a read that failed beside a write that finished is said, and decides nothing', () => {
    const round = t.round()
    const read = t.call(round, { name: 'GET /api/orders', fails: '500', after: 900 })
    expect(facts([round, ...t.call(round, { attributes: created }), ...read])).toMatchObject({
      failed:
        'Nothing in the end. A part of it failed, and the work around it went on: At 10:14:03 shop-api answered GET /api/orders; the answer was 500.',
      isLink: true,
      todo: 'Retry: not needed. There is nothing to do.',
    })
  })

  test('work that fell silent names the last that is known of it', () => {
    const round = t.round()
    const [call, served] = t.call(round, { attributes: created })
    const queued = t.step({
      hop: 'queue',
      name: 'mail',
      service: 'shop-api',
      parentId: served.id,
      jobId: 'j1',
      after: 50,
    })
    expect(facts([round, call, served, queued])).toMatchObject({
      failed: 'Nobody reported how it ended. The last known: At 10:14:03 shop-api queued mail.',
      isLink: true,
      todo: 'Retry: no, not yet. Somebody who looks after shop-api has to find out first what was changed.',
    })
  })

  test('of a batch it says how many, which, and the last', () => {
    const run = t.step({ hop: 'schedule', service: 'shop-sync', name: 'nightly sync', durationMs: 9000 })
    const item = (n: number, more: object = {}): Step =>
      t.step({
        hop: 'schedule',
        service: 'shop-sync',
        name: 'sync',
        parentId: run.id,
        after: n * 1000,
        facts: { order: `A-${n}` },
        ...more,
      })
    const told = (...fails: readonly (string | undefined)[]): string =>
      facts([run, ...fails.map((type, n) => item(n, type === undefined ? {} : { fails: type, effect: 'none' }))]).failed
    expect(told(undefined, '23505')).toBe(
      '1 of 2 failed in “nightly sync” of shop-sync: order A-1. There, at 10:14:04, a constraint of the database refused it (23505).',
    )
    expect(told('503', '23505')).toBe(
      '2 of 2 failed in “nightly sync” of shop-sync: order A-0, A-1. In the last one, at 10:14:04, a constraint of the database refused it (23505).',
    )
    expect(told(...Array.from({ length: 7 }, () => '503'), undefined)).toBe(
      '7 of 8 failed in “nightly sync” of shop-sync: order A-0, A-1, A-2, A-3, A-4 and 2 more. In each the answer was 503, the last time at 10:14:09.',
    )
  })
})

describe('what to do', () => {
  const held = { effect: 'held', remains: 'refund pending review' } as const
  const failed = [t.step({ hop: 'worker', name: 'refund', fails: 'timeout', ...held })]
  const owner = { name: 'Payments team', contact: '#payments in Slack', url: null }

  test('whoever looks after it is named, with the way to them', () => {
    expect(facts(failed, { owner }).todo).toBe(
      'Retry: no. Payments team (#payments in Slack) finishes it by hand: refund pending review.',
    )
    expect(facts(failed, { owner: { ...owner, contact: null } }).todo).toBe(
      'Retry: no. Payments team finishes it by hand: refund pending review.',
    )
  })

  test('a run that came later and waits for somebody is told by its name', () => {
    const round = t.round()
    const later = t.step({
      hop: 'schedule',
      name: 'nightly sync',
      service: 'shop-sync',
      fails: '503',
      effect: 'none',
      after: 3_700_000,
    })
    expect(facts([round, ...t.call(round, { attributes: created }), later], { owner }).todo).toBe(
      'Retry: yes. About the later “nightly sync”: Payments team (#payments in Slack) runs it again; nothing was changed.',
    )
  })

  test.each([
    ['503', 'Retry: yes. The customer can try again; nothing was changed.'],
    ['402', 'Retry: yes, with another card. The customer pays with another card; nothing was changed.'],
    ['422', 'Retry: yes, once it is corrected. The customer corrects what was entered; nothing was changed.'],
    ['401', 'Retry: yes, once signed in. The customer signs in first; nothing was changed.'],
    ['410', 'Retry: no. The same request would end the same way; nothing was changed.'],
  ])('a request answered %s that changed nothing: %s', (fails, todo) => {
    expect(facts([t.step({ hop: 'api', name: 'POST /api/orders', fails, effect: 'none' })]).todo).toBe(todo)
  })

  test('an action that may be done twice is not said to have changed nothing', () => {
    const round = t.round({ action: 'failed', fails: '503', repeatable: true })
    expect(facts([round, ...t.call(round, { fails: '503' })]).todo).toBe(
      'Retry: yes. The customer can try again; the application allows it to be done twice.',
    )
  })

  test('a step that names no service leaves it to engineering', () => {
    const silent = t.step({ hop: 'worker', name: 'refund', startedFor: mintSpanId(), status: 'running', durationMs: 0 })
    const { outcome } = match([silent])
    expect(facts([silent], { outcome: { ...outcome, stepId: null } }).todo).toBe(
      'Retry: no, not yet. Somebody at engineering has to find out first what was changed.',
    )
  })
})
