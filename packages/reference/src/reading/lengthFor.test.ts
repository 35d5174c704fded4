import { lengthFor, oddsOf } from '@waybill/reference/reading'
import { expect, test } from 'vitest'

test.each([
  [0, 30, 8],
  [11_000, 30, 8],
  [11_001, 30, 9],
  [76_000, 100, 9],
  [76_001, 100, 10],
  [1_800_000, 100, 10],
  [1_800_001, 100, 12],
  [930_000_000, 100, 12],
])('%d actions a day kept %d days take length %d', (actionsPerDay, keptDays, length) => {
  const advice = lengthFor({ actionsPerDay, keptDays })
  expect(advice).toMatchObject({ length, live: actionsPerDay * keptDays })
  expect(advice.odds).toBeLessThanOrEqual(1e-4)
})

test('beyond what any length is for the odds say so', () => {
  const { length, odds } = lengthFor({ actionsPerDay: 1e10, keptDays: 365 })
  expect(length).toBe(12)
  expect(odds).toBeGreaterThan(1e-3)
  expect(oddsOf(8, 1e12)).toBe(1)
})

test('the odds are those of chance', () => {
  // The share of bodies that are minted is near one, so the thresholds are live / 23^(length - 1) within a few per cent.
  for (const length of [8, 9, 10, 12] as const) {
    expect(oddsOf(length, 1e5) / (1e5 / 23 ** (length - 1))).toBeCloseTo(1.03, 1)
  }
})

test.each([
  [-1, 30],
  [Number.NaN, 30],
  [1, Number.POSITIVE_INFINITY],
])('%d actions and %d days are refused', (actionsPerDay, keptDays) => {
  expect(() => lengthFor({ actionsPerDay, keptDays })).toThrow('[waybill]')
})
