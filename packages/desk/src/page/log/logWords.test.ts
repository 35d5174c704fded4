import { expect, test } from 'vitest'
import { logWords } from './logWords.ts'

test.each([
  ['handle', 'taken', 1, 'took a trail up'],
  ['handle', 'done', 1, 'noted that a trail was handled'],
  ['handle', 'open', 1, 'gave a trail back'],
  ['handle', 'late', 1, 'wanted to handle a trail, and somebody else was first'],
  ['handle', null, 0, 'wanted to handle a trail that is not known'],
  ['look-up', 'failures', 12, 'looked at what failed: 12 trails'],
] as const)('%s of kind %s reads as what was done', (event, kind, matches, words) => {
  expect(logWords({ event, kind, matches })).toBe(words)
})
