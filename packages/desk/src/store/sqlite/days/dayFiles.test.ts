import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { mintReference, mintSpanId } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dayFiles, storedSteps } from '../../../../fixtures/dayFiles.ts'
import { stepOf } from '../../../../fixtures/stepOf.ts'
import { openDeskStore } from '../../../writer/openDeskStore.ts'
import type { Store } from '../../Store.ts'
import type { StoredStep } from '../../StoredStep.ts'
import { createSqliteStore } from '../sqliteStore.ts'
import type { SqliteStoreOptions } from '../sqliteStore.ts'
import { createAliasHash } from '../aliases/createAliasHash.ts'
import { createSqliteReader } from '../sqliteReader.ts'
import { createDays } from './createDays.ts'
import { openDayFolder } from './DayFolder.ts'

const DAY_MS = 86_400_000
let folder: string
let databaseFile: string
let now: number
let stores: Store[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-days-'))
  databaseFile = join(folder, 'desk.db')
  now = Date.UTC(2026, 5, 1, 12)
  stores = []
})
afterEach(async () => {
  for (const store of stores) await store.stop()
  rmSync(folder, { recursive: true })
})

function open(options: Partial<SqliteStoreOptions> = {}): Store {
  const store = createSqliteStore({ databaseFile, now: () => now, ...options })
  stores.push(store)
  return store
}

/** The files that hold a trail. */
function filesWith(reference: Reference): string[] {
  return dayFiles(databaseFile)
    .filter((file) => {
      const database = new DatabaseSync(file, { readOnly: true })
      const row = database.prepare('SELECT 1 FROM trail WHERE ref = ?').get(reference)
      database.close()
      return row !== undefined
    })
    .map((file) => basename(file))
}

test('a trail lies in the one file of the day that it was last added to, whole', async () => {
  const store = open()
  const first = stepOf({ jobId: 'job-1', facts: { order: 'A-1' } })
  const { reference } = first
  const other = stepOf({ facts: { order: 'A-1' } })
  await store.append([first, other])
  expect(filesWith(reference)).toEqual(['2026-06-01.1.db'])
  const steps = [first]
  for (let day = 2; day <= 4; day++) {
    now += DAY_MS
    const step = stepOf({ reference, jobId: `job-${day}` })
    steps.push(step)
    await store.append([step])
    expect(filesWith(reference)).toEqual([`2026-06-0${day}.${day}.db`])
    expect(await store.trail(reference)).toEqual(steps)
    // Sent again, it is there once, in whatever file it was.
    expect(await store.append(steps)).toEqual({ ok: true, refused: 0 })
    expect(await store.trail(reference)).toEqual(steps)
    for (const { jobId } of steps)
      expect(await store.find([jobId!], { limit: 3 })).toMatchObject([{ reference, kind: 'job' }])
  }
  expect(filesWith(other.reference)).toEqual(['2026-06-01.1.db'])
  // Its place is as it was at first sight.
  expect((await store.find(['a-1'], { limit: 3 })).map((each) => each.reference)).toEqual([other.reference, reference])
  expect((await store.recent({ since: 0, limit: 3 })).references).toEqual([reference, other.reference])
  expect(await store.size()).toMatchObject({ trails: 2 })
})

test('what a trail gave up, and how much it may hold, is the same after it moved', async () => {
  const store = open({ stepsPerTrail: 10 })
  const reference = mintReference()
  const own = stepOf({ reference, hop: 'worker' })
  const strange = Array.from({ length: 12 }, () => stepOf({ reference, parentId: mintSpanId() }))
  await store.append([
    own,
    ...strange,
    ...Array.from({ length: 6 }, () => stepOf({ reference, parentId: own.id, hop: 'worker' })),
  ])
  const [kept, evicted] = [await store.trail(reference), await store.evictedFrom(reference)]
  expect(evicted).toBeGreaterThan(0)
  now += 3 * DAY_MS
  const gone = strange.find(({ id }) => !kept.some((step) => step.id === id))!
  expect(await store.append([gone])).toEqual({ ok: true, refused: 0 })
  expect(await store.trail(reference)).toEqual(kept)
  expect(await store.evictedFrom(reference)).toBe(evicted)
  const more = Array.from({ length: 20 }, () => stepOf({ reference, parentId: own.id, hop: 'worker' }))
  expect(await store.append(more)).toMatchObject({ refused: 20 - (10 - kept.length) })
})

test('a trail that a kill left in two files is whole for every reader, and in one again once something is written', async () => {
  const first = open()
  const [step, other] = [stepOf({ facts: { order: 'A-1' } }), stepOf()]
  await first.append([step, other])
  await first.stop()
  const [old] = dayFiles(databaseFile) as [string]
  const before = readFileSync(old)
  now += DAY_MS
  const second = open()
  const more = stepOf({ reference: step.reference, facts: { order: 'A-1' } })
  await second.append([more])
  await second.stop()
  // As it was before the trail was taken out of it.
  writeFileSync(old, before)
  const newer = new DatabaseSync(dayFiles(databaseFile)[1]!)
  newer.exec('UPDATE state SET moves_pending = 1')
  newer.close()
  expect(filesWith(step.reference)).toHaveLength(2)
  const third = open()
  expect(await third.trail(step.reference)).toEqual([step, more])
  expect(await third.find(['a-1'], { limit: 5 })).toMatchObject([{ reference: step.reference }])
  expect((await third.recent({ since: 0, limit: 5 })).references).toEqual([step.reference, other.reference])
  await third.append([stepOf()])
  expect(filesWith(step.reference)).toEqual(['2026-06-02.2.db'])
  expect(await third.trail(other.reference)).toEqual([other])
  expect(await third.size()).toMatchObject({ trails: 3 })
})

test('no look-up misses a trail while it moves from file to file', async () => {
  const steps = Array.from({ length: 40 }, () => stepOf({ jobId: `job-${mintSpanId()}` }))
  const { store } = openDeskStore({ database: databaseFile, identity: {}, now: () => now, onError: console.error })
  stores.push(store)
  await store.append(steps)
  const over = new AbortController()
  const move = async (): Promise<void> => {
    for (let day = 0; day < 25; day++) {
      now += DAY_MS
      await store.append(steps.map(({ reference }) => stepOf({ reference })))
    }
    over.abort()
  }
  const moved = move()
  let lookUps = 0
  while (!over.signal.aborted) {
    const { reference, jobId } = steps[lookUps % steps.length]!
    expect((await store.trail(reference)).length).toBeGreaterThan(0)
    expect(await store.find([jobId!], { limit: 2 })).toMatchObject([{ reference }])
    expect(await store.known([reference])).toEqual([reference])
    await new Promise((resolve) => setImmediate(resolve))
    lookUps++
  }
  await moved
  expect(lookUps).toBeGreaterThan(20)
  expect(dayFiles(databaseFile)).toHaveLength(26)
  expect(await store.trail(steps[0]!.reference)).toHaveLength(26)
})

test('a trail that moved into a file that was not there yet when the folder was read is found all the same', async () => {
  const store = open()
  const step = stepOf({ jobId: 'job-1' })
  await store.append([step])
  const folder = openDayFolder(databaseFile)
  const before = folder.list()
  now += DAY_MS
  await store.append([stepOf({ reference: step.reference })])
  let asked = 0
  const late = { ...folder, list: () => (asked++ === 0 ? before : folder.list()) }
  const hash = createAliasHash(store.secret)
  const days = createDays({ folder: late, hash, onDamage: console.error, timeoutMs: 1000 })
  const reader = createSqliteReader({ days, hash, namespace: '' })
  expect(await reader.trail(step.reference)).toHaveLength(2)
  asked = 0
  expect(await reader.find(['job-1'], { limit: 2 })).toMatchObject([{ reference: step.reference }])
  days.close()
})

test.each([
  {
    what: 'is no database',
    damage: (file: string) => writeFileSync(file, 'no database at all, and long enough to be looked at as one'),
  },
  { what: 'is empty', damage: (file: string) => writeFileSync(file, '') },
  {
    what: 'is damaged in its middle',
    damage: (file: string) => writeFileSync(file, readFileSync(file).fill(0xff, 4096)),
  },
  { what: 'was made by a newer version', damage: (file: string) => alter(file, 'PRAGMA user_version = 99') },
  { what: 'lacks a table', damage: (file: string) => alter(file, 'DROP TABLE block') },
])(
  'a day file that $what is passed over and told of, keeps nothing from starting, and goes when it is due',
  async ({ damage }) => {
    const before = open()
    const lost = stepOf()
    await before.append([lost])
    now += DAY_MS
    const kept = stepOf()
    await before.append([kept])
    await before.stop()
    const [file] = dayFiles(databaseFile) as [string]
    damage(file)
    const bytes = readFileSync(file)
    const faults: unknown[] = []
    const { store } = openDeskStore({
      database: databaseFile,
      identity: {},
      now: () => now,
      onError: (error) => faults.push(error),
    })
    stores.push(store)
    expect(await store.unseen()).toEqual([
      { where: 'desk', reason: 'damaged', from: '2026-06-01T00:00:00.000Z', to: '2026-06-01T23:59:59.999Z' },
    ])
    expect(await store.trail(kept.reference)).toEqual([kept])
    expect(await store.trail(lost.reference)).toEqual([])
    const fresh = stepOf({ reference: kept.reference })
    expect(await store.append([fresh, stepOf()])).toEqual({ ok: true, refused: 0 })
    expect(await store.trail(kept.reference)).toEqual([kept, fresh])
    expect((await store.recent({ since: 0, limit: 9 })).references).toHaveLength(2)
    expect(faults).toMatchObject([
      { message: expect.stringContaining(`[waybill] The day file ${file} cannot be read`) },
    ])
    expect(await store.retain({ keepDays: 30 })).toMatchObject({ forgotten: 0 })
    expect(readFileSync(file).equals(bytes)).toBe(true)
    now += 30 * DAY_MS
    await store.retain({ keepDays: 30, force: true })
    expect(dayFiles(databaseFile)).not.toContain(file)
    expect(await store.unseen()).toEqual([])
  },
)

test('when the file that is added to is damaged, what arrives goes into a new one', async () => {
  const first = open()
  await first.append([stepOf()])
  await first.stop()
  const [file] = dayFiles(databaseFile) as [string]
  writeFileSync(file, readFileSync(file).fill(0xff, 4096))
  const store = open()
  const steps = [stepOf(), stepOf()]
  expect(await store.append(steps)).toEqual({ ok: true, refused: 0 })
  expect(dayFiles(databaseFile).map((each) => basename(each))).toEqual(['2026-06-01.1.db', '2026-06-01.2.db'])
  expect(await store.known(steps.map(({ reference }) => reference))).toHaveLength(2)
  expect(await store.unseen()).toHaveLength(1)
})

test('a file that is full is followed by another of the same day', async () => {
  const store = open({ entriesPerFile: 200 })
  const steps = Array.from({ length: 5 }, () => Array.from({ length: 100 }, () => stepOf({ jobId: 'shared' })))
  for (const some of steps) await store.append(some)
  expect(dayFiles(databaseFile).map((file) => basename(file))).toEqual(
    [1, 2, 3, 4, 5].map((number) => `2026-06-01.${number}.db`),
  )
  const all = steps.flat().map(({ reference }) => reference)
  const found: Reference[] = []
  let after: number | undefined
  for (;;) {
    const page = await store.find(['shared'], { limit: 90, after })
    if (page.length === 0) break
    found.push(...page.map(({ reference }) => reference))
    after = page.at(-1)!.place
  }
  expect(found).toEqual(all.toReversed())
  expect((await store.recent({ since: 0, limit: 500 })).references).toEqual(all.toReversed())
  await store.append(steps[0]!.map(({ reference }) => stepOf({ reference })))
  expect(await store.size()).toMatchObject({ trails: 500 })
})

test('more files than may be open at once are read all the same', async () => {
  const store = open()
  const steps: StoredStep[] = []
  for (let day = 0; day < 12; day++) {
    steps.push(stepOf({ jobId: 'shared' }))
    await store.append([steps.at(-1)!])
    now += DAY_MS
  }
  const hash = createAliasHash(store.secret)
  const folder = openDayFolder(databaseFile)
  const days = createDays({ folder, hash, onDamage: console.error, timeoutMs: 1000, mostOpen: 3 })
  const reader = createSqliteReader({ days, hash, namespace: '' })
  for (let time = 0; time < 2; time++) {
    expect(await reader.find(['shared'], { limit: 30 })).toHaveLength(12)
    for (const step of steps) expect(await reader.trail(step.reference)).toEqual([step])
    expect(await reader.size()).toMatchObject({ trails: 12 })
    expect(days.open()).toHaveLength(3)
  }
  days.close()
})

test('two programs that write by turns, across days, lose and double nothing', async () => {
  const [one, two] = [open(), open()]
  const references = Array.from({ length: 5 }, () => mintReference())
  const sent: StoredStep[] = []
  for (let turn = 0; turn < 12; turn++) {
    const steps = [...references.map((reference) => stepOf({ reference })), stepOf()]
    sent.push(...steps)
    await (turn % 2 === 0 ? one : two).append(steps)
    await (turn % 2 === 0 ? two : one).append(steps)
    if (turn % 3 === 2) now += DAY_MS
  }
  const kept = (await storedSteps(databaseFile)).map(({ id }) => id)
  expect(kept.toSorted()).toEqual(sent.map(({ id }) => id).toSorted())
  for (const store of [one, two]) expect(await store.size()).toMatchObject({ trails: 5 + 12 })
})

test('a running desk notices that another program took files away, those that it had open, too', async () => {
  const { store } = openDeskStore({ database: databaseFile, identity: {}, now: () => now, onError: console.error })
  stores.push(store)
  const [first, second] = [stepOf({ jobId: 'shared' }), stepOf({ jobId: 'shared' })]
  await store.append([first])
  now += DAY_MS
  await store.append([second])
  expect(await store.find(['shared'], { limit: 5 })).toHaveLength(2)
  const tool = open({ now: () => now + 60 * DAY_MS })
  expect(await tool.retain({ keepDays: 30, force: true })).toMatchObject({ forgotten: 2 })
  await tool.stop()
  expect(dayFiles(databaseFile)).toEqual([])
  expect(await store.trail(first.reference)).toEqual([])
  expect(await store.find(['shared'], { limit: 5 })).toEqual([])
  const again = stepOf({ reference: first.reference, jobId: 'shared' })
  expect(await store.append([again])).toEqual({ ok: true, refused: 0 })
  expect(await store.trail(first.reference)).toEqual([again])
  expect(await store.find(['shared'], { limit: 5 })).toMatchObject([{ reference: first.reference }])
  expect(await store.unseen()).toEqual([])
})

test('files that are copied back hold what they held', async () => {
  const store = open()
  const step = stepOf()
  await store.append([step])
  await store.stop()
  const copy = join(folder, 'copy.db')
  for (const end of ['', '.days', '.secret']) cpSync(databaseFile + end, copy + end, { recursive: true })
  const copied = createSqliteStore({ databaseFile: copy })
  expect(await copied.trail(step.reference)).toEqual([step])
  await copied.stop()
})

function alter(file: string, sql: string): void {
  const database = new DatabaseSync(file)
  database.exec(sql)
  database.close()
}
