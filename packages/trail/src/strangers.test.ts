import { mintSpanId } from '@waybill/reference'
import { HOPS, outcomeOf } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { expect, test } from 'vitest'
import { T0, trailOf } from '../fixtures/trailOf.ts'
import { seededRandom } from '../../reference/fixtures/seededRandom.ts'

const { below } = seededRandom(12)
const oneOf = <T>(list: readonly T[]): T => list[below(list.length)]!
const isLucky = (percent: number): boolean => below(100) < percent
const maybe = <T>(value: T): T | undefined => (isLucky(50) ? value : undefined)

const TYPES = ['500', '503', '404', '402', '422', 'TypeError', 'timeout', 'AbortError', 'page_left']
const EFFECTS = ['none', 'held', 'done'] as const
const STATES = ['open', 'succeeded', 'failed', 'abandoned'] as const
const NAMES = ['GET /api/orders', 'POST /api/orders', 'POST /api/refunds', 'GET /api/nothing-here', 'Buy']

function anyFields(): Partial<Step> {
  const isBroken = isLucky(40)
  return {
    name: oneOf(NAMES),
    durationMs: below(5000),
    status: isBroken ? 'error' : oneOf(['ok', 'ok', 'running']),
    error: isBroken ? { type: oneOf(TYPES) } : undefined,
    attempt: maybe(1 + below(3)),
    maxAttempts: maybe(3),
    effect: maybe(oneOf(EFFECTS)),
    remains: maybe(`left ${below(9)}`),
    facts: maybe({ order: `A-${below(5)}` }),
    repeatable: maybe(true as const),
    deadLetter: maybe(true as const),
    attributes: maybe({ 'http.route': '/api/orders', 'http.response.status_code': 200 + below(300) }),
  }
}

/** Anything that may come in: with and without the page's own report, retries, jobs, runs and tickets. */
function anyTrail(): { t: ReturnType<typeof trailOf>; steps: Step[] } {
  const t = trailOf()
  const steps: Step[] = []
  for (let rounds = 1 + below(3); rounds > 0; rounds--) {
    const after = below(60_000)
    const round = t.round({ action: oneOf(STATES), after, ...maybe({ fails: oneOf(TYPES) }) })
    if (isLucky(70)) steps.push(round)
    for (let calls = 1 + below(3); calls > 0; calls--) {
      const [claim, served] = t.call(round, { after, ...anyFields() })
      if (isLucky(70)) steps.push(claim)
      steps.push(served)
      for (let parts = below(4); parts > 0; parts--)
        steps.push(t.step({ after, ...anyFields(), hop: oneOf(HOPS), parentId: maybe(oneOf(steps).id) } as never))
    }
  }
  return { t, steps: steps.map((step) => (step.hop === 'browser' ? { ...step, claimed: true } : step)) }
}

/** What somebody sends who knows the reference, the public key, and all that the page shows; not its span ids, nor who is signed in. */
function anyStranger(t: ReturnType<typeof trailOf>): Step[] {
  const at = { after: 100_000 + below(1e9), person: maybe('stranger') }
  const parentId = maybe(mintSpanId())
  if (isLucky(50)) {
    const own = { ...anyFields(), ...at, parentId, action: maybe(oneOf(STATES)), session: maybe('s-2') }
    return [t.step({ ...own, after: maybe(-1e9) ?? at.after, hop: oneOf(HOPS), claimed: true } as never)]
  }
  const request = t.step({ ...anyFields(), ...at, hop: 'api', parentId } as never)
  const inside = t.step({
    ...anyFields(),
    ...at,
    hop: oneOf(['database', 'queue', 'worker']),
    parentId: request.id,
  } as never)
  return isLucky(50) ? [request] : [request, inside]
}

test('what strangers add never changes state, advice or sentence of a trail that has steps of servers', () => {
  const seen = new Set<string>()
  for (let round = 0; round < 3000; round++) {
    const { t, steps } = anyTrail()
    const added = Array.from({ length: 1 + below(5) }, () => anyStranger(t)).flat()
    const now = T0 + below(1e7)
    const before = outcomeOf(steps, { now })
    expect(outcomeOf([...steps, ...added], { now }), JSON.stringify({ steps, added })).toEqual(before)
    expect(outcomeOf([...added, ...steps], { now })).toEqual(before)
    seen.add(`${before.state} ${before.advice}`)
  }
  // The trails are of many kinds, so that the property says something.
  expect(seen.size).toBeGreaterThan(8)
})

test('a pair of a claim and the request it caused is a stranger’s, too, where neither is tied to the action', () => {
  const t = trailOf()
  const round = t.round()
  const genuine = [round, ...t.call(round, {})]
  const forged = t.round({ session: 's-2', after: 50, action: 'failed', fails: 'Error' })
  const pair = [forged, ...t.call(forged, { fails: '500', after: 60 })]
  expect(outcomeOf([...genuine, ...pair])).toEqual(outcomeOf(genuine))
  const unreported = [t.step({ hop: 'api', name: 'POST /api/orders', parentId: mintSpanId() })]
  expect(outcomeOf([...unreported, ...pair])).toEqual(outcomeOf(unreported))
})
