import { expect, test } from 'vitest'
import { MISTAKES } from '../../fixtures/drilledSystem/Mistake.ts'
import type { Mistake } from '../../fixtures/drilledSystem/Mistake.ts'
import { DRILL_ENVIRONMENT, startDrilledSystem } from '../../fixtures/drilledSystem/startDrilledSystem.ts'
import type { DrilledSystem } from '../../fixtures/drilledSystem/startDrilledSystem.ts'
import { parseDrillConfig, reportText, runDrill } from './drill.ts'
import { faultsOf } from './Finding.ts'
import type { DrillOptions, DrillReport } from './runDrill.ts'

/** Each mistake, and the one fault that it is. */
const FAULTS: Readonly<Record<Mistake, string>> = {
  'fresh id in the api': 'answer: changed',
  'fresh id in the worker': 'worker log: changed',
  'fresh id in the model gateway': 'model log: changed',
  'new id on retry': 'worker log: changed-on-retry',
  'lost at the queue': 'refunds queue: missing',
  'dead letter without it': 'dead letters: missing',
  'free text only': 'worker log: text-only',
  'shown id is another': 'screen: changed',
  'unvalidated echo': 'forged headers: echoed',
  'scheduled job without a run': 'nightly sync: no-run',
  'scheduled job under its caller': 'nightly sync: no-run',
}

async function drill(system: DrilledSystem, options: Partial<DrillOptions> = {}): Promise<DrillReport> {
  const parsed = parseDrillConfig(JSON.stringify(system.config))
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'))
  return await runDrill(parsed.config, {
    base: system.url,
    folder: system.folder,
    namespace: '',
    environment: { ...process.env, ...DRILL_ENVIRONMENT },
    signal: new AbortController().signal,
    tell: () => {},
    ...options,
  })
}

function faultsIn({ findings }: DrillReport): string[] {
  return findings.flatMap((finding) => faultsOf(finding).map((verdict) => `${finding.name}: ${verdict}`))
}

test('a system without mistakes has no fault, and every place was looked at', async () => {
  await using system = await startDrilledSystem()
  const report = await drill(system)
  expect(reportText(report)).toContain(`${report.reference} is on all 11 places.`)
  expect(report.findings.map(({ verdict }) => verdict)).toEqual(Array(11).fill('present'))
  expect(system.isStalled()).toBe(false)
})

test.each(MISTAKES)('"%s" is found where it was planted, and nothing else is', async (mistake) => {
  await using system = await startDrilledSystem([mistake])
  expect(faultsIn(await drill(system))).toEqual([FAULTS[mistake]])
})

/** One of each of the eight kinds. */
const KINDS = MISTAKES.filter((each) => !/in the api|in the model gateway|under its caller/.test(each))

/**
 * Where the first makes it impossible to tell the second: a worker that gets no reference begins new ones, and so does one that
 * begins new ones anyway; a broker that copies a message copies what it lacks.
 */
const HIDDEN: Partial<Record<Mistake, readonly Mistake[]>> = {
  'lost at the queue': ['fresh id in the worker', 'new id on retry', 'dead letter without it'],
  'fresh id in the worker': ['new id on retry'],
}

test('of two mistakes both are found, but for one that the other hides', async () => {
  const pairs = KINDS.flatMap((one, index) => KINDS.slice(index + 1).map((other) => [one, other] as const))
  const failed: unknown[] = []
  const drillPair = async ([one, other]: readonly [Mistake, Mistake]): Promise<void> => {
    await using system = await startDrilledSystem([one, other])
    const found = faultsIn(await drill(system)).toSorted()
    const hides = (a: Mistake, b: Mistake): boolean => HIDDEN[a]?.includes(b) === true
    const expected = [one, other].filter((each) => !hides(one, each) && !hides(other, each)).map((each) => FAULTS[each])
    if (found.join() !== expected.toSorted().join()) failed.push({ planted: [one, other], found, expected })
  }
  const waiting = pairs.toReversed()
  const inTurn = async (): Promise<void> => {
    for (let pair = waiting.pop(); pair; pair = waiting.pop()) await drillPair(pair)
  }
  await Promise.all(Array.from({ length: 6 }, inTurn))
  expect(failed).toEqual([])
  expect(pairs).toHaveLength(28)
})
