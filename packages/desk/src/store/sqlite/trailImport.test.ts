import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mintReference, mintSpanId } from '@waybill/reference'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { stepOf } from '../../../fixtures/stepOf.ts'
import type { MigrationProgress, TrailRecord } from '../../migrate/TrailRecord.ts'
import type { StoredStep } from '../StoredStep.ts'
import { exportTrails } from './exportTrails.ts'
import { openSqliteTrailSource } from './openSqliteTrailSource.ts'
import { openSqliteTrailTarget } from './openSqliteTrailTarget.ts'
import { createSqliteStore } from './sqliteStore.ts'

const DAY_MS = 86_400_000
let folder: string
let source: string
let target: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-import-'))
  source = join(folder, 'source.db')
  target = join(folder, 'target.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const PROGRESS: MigrationProgress = { sourceId: 'a test', cursor: '1', done: { trails: 0, steps: 0 } }

async function fill(days: number, perDay: number): Promise<StoredStep[][]> {
  let now = Date.UTC(2026, 5, 1)
  const store = createSqliteStore({ databaseFile: source, now: () => now })
  const filled: StoredStep[][] = []
  for (let day = 0; day < days; day++) {
    const steps = Array.from({ length: perDay }, () => stepOf({ facts: { order: `A-${mintSpanId()}` } }))
    await store.append(steps)
    filled.push(steps)
    now += DAY_MS
  }
  await store.stop()
  return filled
}

async function exported(after?: string): Promise<TrailRecord[]> {
  const trails: TrailRecord[] = []
  for await (const trail of exportTrails({ databaseFile: source, after })) trails.push(trail)
  return trails
}

test('every trail of a store is taken into another, into files of its own day, and again without doubling', async () => {
  const filled = await fill(4, 300)
  const trails = await exported()
  expect(trails.map(({ reference }) => reference).toSorted()).toEqual(
    filled
      .flat()
      .map(({ reference }) => reference)
      .toSorted(),
  )
  for (let time = 0; time < 2; time++) {
    const taking = openSqliteTrailTarget({ databaseFile: target })
    for (let at = 0; at < trails.length; at += 70) await taking.importTrails(trails.slice(at, at + 70), PROGRESS)
    await taking.close()
    const last = filled.at(-1)![0]!
    const now = Date.UTC(2026, 5, 4, 12) + 8 * DAY_MS
    const store = createSqliteStore({ databaseFile: target, now: () => now })
    expect(await store.size()).toMatchObject({ trails: 1200 })
    expect(await store.trail(last.reference)).toEqual([last])
    expect(await store.find([last.facts!['order']!.toLowerCase()], { limit: 2 })).toMatchObject([
      { reference: last.reference },
    ])
    // In the order of first sight, whatever file they are in.
    const recent = await store.recent({ since: 0, limit: 5000 })
    expect(recent.references).toEqual(
      filled.toReversed().flatMap((day) => day.map(({ reference }) => reference).toReversed()),
    )
    await store.stop()
  }
  const store = createSqliteStore({ databaseFile: target, now: () => Date.UTC(2026, 5, 4, 12) + 3 * DAY_MS })
  expect(await store.retain({ keepDays: 4, force: true })).toMatchObject({ forgotten: 900 })
  await store.stop()
})

test('an export goes on after a cursor, and gives what moved meanwhile', async () => {
  const filled = await fill(3, 300)
  const all = exportTrails({ databaseFile: source })
  const first: TrailRecord[] = []
  for (let count = 0; count < 250; count++) first.push((await all.next()).value as TrailRecord)
  await all.return(undefined)
  const store = createSqliteStore({ databaseFile: source, now: () => Date.UTC(2026, 5, 9) })
  const moved = [filled[0]![299]!, filled[1]![7]!, filled[2]![0]!]
  await store.append([...moved.map(({ reference }) => stepOf({ reference })), stepOf()])
  const rest = await exported(first.at(-1)!.cursor)
  await store.stop()
  const given = new Map([...first, ...rest].map(({ reference, steps }) => [reference, steps.length]))
  expect(given.size).toBe(901)
  expect(moved.map(({ reference }) => given.get(reference))).toEqual([2, 2, 2])
})

test('a trail that is there already is given what it has not, and keeps what it has', async () => {
  const reference = mintReference()
  const [one, two, three] = [1, 2, 3].map(() => stepOf({ reference, jobId: mintSpanId() })) as [
    StoredStep,
    StoredStep,
    StoredStep,
  ]
  const seenHour = Math.floor(Date.now() / 3_600_000)
  const taking = openSqliteTrailTarget({ databaseFile: target })
  const record = { cursor: '1', place: 7, reference, evicted: ['ab'.repeat(8)], seenHour }
  await taking.importTrails([{ ...record, steps: [one, two] }], PROGRESS)
  await taking.importTrails([{ ...record, steps: [two, three] }], PROGRESS)
  await taking.close()
  const store = createSqliteStore({ databaseFile: target })
  expect(await store.trail(reference)).toEqual([one, two, three])
  expect(await store.evictedFrom(reference)).toBe(1)
  for (const { jobId } of [one, two, three])
    expect(await store.find([jobId!], { limit: 2 })).toMatchObject([{ reference }])
  await store.stop()
})

test('progress is kept with what was taken in, and places stay apart when a migration is gone on with', async () => {
  const [first, second, third] = [1, 2, 3].map(() => stepOf({ jobId: 'shared' })) as [
    StoredStep,
    StoredStep,
    StoredStep,
  ]
  const seenHour = Math.floor(Date.now() / 3_600_000)
  const record = (step: StoredStep, place: number): TrailRecord => ({
    cursor: String(place),
    place,
    reference: step.reference,
    steps: [step],
    evicted: [],
    seenHour: seenHour - 48 + place,
  })
  for (const [step, place] of [
    [second, 2],
    [first, 1],
    [third, 30],
  ] as const) {
    const taking = openSqliteTrailTarget({ databaseFile: target })
    await taking.importTrails([record(step, place)], { ...PROGRESS, cursor: String(place) })
    expect(await taking.progress(PROGRESS.sourceId)).toMatchObject({ cursor: String(place) })
    await taking.close()
  }
  const taking = openSqliteTrailTarget({ databaseFile: target })
  await taking.finish(PROGRESS.sourceId)
  expect(await taking.progress(PROGRESS.sourceId)).toBeUndefined()
  await taking.close()
  const store = createSqliteStore({ databaseFile: target })
  const fresh = stepOf({ name: 'step' })
  await store.append([fresh])
  const { references } = await store.recent({ since: 0, limit: 9 })
  expect(references).toEqual([fresh, third, second, first].map(({ reference }) => reference))
  expect(await store.find([third.id], { limit: 2 })).toHaveLength(1)
  const found = await store.find(['shared'], { limit: 9 })
  expect(found.map(({ reference }) => reference)).toEqual([third, second, first].map(({ reference }) => reference))
  await store.stop()
})

test('what a source is changes as soon as anything in it does', async () => {
  const [[step]] = (await fill(1, 1)) as [[StoredStep]]
  const ask = async (): Promise<unknown> => {
    const from = openSqliteTrailSource({ databaseFile: source })
    const counted = await from.count()
    await from.close()
    return { id: from.sourceId, ...counted }
  }
  const before = await ask()
  expect(before).toMatchObject({ trails: 1, steps: 1 })
  expect(await ask()).toEqual(before)
  const store = createSqliteStore({ databaseFile: source })
  await store.append([stepOf({ reference: step.reference })])
  await store.stop()
  const after = await ask()
  expect(after).toMatchObject({ trails: 1, steps: 2 })
  expect(after).not.toMatchObject({ id: (before as { id: string }).id })
})
