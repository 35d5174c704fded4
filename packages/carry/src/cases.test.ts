import { describe, expect, it } from 'vitest'
import { LOST_PLACES } from '../fixtures/lostPlaces.ts'
import type { CaseCounts } from '../fixtures/runCases.ts'
import { runInNode } from '../fixtures/runInNode.ts'

/** Each further seed is another order of what settles first. */
const SEEDS = Array.from({ length: Number(process.env['WAYBILL_CARRY_SEEDS'] ?? 2) }, (_, index) => index + 1)

describe.each(Object.keys(LOST_PLACES))('the cases of %s', (index) => {
  it.each(SEEDS)('see their own action and no other, in order %i', async (seed) => {
    const [plain, carried] = await Promise.all(
      ['plain', 'carried'].map((kind) => runInNode<CaseCounts>('runCasesInNode.ts', [index, String(seed), kind])),
    )
    expect(carried).toMatchObject({ lost: LOST_PLACES[index], wrong: [], leaked: [], failed: [] })
    expect(carried!.right / carried!.observations).toBeGreaterThanOrEqual(index === 'sloppy.cjs' ? 0.9 : 0.97)
    expect(carried!.told).toEqual(plain!.told)
    // Without the transformation the same cases lose most of what comes after a suspension.
    expect(plain!.right).toBeLessThan(carried!.right)
    expect(plain!.lost.length).toBeGreaterThan(carried!.lost.length)
  })
})

it('the table has what it says', async () => {
  const counts = await Promise.all(
    Object.keys(LOST_PLACES).map((index) => runInNode<CaseCounts>('runCasesInNode.ts', [index, '1', 'carried'])),
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
