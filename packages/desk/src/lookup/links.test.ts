import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import type { Step, StepLink } from '@waybill/trail'
import { expect, test } from 'vitest'
import { openDesk } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'

const linkTo = (rel: StepLink['rel'], { reference, traceId, id }: Step): StepLink => ({
  rel,
  reference,
  traceId,
  spanId: id,
})

function runOf(fields: Partial<Step> = {}): Step {
  const { reference = mintReference() } = fields
  return {
    id: mintSpanId(),
    reference,
    traceId: traceIdOf(reference),
    hop: 'schedule',
    service: 'shop-worker',
    name: 'remind',
    at: Date.now() - 60_000,
    durationMs: 5,
    status: 'ok',
    ...fields,
  }
}

test('a run and a customer’s action that link to each other name each other once, and nothing of what the other holds', async () => {
  await using desk = openDesk()
  const customer = refundTrail()
  const run = runOf({ name: 'nightly sync' })
  const item = runOf({ reference: run.reference, traceId: run.traceId, parentId: run.id, name: 'sync the order' })
  const there = runOf({
    reference: customer.reference,
    traceId: traceIdOf(customer.reference),
    name: 'nightly sync of it',
  })
  await desk.sendAsServer([
    ...customer.servers,
    run,
    { ...item, links: [linkTo('child', there)] },
    { ...there, links: [linkTo('parent', item)] },
  ])
  const [match] = (await desk.lookUp(customer.reference)).matches
  expect(match?.links).toEqual([{ rel: 'parent', name: 'nightly sync of it', count: 1, references: [run.reference] }])
  expect(match?.steps.find(({ id }) => id === there.id)?.links).toEqual([{ rel: 'parent', reference: run.reference }])
  expect(JSON.stringify(match)).not.toContain(item.id)
  expect(match?.outcome.sentence).not.toContain('sync')
  const [other] = (await desk.lookUp(run.reference)).matches
  expect(other?.links).toEqual([{ rel: 'child', name: 'sync the order', count: 1, references: [customer.reference] }])
})

test('who set up a schedule sees the newest runs and how many, and the code opens that trail alone', async () => {
  await using desk = openDesk()
  const { servers, reference } = refundTrail()
  await desk.sendAsServer(servers)
  const runs = Array.from({ length: 12 }, (_, at) =>
    runOf({ links: [linkTo('parent', servers[0]!)], status: at % 2 ? 'ok' : 'error' }),
  )
  for (const run of runs) await desk.sendAsServer([run])
  const before = (await desk.lookUp(reference)).matches[0]?.outcome
  for (const answer of [
    await desk.lookUp(reference),
    await desk.search(reference.toLowerCase()),
    await desk.search(traceIdOf(reference)),
  ]) {
    expect(answer.matches.map((match) => match.reference)).toEqual([reference])
    expect(answer.matches[0]).toMatchObject({ foundBy: 'reference', outcome: before, later: [] })
    expect(answer.matches[0]?.links).toEqual([
      {
        rel: 'child',
        name: null,
        count: 12,
        references: runs
          .toReversed()
          .slice(0, 5)
          .map((run) => run.reference),
      },
    ])
  }
  expect((await desk.lookUp(runs[0]!.reference)).matches[0]?.links).toEqual([
    { rel: 'parent', name: 'remind', count: 1, references: [reference] },
  ])
})

test('a code of which only links are known finds nothing', async () => {
  await using desk = openDesk()
  const gone = runOf()
  await desk.sendAsServer([runOf({ links: [linkTo('parent', gone)] })])
  for (const text of [gone.reference, `link ${gone.reference}`, `  ${gone.reference}`, gone.traceId]) {
    expect((await desk.search(text)).matches).toEqual([])
    expect((await desk.lookUp(text)).matches).toEqual([])
  }
})

test('of many links those of failed steps come first', async () => {
  await using desk = openDesk()
  const run = runOf()
  const there = Array.from({ length: 8 }, () => runOf())
  const failed = { status: 'error', error: { type: '23505' } } as const
  const items = there.map((each, at) =>
    runOf({
      reference: run.reference,
      parentId: run.id,
      name: 'item',
      at: run.at + at,
      facts: { order: `A-${at}` },
      links: [linkTo('child', each)],
      ...(at === 2 && failed),
    }),
  )
  await desk.sendAsServer([run, ...items.map((item) => ({ ...item, traceId: run.traceId }))])
  const [match] = (await desk.lookUp(run.reference)).matches
  const order = [2, 7, 6, 5, 4].map((at): Reference => there[at]!.reference)
  expect(match?.links).toEqual([{ rel: 'child', name: 'item', count: 8, references: order }])
})

test('a browser links to nothing: neither from its own trail nor from somebody’s', async () => {
  await using desk = openDesk()
  const victim = refundTrail()
  await desk.sendAsServer(victim.servers)
  const own = runOf({
    hop: 'browser',
    links: [linkTo('parent', victim.servers[0]!), linkTo('child', victim.servers[0]!)],
  })
  const under = {
    ...runOf({ reference: victim.reference, links: [linkTo('child', own)] }),
    traceId: traceIdOf(victim.reference),
  }
  expect((await desk.sendAsBrowser([own, under])).status).toBe(200)
  for (const reference of [victim.reference, own.reference]) {
    const [match] = (await desk.lookUp(reference)).matches
    expect(match?.links).toEqual([])
    expect(match?.steps.flatMap(({ links }) => links)).toEqual([])
  }
})
