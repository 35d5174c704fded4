import { mintReference, mintSpanId } from '@waybill/reference'
import type { Step } from '@waybill/trail'
import { expect, test } from 'vitest'
import { seededRandom } from '../../../../browser/fixtures/seededRandom.ts'
import { refundTrail } from '../../../fixtures/refundTrail.ts'
import { trailOf } from '../../../../trail/fixtures/trailOf.ts'
import { correctClocks } from './correctClocks.ts'
import type { CorrectedSteps } from './correctClocks.ts'

const MINUTE = 60_000

test('a trail whose clocks agree is left as it is', () => {
  const { browser, servers } = refundTrail()
  const steps = [...browser.map((step): Step => ({ ...step, claimed: true })), ...servers]
  expect(correctClocks(steps)).toEqual({ steps, clocks: new Map(), ownTimes: new Map() })
})

test('a service that is ahead of its callers and of those that it called is brought back between them', () => {
  const steps = shifted(shopTrail(), { 'shop-api': 90_000 })
  const corrected = correctClocks(steps)
  expect(clocksOf(corrected)).toEqual([
    { service: 'shop-api', claimed: false, aheadMs: expect.closeTo(90_000, -2), isLeast: false },
  ])
  const [before, after] = [served(steps), served(corrected.steps)]
  expect(corrected.ownTimes.get(before.id)).toBe(before.at)
  expect(after.at).toBeCloseTo(before.at - 90_000, -2)
  expect(after.durationMs).toBe(before.durationMs)
})

test('where only the customer’s device and the servers differ, the device is wrong, an hour ahead or behind', () => {
  for (const aheadMs of [60 * MINUTE, -60 * MINUTE]) {
    const corrected = correctClocks(shifted(shopTrail(), { 'shop-web': aheadMs }))
    expect(clocksOf(corrected)).toEqual([
      { service: 'shop-web', claimed: true, aheadMs: expect.closeTo(aheadMs, -2), isLeast: false },
    ])
    for (const step of corrected.steps) expect(corrected.clocks.has(step.id)).toBe(step.service === 'shop-web')
  }
})

test('of a worker that is behind the queue it is known only how far at least', () => {
  const { steps, sending, run } = jobTrail({ waitedMs: 700 })
  const corrected = correctClocks(shifted(steps, { 'refund-worker': -90_000 }))
  expect(clocksOf(corrected)).toEqual([{ service: 'refund-worker', claimed: false, aheadMs: -89_300, isLeast: true }])
  expect(byId(corrected.steps, run.id).at).toBe(sending.at)
})

test('a worker is not before the step that sent its job, also where the message carried no more than that', () => {
  const { steps, sending, run } = jobTrail({ parentId: undefined })
  const corrected = correctClocks(shifted(steps, { 'refund-worker': -MINUTE }))
  expect(byId(corrected.steps, run.id).at).toBe(sending.at)
})

test('that a worker is late tells nothing: jobs wait', () => {
  const { steps } = jobTrail({})
  expect(clocksOf(correctClocks(shifted(steps, { 'refund-worker': 60 * MINUTE })))).toEqual([])
})

test('differences that a network, a timer and rounding make are left', () => {
  const { steps } = jobTrail({ waitedMs: 0 })
  expect(clocksOf(correctClocks(shifted(steps, { 'refund-worker': -50 })))).toEqual([])
  expect(clocksOf(correctClocks(shifted(steps, { 'refund-worker': -60 })))).toHaveLength(1)
})

test('of a service whose instances have different clocks nothing is corrected', () => {
  const steps = shopTrail()
  const [first, second] = steps.filter(({ hop, attributes }) => hop === 'api' && !attributes?.['span.kind'])
  const mixed = steps.map((step) => (step === first ? { ...step, at: step.at + 90_000 } : step))
  expect(second).toBeDefined()
  expect(clocksOf(correctClocks(mixed))).toEqual([])
})

test('an answer that is streamed, and so goes on after its call, is no sign of a wrong clock', () => {
  for (const durationMs of [1500, 9000]) {
    const { step } = trailOf()
    const call = step({ hop: 'browser', name: 'POST /chat', claimed: true, durationMs: 2100 })
    const answer = step({ hop: 'api', name: 'POST /chat', parentId: call.id, after: 1900, durationMs })
    expect(clocksOf(correctClocks([call, answer]))).toEqual([])
  }
})

test('an answer is put in the middle of its call, for the way there and the way back take as long', () => {
  const { step } = trailOf()
  const call = step({ hop: 'browser', name: 'GET /', claimed: true, durationMs: 1000 })
  const answer = step({ hop: 'api', name: 'GET /', parentId: call.id, after: 60_000, durationMs: 400 })
  const { steps } = correctClocks([call, answer])
  expect(steps[0]!.at).toBeCloseTo(answer.at - 300, -1)
})

test('a call without an answer does not tell when it was served', () => {
  for (const fails of ['TimeoutError', 'AbortError', 'TypeError', 'page_left']) {
    const { step } = trailOf()
    const call = step({ hop: 'browser', name: 'POST /orders', claimed: true, fails })
    const late = step({ hop: 'api', name: 'POST /orders', parentId: call.id, after: 20_000 })
    expect(clocksOf(correctClocks([call, late]))).toEqual([])
  }
  const { step } = trailOf()
  const call = step({ hop: 'browser', name: 'POST /orders', claimed: true, fails: '503' })
  const answer = step({ hop: 'api', name: 'POST /orders', parentId: call.id, after: 20_000, fails: '503' })
  expect(clocksOf(correctClocks([call, answer]))).toHaveLength(1)
})

test('a page that began before the server which rendered it is right', () => {
  const { step } = trailOf()
  const rendered = step({ hop: 'api', name: 'GET /', after: 400 })
  const load = step({ hop: 'browser', name: 'documentLoad', claimed: true, parentId: rendered.id, durationMs: 900 })
  expect(clocksOf(correctClocks([rendered, load]))).toEqual([])
})

test('strangers’ requests and reports, however many, move nothing', () => {
  const steps = shopTrail()
  const crowd = strangers({ count: 30, after: -5 * MINUTE })
  const all = [...steps, ...crowd]
  expect(correctClocks(all).steps).toBe(all)
})

test('strangers do not choose which clock is wrong', () => {
  const skewed = shifted(shopTrail(), { stock: -60 * MINUTE })
  const alone = correctClocks(skewed)
  expect(clocksOf(alone)).toEqual([{ service: 'stock', claimed: false, aheadMs: expect.any(Number), isLeast: true }])
  for (const after of [60 * MINUTE, -60 * MINUTE]) {
    for (const count of [1, 2, 3, 10]) {
      const corrected = correctClocks([...skewed, ...strangers({ count, after })])
      expect(clocksOf(corrected)).toEqual(clocksOf(alone))
      expect(corrected.steps.slice(0, skewed.length)).toEqual(alone.steps)
    }
  }
})

test('strangers do not switch the correction off: neither one that contradicts itself, nor more of them than machines are heeded', () => {
  const contradicting = [0, 30 * MINUTE].flatMap((after) => strangers({ count: 1, after }))
  const crowd = strangers({ count: 60, after: 0 })
  for (const ahead of [{ 'shop-web': 60 * MINUTE }, { stock: -60 * MINUTE }]) {
    const skewed = shifted(shopTrail(), ahead)
    const alone = correctClocks(skewed)
    expect(clocksOf(alone)).toHaveLength(1)
    for (const before of [contradicting, crowd]) {
      const corrected = correctClocks([...before, ...skewed])
      expect(clocksOf(corrected)).toEqual(clocksOf(alone))
      expect(corrected.steps.slice(before.length)).toEqual(alone.steps)
    }
  }
})

test('a stranger’s request is put right with the service that answered it', () => {
  const [call, request] = strangers({ count: 1, after: 5 * MINUTE }) as [Step, Step]
  const steps = shifted([...shopTrail(), request], { 'shop-api': 90_000 })
  const corrected = correctClocks([...steps, call])
  expect(byId(corrected.steps, request.id).at).toBeCloseTo(request.at, -2)
  expect(byId(corrected.steps, call.id).at).toBe(call.at)
})

test('a beginning that was told first, and what it became, are corrected alike', () => {
  const { steps, run } = jobTrail({ waitedMs: 0 })
  const marker: Step = { ...run, id: mintSpanId(), startedFor: run.id, durationMs: 0, status: 'running' }
  const late = shifted([marker, ...steps], { 'refund-worker': -MINUTE })
  const corrected = correctClocks(late)
  expect(corrected.steps[0]!.at).toBe(run.at)
  expect(byId(corrected.steps, run.id).at).toBe(run.at)
  expect(correctClocks(late.filter(({ id }) => id !== run.id)).ownTimes.get(run.id)).toBe(run.at - MINUTE)
})

test('a true trail of any shape is never changed', () => {
  const random = seededRandom(41)
  for (let round = 0; round < 400; round++) {
    const steps = randomTrail(random, { services: 1 + Math.floor(random() * 6) })
    expect(correctClocks(steps).steps).toBe(steps)
  }
})

test('with calls between all, one wrong clock is found, and each time is true within the length of a call', () => {
  const random = seededRandom(7)
  for (let round = 0; round < 400; round++) {
    const steps = randomTrail(random, { services: 4, sync: 1 })
    const wrong = `service-${1 + Math.floor(random() * 3)}`
    const aheadMs = (random() < 0.5 ? -1 : 1) * (10_000 + random() * 3_600_000)
    const { steps: corrected, clocks } = correctClocks(shifted(steps, { [wrong]: aheadMs }))
    expect(new Set(Array.from(clocks.values(), ({ service }) => service))).toEqual(new Set([wrong]))
    for (const [index, step] of corrected.entries())
      expect(Math.abs(step.at - steps[index]!.at)).toBeLessThanOrEqual(step.service === wrong ? LONGEST_CALL_MS : 0)
  }
})

test('with every clock wrong, all machines agree with one of them within the length of their calls', () => {
  const random = seededRandom(70)
  for (let round = 0; round < 300; round++) {
    const steps = randomTrail(random, { services: 5, sync: 1 })
    const ahead = Object.fromEntries(
      Array.from({ length: 5 }, (_, n) => [`service-${n}`, Math.round((random() - 0.5) * 7_200_000)]),
    )
    const { steps: corrected } = correctClocks(shifted(steps, ahead))
    const off = corrected.map((step, index) => step.at - steps[index]!.at)
    expect(Math.max(...off) - Math.min(...off)).toBeLessThanOrEqual(2 * 5 * LONGEST_CALL_MS)
    expect(Object.values(ahead).some((each) => Math.abs(off[0]! - each) < LONGEST_CALL_MS * 5)).toBe(true)
  }
})

test('whatever the clocks say, afterwards nothing is before its cause, and nothing else about a step has changed', () => {
  const random = seededRandom(3)
  let moved = 0
  for (let round = 0; round < 600; round++) {
    const steps = randomTrail(random, { services: 2 + Math.floor(random() * 5), sync: random() < 0.5 ? 0 : 0.5 })
    const ahead = Object.fromEntries(
      Array.from({ length: 6 }, (_, n) => [`service-${n}`, random() < 0.5 ? 0 : (random() - 0.5) * 7_200_000]),
    )
    const skewed = shifted(steps, ahead)
    const { steps: corrected, ownTimes } = correctClocks(skewed)
    moved += ownTimes.size > 0 ? 1 : 0
    const told = new Map(corrected.map((step) => [step.id, step]))
    for (const [index, step] of corrected.entries()) {
      const cause = told.get(step.parentId ?? '')
      if (cause) expect(step.at).toBeGreaterThanOrEqual(cause.at - 50 - 0.001)
      expect({ ...step, at: 0 }).toEqual({ ...skewed[index], at: 0 })
    }
  }
  expect(moved).toBeGreaterThan(200)
})

test('ends on circles of causes, and on a thousand devices', () => {
  const { step } = trailOf()
  const one = step({ hop: 'api', name: 'a', id: '1'.repeat(16), parentId: '2'.repeat(16), service: 'a' })
  const other = step({
    hop: 'api',
    name: 'b',
    id: '2'.repeat(16),
    parentId: '1'.repeat(16),
    service: 'b',
    after: MINUTE,
  })
  expect(correctClocks([one, other]).steps).toHaveLength(2)
  const crowd = Array.from({ length: 1000 }, (_, n) => {
    const call = step({ hop: 'browser', name: 'GET /', claimed: true, session: `x-${n}`, after: n * MINUTE })
    return [call, step({ hop: 'api', name: 'GET /', parentId: call.id })]
  }).flat()
  expect(correctClocks(crowd).steps).toHaveLength(2000)
})

test('corrects five thousand steps', () => {
  const steps = Array.from({ length: 100 }, () => randomTrail(seededRandom(5), { services: 8, steps: 50 })).flat()
  expect(steps.length).toBeGreaterThanOrEqual(5000)
  expect(correctClocks(shifted(steps, { 'service-3': -MINUTE })).ownTimes.size).toBeGreaterThan(0)
})

/** A customer's page, an api that calls the stock service twice, and a worker that works on at once. */
function shopTrail(): Step[] {
  const trail = trailOf()
  const { step } = trail
  const round = trail.round({ durationMs: 900 })
  const [call, answer] = trail.call(round, {
    name: 'POST /api/orders',
    after: 10,
    durationMs: 180,
    page: { durationMs: 200 },
  })
  const [look, looked] = trail.call(round, { name: 'GET /api/orders', after: 500, durationMs: 80 })
  const sending = step({
    hop: 'queue',
    name: 'orders',
    parentId: answer.id,
    service: 'shop-api',
    after: 100,
    jobId: 'j-1',
  })
  const run = step({ hop: 'worker', name: 'orders', parentId: sending.id, after: 105, jobId: 'j-1', service: 'stock' })
  return [round, call, answer, look, looked, sending, run]
}

interface StrangersOptions {
  readonly count: number
  /** When their devices' clocks say that they called; milliseconds. */
  readonly after: number
}

/** Each with a device of its own, whose call the api answered a few minutes after the order. */
function strangers({ count, after }: StrangersOptions): Step[] {
  const { step } = trailOf()
  return Array.from({ length: count }, (_, n) => {
    const call = step({ hop: 'browser', name: 'GET /', claimed: true, session: `x-${n}`, after })
    return [call, step({ hop: 'api', name: 'GET /', parentId: call.id, after: 3 * MINUTE + 20 + n, durationMs: 50 })]
  }).flat()
}

interface JobFields {
  readonly waitedMs?: number
  /** @default the step that sent it */
  readonly parentId?: undefined
}

function jobTrail({ waitedMs = 0, ...given }: JobFields): { steps: Step[]; sending: Step; run: Step } {
  const { step } = trailOf()
  const answer = step({ hop: 'api', name: 'POST /api/refunds', durationMs: 400 })
  const sending = step({
    hop: 'queue',
    name: 'refund',
    parentId: answer.id,
    service: 'shop-api',
    after: 50,
    jobId: 'j-1',
  })
  const parentId = 'parentId' in given ? given.parentId : sending.id
  const run = step({ hop: 'worker', name: 'refund', parentId, after: 50 + waitedMs, jobId: 'j-1', durationMs: 3000 })
  return { steps: [answer, sending, run], sending, run }
}

const LONGEST_CALL_MS = 1500

interface RandomTrail {
  readonly services: number
  readonly steps?: number
  /** How many causes of another machine's steps are calls with an answer, of 1. @default 0.5 */
  readonly sync?: number
}

/** Steps as they may truly have happened: calls and their answers, jobs and what is done for them, each begun inside its cause or after it. */
function randomTrail(random: () => number, { services, steps: count = 30, sync = 0.5 }: RandomTrail): Step[] {
  const { step } = trailOf(mintReference())
  const below = (most: number): number => Math.floor(random() * most)
  const steps = [step({ hop: 'api', name: 'root', service: 'service-0', durationMs: 60_000 })]
  const add = (fields: Partial<Step> & Pick<Step, 'hop' | 'at' | 'service' | 'durationMs'>): Step => {
    const made: Step = { ...step({ name: fields.hop, ...fields }), at: fields.at }
    steps.push(made)
    return made
  }
  let called = 1
  while (steps.length < count) {
    const around = steps[below(steps.length)]!
    if (around.attributes) continue
    // Each is called by another one at least once.
    const service = `service-${called < services ? called++ : below(services)}`
    const at = around.at + below(around.durationMs + 1)
    if (random() < sync) {
      const durationMs = 300 + below(LONGEST_CALL_MS - 300)
      const attributes = { 'span.kind': 'client' }
      const call = add({ hop: 'api', at, durationMs, service: around.service, parentId: around.id, attributes })
      const wait = below(durationMs / 2)
      const served = { hop: 'api', service, parentId: call.id, at: at + wait } as const
      add({ ...served, durationMs: below(durationMs - wait) + (random() < 0.1 ? 5000 : 0) })
    } else {
      const jobId = `job-${steps.length}`
      const job = { parentId: around.id, jobId } as const
      const sending = add({ ...job, hop: 'queue', at, durationMs: 5, service: around.service })
      add({ ...job, hop: 'worker', parentId: sending.id, at: at + below(4000), durationMs: below(9000), service })
    }
  }
  // Told in any order.
  return steps.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

function shifted(steps: readonly Step[], ahead: Readonly<Record<string, number>>): Step[] {
  return steps.map((step) => ({ ...step, at: step.at + (ahead[step.service] ?? 0) }))
}

function clocksOf({ clocks }: CorrectedSteps): unknown[] {
  return [...new Set(clocks.values())]
}

function byId(steps: readonly Step[], id: string): Step {
  return steps.find((step) => step.id === id)!
}

function served(steps: readonly Step[]): Step {
  return steps.find(({ hop }) => hop === 'api')!
}
