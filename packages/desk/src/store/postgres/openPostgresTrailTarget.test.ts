import { mintReference, mintSpanId } from '@waybill/reference'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSchemas } from '../../../fixtures/openSchemas.ts'
import type { SchemaPlace } from '../../../fixtures/openSchemas.ts'
import { stepOf } from '../../../fixtures/stepOf.ts'
import type { MigrationProgress, TrailRecord, TrailTarget } from '../../migrate/TrailRecord.ts'
import { createPostgresStore } from './createPostgresStore.ts'
import type { PostgresStore } from './createPostgresStore.ts'
import { openPostgresTrailTarget } from './openPostgresTrailTarget.ts'

const schemas = await openSchemas()
afterAll(() => schemas?.close())

describe.skipIf(!schemas)('trails moved into PostgreSQL', () => {
  let place: SchemaPlace
  let store: PostgresStore
  beforeEach(async () => {
    place = await schemas!.make()
    store = createPostgresStore({ url: new URL(place.address), hashSecret: place.hashSecret, now: () => NOW })
    await store.opened
  })
  afterEach(async () => {
    await store.stop()
    await place.remove()
  })

  const open = (): Promise<TrailTarget> =>
    openPostgresTrailTarget({ url: new URL(place.address), hashSecret: place.hashSecret })

  test('keep their order, their days and what they gave up, beside a desk that goes on', async () => {
    const before = stepOf({ jobId: 'all' })
    await store.append([before])
    const target = await open()
    expect(Buffer.from(target.secret)).toEqual(Buffer.from(store.secret))
    const records = Array.from({ length: 60 }, (_, index) =>
      recordOf({ place: index, seenHour: HOUR - (index % 7) * 24 }),
    )
    // As days come out of a source: not by place.
    const mixed = records.toSorted((a, b) => a.seenHour - b.seenHour)
    await target.importTrails(mixed.slice(0, 30), progress('30'))
    const between = stepOf({ jobId: 'all' })
    await store.append([between])
    await target.importTrails(mixed.slice(30), progress('60'))
    await target.close()
    const after = stepOf({ jobId: 'all' })
    await store.append([after])
    const found = await store.find(['all'], { limit: 99 })
    expect(found.map(({ reference }) => reference)).toEqual(
      [after, between, ...records.toReversed(), before].map(({ reference }) => reference),
    )
    for (const { reference, steps, evicted } of records) {
      expect(await store.trail(reference)).toEqual(steps)
      expect(await store.evictedFrom(reference)).toBe(evicted.length)
    }
    const { references } = await store.recent({ since: (HOUR - 24) * HOUR_MS, limit: 99 })
    expect(references).toHaveLength(3 + records.filter(({ seenHour }) => seenHour >= HOUR - 24).length)
    const old = records.filter(({ seenHour }) => seenHour < HOUR - 72)
    expect(await store.retain({ keepDays: 3, force: true })).toMatchObject({ forgotten: old.length })
    expect((await store.size()).trails).toBe(63 - old.length)
  })

  test('are taken once, however often they are moved, and into trails that are there already', async () => {
    const target = await open()
    const [one, two] = [recordOf({ place: 0, seenHour: HOUR - 48 }), recordOf({ place: 1, seenHour: HOUR - 48 })]
    const own = stepOf({ reference: one.reference })
    await store.append([own, one.steps[1]!])
    for (let time = 0; time < 2; time++) await target.importTrails([one, two], progress('2'))
    expect(await store.trail(one.reference)).toEqual([own, one.steps[1], one.steps[0], one.steps[2]])
    expect(await store.trail(two.reference)).toEqual(two.steps)
    // It was added to here after it was there.
    const { references } = await store.recent({ since: HOUR * HOUR_MS, limit: 9 })
    expect(references).toEqual([one.reference])
    // What is sent again to a desk is known as well.
    await store.append([...two.steps])
    expect(await store.trail(two.reference)).toHaveLength(3)
    await target.close()
  })

  test('are more than a trail may have by itself', async () => {
    const target = await open()
    const reference = mintReference()
    const steps = Array.from({ length: 3000 }, () => stepOf({ reference }))
    await target.importTrails([{ ...recordOf({ place: 0, seenHour: HOUR }), reference, steps }], progress('1'))
    expect(await store.trail(reference)).toEqual(steps)
    await target.close()
  })

  test('are gone on with where it ended, and from the start once it is finished', async () => {
    const target = await open()
    expect(await target.progress('a source')).toBeUndefined()
    await target.importTrails([recordOf({ place: 7, seenHour: HOUR })], progress('7'))
    await target.close()
    const again = await open()
    const kept = await again.progress('a source')
    expect(kept).toEqual({ ...progress('7'), base: expect.any(Number) })
    // What could not be taken in leaves the progress as it was.
    const damaged = { ...recordOf({ place: 8, seenHour: HOUR }), place: Number.NaN }
    await expect(again.importTrails([damaged], progress('8'))).rejects.toThrow('[waybill]')
    expect(await again.progress('a source')).toEqual(kept)
    expect(await again.progress('another')).toBeUndefined()
    await again.finish('a source')
    expect(await again.progress('a source')).toBeUndefined()
    await again.close()
  })
})

const HOUR_MS = 3_600_000
const HOUR = Math.floor(Date.UTC(2026, 5, 20, 12) / HOUR_MS)
const NOW = HOUR * HOUR_MS

function progress(cursor: string): MigrationProgress {
  return { sourceId: 'a source', cursor, done: { trails: Number(cursor), steps: 0 } }
}

function recordOf(fields: Pick<TrailRecord, 'place' | 'seenHour'>): TrailRecord {
  const reference = mintReference()
  const steps = Array.from({ length: 3 }, () => stepOf({ reference, jobId: 'all' }))
  return { cursor: String(fields.place), reference, steps, evicted: [mintSpanId()], ...fields }
}
