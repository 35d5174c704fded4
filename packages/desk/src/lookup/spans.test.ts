import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import { afterEach, expect, test } from 'vitest'
import type { SpanReader } from '@waybill/desk'
import { tempoSpans } from '@waybill/desk'
import { openDesk } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import { startTempo } from '../../fixtures/startTempo.ts'
import type { Tempo, TempoOptions } from '../../fixtures/startTempo.ts'
import { stepOf } from '../../fixtures/stepOf.ts'

const open: Tempo[] = []
afterEach(async () => {
  for (const tempo of open.splice(0)) await tempo.close()
})

async function readerOver(steps: Parameters<typeof startTempo>[0], options?: TempoOptions): Promise<SpanReader> {
  const tempo = await startTempo(steps, options)
  open.push(tempo)
  return tempoSpans({ url: tempo.url })
}

test('a trail is completed by the spans of services that do not report to the desk', async () => {
  const { servers, reference } = refundTrail()
  const foreign = stepOf({
    reference,
    at: servers[0]!.at + 10,
    parentId: servers[0]!.id,
    service: 'ledger',
    name: 'POST /book',
  })
  await using desk = openDesk({ spans: [await readerOver([...servers, foreign])] })
  await desk.sendAsServer(servers)
  const { matches, complete, unseen } = await desk.lookUp(reference)
  expect([matches.length, complete, unseen]).toEqual([1, true, []])
  const { steps } = matches[0]!
  expect(steps).toHaveLength(servers.length + 1)
  expect(new Set(steps.map(({ id, source }) => `${id} ${source}`))).toEqual(
    new Set([...servers.map(({ id }) => `${id} desk`), `${foreign.id} tempo`]),
  )
})

test('a reference that was never reported to the desk is found where its spans are', async () => {
  const reference = mintReference()
  const at = Date.now() - 5 * 86_400_000
  const failed = stepOf({ reference, at, service: 'ledger', status: 'error', error: { type: 'Timeout' } })
  await using desk = openDesk({ spans: [await readerOver([failed])] })
  const { matches, complete, searched } = await desk.lookUp(`It says ${reference.toLowerCase()}, what now?`)
  expect(matches).toMatchObject([{ reference, outcome: { state: 'failed' }, steps: [{ source: 'tempo' }] }])
  expect([complete, searched.spans.length]).toEqual([true, 1])
})

test('what is nowhere is absent only where everything was searched', async () => {
  const reference = mintReference()
  await using whole = openDesk({ spans: [await readerOver([])] })
  expect(await whole.lookUp(reference)).toMatchObject({ matches: [], complete: true, unseen: [] })
  await using cut = openDesk({ spans: [await readerOver([], { behaves: 500 })] })
  expect(await cut.lookUp(reference)).toMatchObject({
    matches: [],
    complete: false,
    unseen: [{ where: 'tempo', reason: 'unreachable' }],
  })
})

test('a trail whose spans cannot be read is shown as far as the desk knows it, and said to be incomplete', async () => {
  const { servers, reference } = refundTrail()
  await using desk = openDesk({ spans: [await readerOver([], { behaves: 403 })] })
  await desk.sendAsServer(servers)
  const { matches, complete } = await desk.lookUp(reference)
  expect(complete).toBe(false)
  expect(matches).toMatchObject([{ reference, unseen: [{ where: 'tempo', reason: 'refused' }] }])
  expect(matches[0]!.steps).toHaveLength(servers.length)
})

test('an order number leads to a trail that is completed, and of several none is', async () => {
  const [one, two] = [mintReference(), mintReference()]
  const at = Date.now() - 60_000
  const own = [one, two].map((reference) =>
    stepOf({ reference, at, facts: { order: reference === one ? 'A-1' : 'A-2', batch: 'B-9' } }),
  )
  const foreign = [one, two].map((reference) => stepOf({ reference, at, id: mintSpanId(), service: 'ledger' }))
  const reader = await readerOver(foreign)
  await using desk = openDesk({ spans: [reader] })
  await desk.sendAsServer(own)
  expect((await desk.lookUp('A-1')).matches.map(({ steps }) => steps.length)).toEqual([2])
  const before = open[0]!.asked.length
  expect((await desk.lookUp('B-9')).matches.map(({ steps }) => steps.length)).toEqual([1, 1])
  expect(open[0]!.asked).toHaveLength(before)
})

test('a reader that breaks its word takes nothing from the answer', async () => {
  const { servers, reference } = refundTrail()
  const broken: SpanReader = {
    where: 'tempo',
    read: async () => ({ resourceSpans: [null, 7, { scopeSpans: 'x' }], searched: null, unseen: [] }),
    probe: async () => ({ ok: true, found: 'nothing' }),
  }
  await using desk = openDesk({ spans: [broken] })
  await desk.sendAsServer(servers)
  expect((await desk.lookUp(reference)).matches[0]!.steps).toHaveLength(servers.length)
})

test('a trail has the addresses at which other tools show it', async () => {
  const { servers, reference } = refundTrail()
  await using desk = openDesk({ traceLinks: [{ name: 'Jaeger', url: 'https://jaeger.example/trace/{traceId}' }] })
  await desk.sendAsServer(servers)
  expect((await desk.lookUp(reference)).matches[0]!.traceLinks).toEqual([
    { name: 'Jaeger', href: `https://jaeger.example/trace/${traceIdOf(reference)}` },
  ])
  expect(() => openDesk({ traceLinks: [{ name: 'Jaeger', url: 'javascript:alert(1)' }] })).toThrow('link to Jaeger')
})
