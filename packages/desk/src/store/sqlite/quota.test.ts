import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dayFiles } from '../../../fixtures/dayFiles.ts'
import { stepOf } from '../../../fixtures/stepOf.ts'
import { openDesk } from '../../../fixtures/openDesk.ts'
import { createSqliteStore } from './sqliteStore.ts'
import type { StoredStep } from '../StoredStep.ts'

const DAY_MS = 86_400_000
let folder: string
let databaseFile: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-quota-'))
  databaseFile = join(folder, 'desk.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('above the quota the trails added to longest ago go, and the files grow no further', async () => {
  let now = Date.now() - 20 * DAY_MS
  const store = createSqliteStore({ databaseFile, now: () => now })
  const days: StoredStep[][] = []
  const quota = 600_000
  let largest = 0
  for (let day = 0; day < 20; day++) {
    const steps = Array.from({ length: 200 }, () => stepOf())
    days.push(steps)
    await store.append(steps)
    const { bytes } = await store.shrinkTo(quota)
    expect(bytes).toBeLessThanOrEqual(quota)
    largest = Math.max(
      largest,
      dayFiles(databaseFile).reduce((sum, file) => sum + statSync(file).size, 0),
    )
    now += DAY_MS
  }
  const kept = await Promise.all(days.map(async ([step]) => (await store.trail(step!.reference)).length))
  const first = kept.indexOf(1)
  expect(first).toBeGreaterThan(1)
  expect(kept).toEqual(days.map((_, day) => (day < first ? 0 : 1)))
  // A day's steps come on top before any room is made.
  expect(largest).toBeLessThan(quota * 1.5)
  await store.stop()
})

test('what was added to within 24 hours stays, however small the quota', async () => {
  let now = Date.now()
  const store = createSqliteStore({ databaseFile, now: () => now })
  await store.append(Array.from({ length: 50 }, () => stepOf()))
  now += 20 * 3_600_000
  const { forgotten, bytes } = await store.shrinkTo(1)
  expect([forgotten, bytes > 1]).toEqual([0, true])
  now += 6 * 3_600_000
  expect(await store.shrinkTo(1)).toMatchObject({ forgotten: 50 })
  expect((await store.size()).trails).toBe(0)
  await store.stop()
})

test('a desk over its quota makes room when it starts, and says so once', async () => {
  let before = Date.now() - 4 * DAY_MS
  const store = createSqliteStore({ databaseFile, now: () => before })
  const steps = Array.from({ length: 1000 }, () => stepOf())
  await store.append(steps.slice(0, 500))
  before += DAY_MS
  await store.append(steps.slice(500))
  const { bytes } = await store.size()
  await store.stop()
  const heard: string[] = []
  await using desk = openDesk({
    database: databaseFile,
    quotaBytes: bytes * 0.6,
    warn: (message) => heard.push(message),
  })
  await expect.poll(() => heard).toEqual([expect.stringContaining('[waybill] The database reached its quota')])
  expect((await desk.lookUp(steps[0]!.reference)).matches).toEqual([])
  expect((await desk.lookUp(steps[999]!.reference)).matches).toHaveLength(1)
})
