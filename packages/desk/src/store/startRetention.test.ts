import { afterEach, expect, test, vi } from 'vitest'
import { createSqliteStore } from './sqlite/sqliteStore.ts'
import { startRetention } from './startRetention.ts'
import type { Retained, Store } from './Store.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

test('the job says once that it refuses, and again after it was well in between', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  cleanUps.push(() => vi.useRealTimers())
  const refused: Retained = { state: 'refused', forgotten: 0, due: 3, daysAhead: 40 }
  const answers: Retained[] = [refused, refused, { state: 'done', forgotten: 0, due: 0 }, { ...refused, daysAhead: 50 }]
  const heard: string[] = []
  let ran = 0
  const memory = createSqliteStore({ databaseFile: ':memory:' })
  const store: Store = { ...memory, retain: async () => answers[ran++]! }
  cleanUps.push(
    () => memory.stop(),
    startRetention({
      store,
      keepDays: 30,
      warn: (message) => heard.push(message),
      onError: (error) => heard.push(String(error)),
    }),
  )
  expect(ran).toBe(1)
  for (const run of [2, 3, 4]) {
    vi.advanceTimersByTime(HOUR_MS)
    await expect.poll(() => ran).toBe(run)
  }
  await expect.poll(() => heard).toHaveLength(2)
  expect(heard).toEqual([
    expect.stringMatching(/^\[waybill] The clock is 40 days ahead .* 3 trails .* --force/),
    expect.stringContaining('50 days ahead'),
  ])
})

const HOUR_MS = 3_600_000
