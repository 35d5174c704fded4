import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mintSpanId } from '@waybill/reference'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { seededRandom } from '../../../browser/fixtures/seededRandom.ts'
import { makeVersion2 } from '../../fixtures/makeVersion2.ts'
import type { Version2Trail } from '../../fixtures/makeVersion2.ts'
import { openSchemas } from '../../fixtures/openSchemas.ts'
import { stepOf } from '../../fixtures/stepOf.ts'
import { createStepMaker, createStoreModel } from '../../fixtures/storeModel.ts'
import { normalValue } from '../store/aliasesOf.ts'
import { keepSecret, textOf } from '../store/openHashSecret.ts'
import { openStore } from '../store/openStore.ts'
import type { StoredStep } from '../store/StoredStep.ts'
import { moveTrails } from './moveTrails.ts'
import { openTrailSource } from './openTrailSource.ts'
import { openTrailTarget } from './openTrailTarget.ts'
import type { TrailSource, TrailTarget } from './TrailRecord.ts'
import { verifyTrails } from './verifyTrails.ts'

const schemas = await openSchemas()
afterAll(() => schemas?.close())

const HOUR = Math.floor(Date.UTC(2026, 5, 1) / 3_600_000)
let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'waybill-migrate-'))))
afterEach(() => rmSync(folder, { recursive: true }))

/** Trails of few values over some days, with what a store that holds them must answer. */
function population(seed: number, rounds: number) {
  const random = seededRandom(seed)
  const { pick, references, values, step } = createStepMaker(random)
  const model = createStoreModel()
  const seenHours = new Map<string, number>()
  for (let round = 0; round < rounds; round++) {
    const hour = HOUR + Math.floor((round * 24 * 5) / rounds)
    const steps = Array.from({ length: 1 + Math.floor(random() * 12) }, step)
    model.append(steps, hour)
    for (const { reference } of steps) seenHours.set(reference, hour)
  }
  const trails = model.references().map((reference): Version2Trail => {
    const evicted = random() < 0.2 ? [mintSpanId(), mintSpanId()] : []
    return { reference, steps: model.trail(reference), seenHour: seenHours.get(reference)!, evicted }
  })
  return { model, trails, values, references, pick }
}

async function move(source: TrailSource, database: string): Promise<void> {
  const target = await openTrailTarget({ database, hashSecret: textOf(source.secret) })
  await moveTrails({ source, target }).finally(() => target.close())
}

function sourceIn(databaseFile: string): TrailSource {
  const onDamage = (file: string): void => expect.unreachable(file)
  return openTrailSource({ database: databaseFile, hashSecret: undefined, onDamage }).source
}

const bytesOf = (file: string): Buffer[] =>
  readdirSync(folder)
    .filter((name) => join(folder, name).startsWith(file) && !name.endsWith('-shm'))
    .toSorted()
    .map((name) => readFileSync(join(folder, name)))

const TARGETS = ['SQLite files', 'PostgreSQL'] as const

describe.each(TARGETS)('trails that moved into %s', (engine) => {
  let place: { readonly database: string; remove(): Promise<void> }
  beforeEach(async (context) => {
    if (engine === 'PostgreSQL' && !schemas) context.skip()
    const made = engine === 'PostgreSQL' ? await schemas!.make() : undefined
    place = { database: made?.address ?? join(folder, 'new.db'), remove: async () => made?.remove() }
  })
  afterEach(() => place?.remove())

  test.each([
    { seed: 1, version: 1, by: 'at once' },
    { seed: 2, version: 2, by: 'at once' },
    { seed: 3, version: 2, by: 'by way of other SQLite files' },
  ] as const)('are answered as before: $by, from version $version, and the old file is as it was', async (each) => {
    const { model, trails, values, references } = population(each.seed, 60)
    const old = join(folder, 'old.db')
    makeVersion2({ databaseFile: old, version: each.version, trails })
    const before = bytesOf(old)
    const first = sourceIn(old)
    let source = first
    if (each.by !== 'at once') {
      const between = join(folder, 'between.db')
      await move(first, between)
      keepSecret(first.secret, `${between}.secret`)
      source = sourceIn(between)
    }
    expect(await source.count()).toEqual({
      trails: trails.length,
      steps: trails.reduce((sum, { steps }) => sum + steps.length, 0),
    })
    for (let time = 0; time < 2; time++) await move(source, place.database)
    const store = await openStore({ database: place.database, hashSecret: textOf(source.secret) })
    expect(await store.known(references)).toEqual(
      references.filter((reference) => trails.some((trail) => trail.reference === reference)),
    )
    for (const { reference, steps, evicted } of trails) {
      expect(await store.trail(reference)).toEqual(steps)
      expect(await store.evictedFrom(reference)).toBe(evicted!.length)
    }
    const referencesOf = (found: readonly { readonly reference: string }[]) => found.map(({ reference }) => reference)
    for (const value of values.map(normalValue)) {
      expect(referencesOf(await store.find([value], { limit: 100 })), value).toEqual(model.find(value))
      const { found, count } = await store.findClaims([value], { limit: 100 })
      expect([referencesOf(found), count], value).toEqual([model.findClaims(value), model.findClaims(value).length])
    }
    const recent = await store.recent({ since: (HOUR + 48) * 3_600_000, limit: 100 })
    expect(recent.references).toEqual(model.recent(HOUR + 48))
    expect(await verifyTrails({ source, store, namespace: '', compare: 'all' })).toEqual({
      trails: trails.length,
      compared: trails.length,
      faulty: [],
    })
    await store.stop()
    await source.close()
    await first.close()
    expect(bytesOf(old)).toEqual(before)
  })

  test('go on where a move was interrupted, also after a record was taken in and nobody heard of it', async () => {
    const { trails } = population(7, 60)
    const old = join(folder, 'old.db')
    makeVersion2({ databaseFile: old, trails })
    const source = sourceIn(old)
    const hashSecret = textOf(source.secret)
    let moved = 0
    for (let time = 0; time < 3; time++) {
      const target = await openTrailTarget({ database: place.database, hashSecret })
      const taken = await target.progress(source.sourceId)
      expect(taken?.done.trails ?? 0).toBe(moved)
      const failing: TrailTarget = {
        ...target,
        async importTrails(records, progress) {
          await target.importTrails(records, progress)
          throw new Error('the connection was lost')
        },
      }
      const some = { ...source, exportTrails: (options = {}) => first(source.exportTrails(options), 5) }
      await expect(moveTrails({ source: some, target: failing })).rejects.toThrow('lost')
      moved += 5
      await target.close()
    }
    await move(source, place.database)
    const store = await openStore({ database: place.database, hashSecret })
    for (const { reference, steps } of trails) expect(await store.trail(reference)).toEqual(steps)
    expect((await store.size()).trails).toBe(trails.length)
    await store.stop()
    const again = await openTrailTarget({ database: place.database, hashSecret })
    expect(await again.progress(source.sourceId)).toBeUndefined()
    await again.close()
    await source.close()
  })

  test('that are missing, or have lost a step or a value, are told of', async () => {
    const steps = Array.from({ length: 3 }, () => stepOf({ facts: { order: 'A-1' } }))
    const trails = steps.map((step) => ({ reference: step.reference, seenHour: HOUR, steps: [step] }))
    const old = join(folder, 'old.db')
    makeVersion2({ databaseFile: old, trails })
    const source = sourceIn(old)
    const hashSecret = textOf(source.secret)
    const target = await openTrailTarget({ database: place.database, hashSecret })
    const [whole, changed] = trails
    const other: StoredStep = { ...changed!.steps[0]!, status: 'error' }
    const records = [whole!, { ...changed!, steps: [other] }].map((trail, index) => {
      return { ...trail, evicted: [], place: index + 1, cursor: String(index + 1) }
    })
    const progress = { sourceId: 'other', cursor: '2', done: { trails: 2, steps: 2 } }
    await target.importTrails(records, progress)
    await target.close()
    const store = await openStore({ database: place.database, hashSecret })
    const { faulty } = await verifyTrails({ source, store, namespace: '', compare: 'all' })
    expect(faulty).toEqual(trails.slice(1).map(({ reference }) => reference))
    await store.stop()
    await source.close()
  })
})

async function* first<Item>(items: AsyncIterable<Item>, count: number): AsyncGenerator<Item> {
  let left = count
  for await (const item of items) {
    if (left-- === 0) return
    yield item
  }
}
