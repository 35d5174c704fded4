import { expect, test } from 'vitest'
import { createClock } from './createClock.ts'

test('tells moments within a millisecond apart, close to the system’s clock', () => {
  const now = createClock()
  const moments = Array.from({ length: 50 }, now)
  expect(moments.filter((at, i) => i > 0 && at <= (moments[i - 1] ?? 0))).toEqual([])
  expect(Math.abs(now() - Date.now())).toBeLessThan(7)
})

test('follows the system’s clock when that is set', () => {
  let time = 1_800_000_000_000
  let elapsed = 0
  const now = createClock({ system: () => time, steady: () => elapsed })
  expect(now()).toBe(time)
  elapsed += 2.25
  time += 2
  expect(now()).toBe(1_800_000_000_002.25)
  time += 3_600_000
  expect(now()).toBe(time)
  time -= 3_600_000
  expect(now()).toBe(time)
})
