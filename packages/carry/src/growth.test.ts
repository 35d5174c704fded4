import { expect, it } from 'vitest'
import { runInNode } from '../fixtures/runInNode.ts'

const TIMES = 1_000_000

it.each([
  ['awaits', 1],
  ['rejections', 0.2],
  ['calls', 0.2],
  ['yields', 0.2],
  ['delegations', 0.2],
  ['thenables', 0.2],
])('does not grow over many %s', async (name, part) => {
  const result = await runInNode<{ grownBytes: number; inForce: null }>(
    'runGrowthInNode.ts',
    [name, String(TIMES * part)],
    ['--expose-gc'],
  )
  // One reference kept for each would be 8 bytes of each; what a heap has more or less of itself is some hundred kilobytes.
  expect(result.grownBytes).toBeLessThan(1_000_000)
  expect(result.inForce).toBeNull()
})
