import { expect, test } from 'vitest'
import { HOP_MAP_TRAILS } from '../../../fixtures/hopMapTrails.ts'
import type { HopMapTrail } from '../../../fixtures/hopMapTrails.ts'
import { openDesk } from '../../../fixtures/openDesk.ts'
import { trailOf } from '../../../../trail/fixtures/trailOf.ts'
import type { Match } from '../../lookup/Match.ts'
import { hopMapOf, MOST_PLACES } from './hopMapOf.ts'
import { hopRuns } from './hopRuns.ts'
import type { HopRun } from './hopRuns.ts'

test('has the places in the order met, what led to each and how often, where it broke, and what waits for a person', async () => {
  expect(textOf(await matchFor(HOP_MAP_TRAILS.refund()))).toEqual([
    'shop-web browser 1/0 passed',
    'shop-api api 1/0 passed from shop-web browser 1',
    'shop-api database 1/0 passed from shop-api api 1',
    'shop-api queue 1/0 passed from shop-api api 1',
    'refund-worker worker 3/3 passed from shop-api queue 3',
    'refund-worker tool 3/0 passed from refund-worker worker 3',
    'refund-worker model 3/3 failed from refund-worker worker 3',
    'refund-worker queue 1/0 held from refund-worker worker 1',
  ])
})

test('what was left for a person is no longer there once somebody has done it', async () => {
  const match = await matchFor(HOP_MAP_TRAILS.refund())
  const handling = {
    state: 'done',
    by: 'Ada',
    who: 'a',
    note: null,
    at: match.startedAt,
    id: '1',
    isOutdated: false,
  } as const
  expect(textOf({ ...match, handling }).at(-1)).toContain('refund-worker queue 1/0 passed')
  expect(textOf({ ...match, handling: { ...handling, state: 'taken' } }).at(-1)).toContain('held')
  expect(textOf({ ...match, handling: { ...handling, isOutdated: true } }).at(-1)).toContain('held')
})

test('says what waits in a queue, what goes on, and from where the last word came', async () => {
  const { reference, browser, servers } = HOP_MAP_TRAILS.waiting()
  expect(textOf(await matchFor({ reference, browser, servers })).at(-1)).toContain('shop-api queue 1/0 waiting')
  const [queued] = servers.slice(-1)
  const taken = trailOf(reference).step({ hop: 'worker', name: 'pack', parentId: queued!.id, jobId: 'q' })
  const run = { ...taken, at: queued!.at + 50, durationMs: 0, status: 'running', startedFor: '1'.repeat(16) } as const
  expect(textOf(await matchFor({ reference, browser, servers: [...servers, run] })).at(-1)).toContain('running')
  const long = [...servers, run].map((step) => ({ ...step, at: step.at - 90_000_000 }))
  expect(textOf(await matchFor({ reference, browser: [], servers: long })).at(-1)).toContain('silent')
})

test('where the servers went on and the page says that it failed, that is told of the page', async () => {
  const { reference, round, call } = trailOf()
  const begun = round({ action: 'failed', fails: 'SyntaxError' })
  const [claim, answer] = call(begun, { attributes: { 'http.response.status_code': 201 } })
  expect(textOf(await matchFor({ reference, browser: [begun, claim], servers: [answer] }))).toEqual([
    'shop-web browser 1/1 reported',
    'shop-api api 1/0 passed from shop-web browser 1',
  ])
})

test('a call that no step answers leads to the system that was called; one that is answered, to who answers', async () => {
  const { reference, step } = trailOf()
  const run = step({ hop: 'schedule', service: 'shop-sync', name: 'nightly sync', fails: 'timeout' })
  const client = { hop: 'api', service: 'shop-sync', parentId: run.id } as const
  const asked = (address: string) => ({ 'server.address': address })
  const answered = step({ ...client, name: 'GET /orders', attributes: asked('shop-api') })
  const answer = step({ hop: 'api', name: 'GET /orders', parentId: answered.id, after: 10 })
  const lost = step({
    ...client,
    name: 'GET /stock',
    after: 500,
    fails: 'timeout',
    attributes: asked('warehouse.example'),
  })
  const match = await matchFor({ reference, browser: [], servers: [run, answered, answer, lost] })
  const steps = match.steps.map((each) =>
    each.attributes['server.address'] ? { ...each, attributes: { ...each.attributes, 'span.kind': 'client' } } : each,
  )
  const { places } = hopMapOf({ ...match, steps })
  expect(places.map(({ service, isOutside }) => [service, isOutside])).toEqual([
    ['shop-sync', false],
    ['shop-sync', false],
    ['shop-api', false],
    ['warehouse.example', true],
  ])
  expect(places.at(-1)).toMatchObject({ failed: 1, state: 'failed', ways: [{ from: 0, times: 1 }] })
})

test('where only a browser told anything, that is all there is', async () => {
  const { reference, round } = trailOf()
  const begun = round({ action: 'failed', fails: 'TypeError' })
  expect(textOf(await matchFor({ reference, browser: [begun], servers: [] }))).toEqual(['shop-web browser 1/1 failed'])
})

test('a job whose message carried only its id came from the queue', async () => {
  const { reference, step } = trailOf()
  const sent = step({ hop: 'queue', name: 'pack', service: 'shop-api', jobId: 'j' })
  const done = step({ hop: 'worker', name: 'pack', service: 'packer', jobId: 'j', after: 500 })
  expect(textOf(await matchFor({ reference, browser: [], servers: [sent, done] })).at(-1)).toBe(
    'packer worker 1/0 passed from shop-api queue 1',
  )
})

test('requests of strangers, tickets and log lines are no places of it', async () => {
  const { reference, step, round, call } = trailOf()
  const begun = round()
  const [claim, answer] = call(begun, {})
  const strange = step({ hop: 'api', name: 'GET /', service: 'stranger', after: 900 })
  const forged = step({ hop: 'browser', name: 'x', service: 'forged', claimed: true })
  const line = step({ hop: 'log', name: 'a line', service: 'logger', parentId: answer.id })
  const ticket = step({ hop: 'support', name: 'a ticket', service: 'tickets', after: 5000 })
  const match = await matchFor({ reference, browser: [begun, claim, forged], servers: [answer, strange, line, ticket] })
  expect(hopMapOf(match).places.map(({ service }) => service)).toEqual(['shop-web', 'shop-api'])
})

test('of many places the first ones stay, and where it failed with what led there', async () => {
  const match = await matchFor(HOP_MAP_TRAILS.crowd())
  const { places, more } = hopMapOf(match)
  expect([places.length, more]).toEqual([MOST_PLACES, 5])
  const last = match.steps.find(({ service }) => service === 'pricing-eu')!
  const failed = hopMapOf({ ...match, outcome: { ...match.outcome, state: 'failed', stepId: last.id } })
  expect([failed.places.length, failed.more]).toEqual([MOST_PLACES, 5])
  expect(failed.places.at(-1)).toMatchObject({ service: 'pricing-eu', state: 'failed', ways: [{ from: 10 }] })
})

test('is drawn as runs that part, each place once', async () => {
  const words = async (trail: HopMapTrail): Promise<unknown> => {
    const map = hopMapOf(await matchFor(trail))
    const told = ({ places, parts }: HopRun): unknown => [
      places.map((place) => map.places[place]!.hop).join(' '),
      ...parts.map(told),
    ]
    return hopRuns(map).map(told)
  }
  expect(await words(HOP_MAP_TRAILS.webhook())).toEqual([['webhook queue worker database']])
  expect(await words(HOP_MAP_TRAILS.refund())).toEqual([
    ['browser api', ['database'], ['queue worker', ['tool'], ['model'], ['queue']]],
  ])
  expect(hopRuns({ places: [], more: 0 })).toEqual([])
})

test('places that called one another in a circle are each drawn once', async () => {
  const { reference, step } = trailOf()
  const one = step({ hop: 'api', name: 'a', service: 'a', durationMs: 900 })
  const two = step({ hop: 'api', name: 'b', service: 'b', parentId: one.id, after: 10, durationMs: 800 })
  const back = step({ hop: 'api', name: 'a', service: 'a', parentId: two.id, after: 20, durationMs: 100 })
  const match = await matchFor({ reference, browser: [], servers: [one, two, back] })
  expect(textOf(match)).toEqual(['a api 2/0 passed from b api 1', 'b api 1/0 passed from a api 1'])
  expect(hopRuns(hopMapOf(match))).toEqual([{ places: [0, 1], parts: [] }])
})

async function matchFor({ reference, browser, servers }: HopMapTrail): Promise<Match> {
  await using desk = openDesk()
  await desk.sendAsBrowser(browser)
  await desk.sendAsServer(servers)
  return (await desk.lookUp(reference)).matches[0]!
}

function textOf(match: Match): string[] {
  const { places } = hopMapOf(match)
  return places.map(({ service, hop, times, failed, state, ways }) => {
    const from = ways.map((way) => ` from ${places[way.from]!.service} ${places[way.from]!.hop} ${way.times}`)
    return `${service} ${hop} ${times}/${failed} ${state}${from.join('')}`
  })
}
