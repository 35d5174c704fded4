import { describe, expect, it } from 'vitest'
import type { CaseCounts } from '../fixtures/runCases.ts'
import { runInNode } from '../fixtures/runInNode.ts'

/** Each further seed is another order of what settles first. */
const SEEDS = Array.from({ length: Number(process.env['WAYBILL_CARRY_SEEDS'] ?? 2) }, (_, index) => index + 1)

/** All that is lost, by name. The reason is in the name of each. */
const LOST: Readonly<Record<string, readonly string[]>> = {
  'index.js': [],
  'disposal.js': ['disposal.awaitUsing: left alone'],
  'topLevelAwait.js': [],
  'typed.tsx': [],
  'sloppy.cjs': [
    'sloppy.evalLeftAlone: left alone',
    'sloppy.withLeftAlone: left alone',
    'sloppy.withInside: within it, left alone',
    'sloppy.duplicates: left alone',
    'sloppy.varAndFunctionInBlock: left alone',
  ],
}

describe.each(Object.keys(LOST))('the cases of %s', (index) => {
  it.each(SEEDS)('see their own action and no other, in order %i', async (seed) => {
    const [plain, carried] = await Promise.all(
      ['plain', 'carried'].map((kind) => runInNode<CaseCounts>('runCasesInNode.ts', [index, String(seed), kind])),
    )
    expect(carried).toMatchObject({ lost: LOST[index], wrong: [], leaked: [], failed: [] })
    expect(carried!.right / carried!.observations).toBeGreaterThanOrEqual(index === 'sloppy.cjs' ? 0.9 : 0.97)
    expect(carried!.told).toEqual(plain!.told)
    // Without the transformation the same cases lose most of what comes after a suspension.
    expect(plain!.right).toBeLessThan(carried!.right)
    expect(plain!.lost.length).toBeGreaterThan(carried!.lost.length)
  })
})

it('the table has what it says', async () => {
  const counts = await Promise.all(
    Object.keys(LOST).map((index) => runInNode<CaseCounts>('runCasesInNode.ts', [index, '1', 'carried'])),
  )
  expect(counts.reduce((sum, { cases }) => sum + cases, 0)).toBeGreaterThanOrEqual(130)
})

it('keeps a thousand overlapping actions apart', async () => {
  const args = [
    'index.js',
    '1',
    'carried',
    '1000',
    'awaits.inSequence',
    'tries.rejection',
    'generators.drainedByAnother',
  ]
  const counts = await runInNode<CaseCounts>('runCasesInNode.ts', args)
  expect(counts).toMatchObject({ cases: 3, lost: [], wrong: [], leaked: [], failed: [] })
  expect(counts.observations).toBeGreaterThan(10_000)
})
