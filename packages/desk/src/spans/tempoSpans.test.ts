import { mintReference, traceIdOf } from '@waybill/reference'
import { afterEach, expect, test } from 'vitest'
import { describeSpanReader } from '../../fixtures/describeSpanReader.ts'
import { startTempo } from '../../fixtures/startTempo.ts'
import type { Tempo, TempoOptions } from '../../fixtures/startTempo.ts'
import { stepOf } from '../../fixtures/stepOf.ts'
import { tempoSpans } from './tempoSpans.ts'

for (const { title, found, ...options } of [
  { title: 'in protobuf', found: /^Tempo, by \/api\/v2\/traces$/ },
  { title: 'in JSON', speaks: 'json' as const, found: /v2/ },
  { title: 'of an older version', versions: ['v1'] as const, found: /^Tempo, by \/api\/traces$/ },
  {
    title: 'of an older version in JSON',
    versions: ['v1'] as const,
    speaks: 'json' as const,
    found: /by \/api\/traces/,
  },
])
  describeSpanReader(`spans in Tempo, ${title}`, async (steps) => {
    const tempo = await startTempo(steps, options)
    return { reader: tempoSpans({ url: tempo.url }), found, close: () => tempo.close() }
  })

const NOW = Date.UTC(2026, 10, 20, 12)
const reference = mintReference()
const step = stepOf({ reference, at: NOW - 3_600_000 })
let tempo: Tempo | undefined
afterEach(async () => {
  await tempo?.close()
  tempo = undefined
})

async function read(options: TempoOptions, patienceMs = 10_000) {
  tempo = await startTempo([step], options)
  const signal = AbortSignal.timeout(patienceMs)
  return await tempoSpans({ url: tempo.url, headers: { 'X-Scope-OrgID': 'shop' } }).read({
    traceIds: [traceIdOf(reference)],
    mostDays: 30,
    now: NOW,
    signal,
  })
}

test.each([
  [401, 'refused'],
  [403, 'refused'],
  [429, 'refused'],
  [422, 'over-budget'],
  [500, 'unreachable'],
  ['garbled', 'unreadable'],
] as const)('an answer of %s is %s, and nothing is said to be absent', async (behaves, reason) => {
  const { resourceSpans, unseen } = await read({ behaves })
  expect(resourceSpans).toEqual([])
  expect(unseen[0]).toMatchObject({ where: 'tempo', reason })
})

test('a server that is no Tempo is told to be none, and nothing is said to be absent', async () => {
  const { searched, unseen } = await read({ versions: [] })
  expect([searched, unseen]).toEqual([null, [expect.objectContaining({ where: 'tempo', reason: 'unreadable' })]])
  expect(await tempoSpans({ url: tempo!.url }).probe(AbortSignal.timeout(10_000))).toMatchObject({
    ok: false,
    detail: 'There is no Tempo at this address.',
  })
})

test('a Tempo that does not answer is waited for no longer than there is time', async () => {
  const { unseen, searched } = await read({ behaves: 'silent' }, 50)
  expect(searched).toBeNull()
  expect(unseen).toMatchObject([{ where: 'tempo', reason: 'timed-out' }])
})

test('part of a trace is taken, and told to be a part', async () => {
  const { resourceSpans, unseen } = await read({ behaves: 'partial' })
  expect(resourceSpans).toHaveLength(1)
  expect(unseen[0]).toMatchObject({ reason: 'over-budget' })
})

test('days are asked for from the newest backwards, as the tenant that is configured, and none twice', async () => {
  await read({})
  const ranges = tempo!.asked.map(({ start, end }) => [start, end])
  expect(ranges.length).toBeGreaterThan(3)
  for (const [index, [, end]] of ranges.entries()) if (index > 0) expect(end).toBe(ranges[index - 1]![0])
  expect(ranges.at(-1)![0]).toBe(NOW - 30 * 86_400_000)
  expect(new Set(tempo!.asked.map(({ tenant }) => tenant))).toEqual(new Set(['shop']))
})
