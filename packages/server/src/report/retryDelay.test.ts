import { describe, expect, test } from 'vitest'
import { retryDelayMs } from './retryDelay.ts'

describe('the wait before the next try', () => {
  const random = (): number => 0
  test.each([
    ['half a second first', 1, null, 500],
    ['twice as long each time', 4, null, 4000],
    ['at most 30 s', 40, null, 30_000],
    ['what is asked in seconds', 1, '7', 7000],
    ['what is asked by date', 1, 'Sun, 22 Nov 2026 10:00:09 GMT', 9000],
    ['at most 5 minutes', 1, '86400', 300_000],
    ['its own measure beside nonsense', 1, 'soon', 500],
  ])('is %s', (_, failures, retryAfter, ms) => {
    const now = Date.UTC(2026, 10, 22, 10, 0, 0)
    expect(retryDelayMs(failures, { retryAfter, now, random })).toBe(ms)
  })

  test('differs by chance, by up to half', () => {
    expect(retryDelayMs(1, { random: () => 0.999 })).toBeCloseTo(250, 0)
  })
})
