import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { stepOf } from '../../fixtures/stepOf.ts'
import { createSqliteStore } from './sqliteStore.ts'
import { startRetention } from './startRetention.ts'
import type { Store } from './Store.ts'
import type { StoredStep } from './StoredStep.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const START = Date.UTC(2026, 5, 1)
const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

test('a clock 40 days ahead takes nothing, however often retention runs and whatever arrives by it', async () => {
  const desk = openStore()
  await desk.live(20)
  desk.now += 40 * DAY_MS
  const refused = { state: 'refused', forgotten: 0, due: 20, daysAhead: 40 }
  expect(await desk.store.retain({ keepDays: 30 })).toEqual(refused)
  await desk.reopen()
  await desk.arrive()
  desk.now += 2 * DAY_MS
  expect(await desk.store.retain({ keepDays: 30 })).toEqual({ ...refused, daysAhead: 42 })
  desk.now -= 42 * DAY_MS
  expect(await desk.store.retain({ keepDays: 30 })).toEqual({ state: 'done', forgotten: 0, due: 0 })
  expect((await desk.store.size()).trails).toBe(21)
})

test('who says that the clock is right has all forgotten that is due, and retention goes on by itself', async () => {
  const desk = openStore()
  await desk.live(20)
  desk.now += 40 * DAY_MS
  await desk.arrive()
  expect(await desk.store.retain({ keepDays: 30, force: true })).toEqual({ state: 'done', forgotten: 20, due: 0 })
  desk.now += HOUR_MS
  expect(await desk.store.retain({ keepDays: 30 })).toEqual({ state: 'done', forgotten: 0, due: 0 })
})

test('a desk that was off for a week catches up, a day’s share each time', async () => {
  const desk = openStore()
  await desk.live(40)
  expect((await desk.store.size()).trails).toBe(31)
  desk.now += 7 * DAY_MS
  const shares = []
  for (let run = 0; run < 8; run++) shares.push((await desk.store.retain({ keepDays: 30 })).forgotten)
  expect(shares).toEqual([1, 1, 1, 1, 1, 1, 1, 0])
})

test('a desk that runs and hears nothing forgets everything in its time', async () => {
  const desk = openStore()
  await desk.live(10)
  const states = new Set<string>()
  for (let quarter = 0; quarter < 4 * 31; quarter++) {
    desk.now += DAY_MS / 4
    states.add((await desk.store.retain({ keepDays: 30 })).state)
  }
  expect([...states]).toEqual(['done'])
  expect((await desk.store.size()).trails).toBe(0)
})

test('a clock set back and forth takes nothing, nor what was added meanwhile', async () => {
  const desk = openStore()
  await desk.live(40)
  const { trails } = await desk.store.size()
  const old = await desk.arrive()
  for (const away of [-HOUR_MS, -DAY_MS, -400 * DAY_MS, 40 * DAY_MS]) {
    desk.now += away
    await desk.store.retain({ keepDays: 30 })
    await desk.arrive()
    await desk.store.append([stepOf({ reference: old.reference })])
    desk.now -= away
    expect(await desk.store.retain({ keepDays: 30 })).toMatchObject({ state: 'done', forgotten: 0 })
  }
  expect((await desk.store.size()).trails).toBe(trails + 5)
  expect(await desk.store.trail(old.reference)).toHaveLength(5)
})

test('more than a day’s share that fell due at once, by fewer days to keep, goes day by day', async () => {
  const desk = openStore()
  await desk.live(20)
  expect(await desk.store.retain({ keepDays: 10 })).toMatchObject({ state: 'catching-up', forgotten: 1 })
  expect(await desk.store.retain({ keepDays: 10, force: true })).toMatchObject({ state: 'done' })
  expect((await desk.store.size()).trails).toBe(11)
})

test('the job says once that it refuses, and again after it was well in between', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  cleanUps.push(() => vi.useRealTimers())
  const desk = openStore()
  await desk.live(3)
  desk.now += 40 * DAY_MS
  const heard: string[] = []
  let ran = 0
  const store: Store = {
    ...desk.store,
    async retain(options) {
      const retained = await desk.store.retain(options)
      ran++
      return retained
    },
  }
  cleanUps.push(
    startRetention({
      store,
      keepDays: 30,
      warn: (message) => heard.push(message),
      onError: (error) => heard.push(String(error)),
    }),
  )
  const nextRun = async (): Promise<void> => {
    const before = ran
    vi.advanceTimersByTime(HOUR_MS)
    await expect.poll(() => ran).toBeGreaterThan(before)
  }
  await expect.poll(() => ran).toBe(1)
  await nextRun()
  expect(heard).toEqual([expect.stringMatching(/^\[waybill] The clock is 40 days ahead .* 3 trails .* --force/)])
  desk.now -= 40 * DAY_MS
  await nextRun()
  desk.now += 50 * DAY_MS
  await nextRun()
  await expect.poll(() => heard).toHaveLength(2)
})

/** A store on a file of its own, with a clock to be set. */
function openStore() {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-retention-'))
  cleanUps.push(() => rmSync(folder, { recursive: true }))
  const open = (): Store => createSqliteStore({ databaseFile: join(folder, 'desk.db'), now: () => desk.now })
  const desk = {
    now: START,
    store: undefined as unknown as Store,
    async arrive(): Promise<StoredStep> {
      const step = stepOf()
      await desk.store.append([step])
      return step
    },
    /** So many days on which a trail arrives and retention runs. */
    async live(days: number): Promise<void> {
      for (let day = 0; day < days; day++) {
        if (day > 0) desk.now += DAY_MS
        await desk.arrive()
        expect((await desk.store.retain({ keepDays: 30 })).state).toBe('done')
      }
    },
    async reopen(): Promise<void> {
      await desk.store.stop()
      desk.store = open()
    },
  }
  desk.store = open()
  cleanUps.push(() => desk.store.stop())
  return desk
}
