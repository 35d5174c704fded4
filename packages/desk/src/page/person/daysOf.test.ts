import { expect, test } from 'vitest'
import type { TrailSummary } from '../../lookup/Match.ts'
import { daysOf } from './daysOf.ts'

/** Only when it began is looked at. */
const begun = (startedAt: Date): TrailSummary => ({ startedAt: startedAt.toISOString() }) as TrailSummary

test('trails stand under the reader’s day, the newest first, whatever order they come in', () => {
  const at = (day: number, hour: number): TrailSummary => begun(new Date(2026, 10, day, hour))
  const [late, early, before] = [at(22, 23), at(22, 0), at(21, 23)]
  const days = daysOf([early, before, late])
  expect(days.map(({ trails }) => trails)).toEqual([[late, early], [before]])
  expect(days.map(({ at }) => at)).toEqual([late.startedAt, before.startedAt])
})
