import { expect, test } from 'vitest'
import type { Step } from '@waybill/trail'
import { trailOf } from '../../../../trail/fixtures/trailOf.ts'
import { openDesk } from '../../../fixtures/openDesk.ts'

test('a service that is 90 s ahead changes neither how long it took nor when it began', async () => {
  await using desk = openDesk()
  const { reference, page, servers, begunAt } = orderTrail({ apiAheadMs: 90_000 })
  await desk.sendAsBrowser(page)
  await desk.sendAsServer(servers)
  const [match] = (await desk.lookUp(reference)).matches
  expect(match?.outcome.sentence).toBe(
    'shop-api answered POST /api/orders with 201, then order-worker worked on orders. It took 1.3 s.',
  )
  expect(match?.startedAt).toBe(new Date(begunAt).toISOString())
  expect(match?.clocks).toEqual([
    { service: 'shop-api', claimed: false, aheadMs: expect.closeTo(90_000, -2), isLeast: false },
  ])
  const [answer] = servers
  const told = match?.steps.find(({ id }) => id === answer?.id)
  expect(told?.atByOwnClock).toBe(new Date(answer!.at).toISOString())
  expect(Math.abs(Date.parse(told!.at) - (answer!.at - 90_000))).toBeLessThan(100)
  expect(match?.steps.filter(({ service }) => service !== 'shop-api').map((each) => each.atByOwnClock)).toEqual(
    Array(4).fill(null),
  )
  expect(match?.steps.map(({ hop }) => hop)).toEqual(['browser', 'browser', 'api', 'queue', 'worker', 'tool'])
})

test('a customer whose clock is an hour ahead began when the servers say, and the verdict is the same as with a right clock', async () => {
  const answers = await Promise.all(
    [0, 3_600_000].map(async (pageAheadMs) => {
      await using desk = openDesk()
      const { reference, page, servers, begunAt } = orderTrail({ pageAheadMs })
      await desk.sendAsBrowser(page)
      await desk.sendAsServer(servers)
      const [match] = (await desk.lookUp(reference)).matches
      expect(Math.abs(Date.parse(match!.startedAt) - begunAt)).toBeLessThan(200)
      return { ...match!.outcome, stepId: null, clocks: match!.clocks }
    }),
  )
  const [right, ahead] = answers
  const clock = { service: 'shop-web', claimed: true, aheadMs: expect.closeTo(3_600_000, -3), isLeast: false }
  expect(ahead).toEqual({ ...right, clocks: [clock] })
  expect(right?.clocks).toEqual([])
})

test('strangers, who sent requests under a reference that they read somewhere, change no time of the action, and of their devices nothing is said', async () => {
  const matches = await Promise.all(
    [0, 1, 3].map(async (count) => {
      await using desk = openDesk()
      const { reference, page, servers, step, begunAt } = orderTrail({ workerAheadMs: -3_600_000 })
      const calls = Array.from({ length: count }, (_, n) =>
        step({ hop: 'browser', name: 'GET /', session: `s-stranger-${n}`, after: -3_600_000 }),
      )
      const served = calls.map(({ id }) => step({ hop: 'api', name: 'GET /', parentId: id, after: 9000 }))
      await desk.sendAsBrowser([...page, ...calls])
      await desk.sendAsServer([...servers, ...served])
      const [match] = (await desk.lookUp(reference)).matches
      expect(match?.startedAt).toBe(new Date(begunAt).toISOString())
      return {
        clocks: match?.clocks,
        times: match?.steps.filter(({ name }) => name !== 'GET /').map(({ name, at }) => [name, at]),
        moved: match?.steps.filter(({ atByOwnClock }) => atByOwnClock).map(({ service }) => service),
      }
    }),
  )
  expect(matches[0]?.clocks).toEqual([
    { service: 'order-worker', claimed: false, aheadMs: expect.closeTo(-3_600_000, -3), isLeast: true },
  ])
  expect(matches[0]?.moved).toEqual(['order-worker', 'order-worker'])
  expect(matches.slice(1)).toEqual([matches[0], matches[0]])
})

/** A customer's order that an api took, and that a worker did at once. */
function orderTrail({ apiAheadMs = 0, pageAheadMs = 0, workerAheadMs = 0 }: OrderTrailOptions) {
  const trail = trailOf()
  const { step } = trail
  const round = trail.round({ durationMs: 220 })
  const [call, answer] = trail.call(round, {
    name: 'POST /api/orders',
    after: 10,
    durationMs: 150,
    attributes: { 'http.response.status_code': 201 },
    page: { durationMs: 190 },
  })
  const sending = step({
    hop: 'queue',
    name: 'orders',
    service: 'shop-api',
    parentId: answer.id,
    after: 60,
    jobId: 'j-1',
  })
  const job = { service: 'order-worker', parentId: sending.id, jobId: 'j-1' } as const
  const run = step({ ...job, hop: 'worker', name: 'orders', after: 120, durationMs: 1200 })
  const tool = step({ hop: 'tool', name: 'pack', service: 'order-worker', parentId: run.id, after: 200 })
  const ahead = (ms: number) => (each: Step) => ({ ...each, at: each.at + ms })
  return {
    reference: trail.reference,
    step,
    begunAt: round.at,
    page: [round, call].map(ahead(pageAheadMs)),
    servers: [...[answer, sending].map(ahead(apiAheadMs)), ...[run, tool].map(ahead(workerAheadMs))],
  }
}

interface OrderTrailOptions {
  readonly apiAheadMs?: number
  readonly pageAheadMs?: number
  readonly workerAheadMs?: number
}
