import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { mintReference, mintSpanId } from '@waybill/reference'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bytesIn, dayFiles, holds } from '../../../fixtures/dayFiles.ts'
import { stepOf } from '../../../fixtures/stepOf.ts'
import { personHash } from '../personHash.ts'
import { createSqliteStore } from './sqliteStore.ts'
import type { Store } from '../Store.ts'
import type { StoredStep } from '../StoredStep.ts'

let folder: string
let databaseFile: string
let store: Store
let now: number
let ada: string
let bob: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-erase-'))
  databaseFile = join(folder, 'desk.db')
  now = Date.UTC(2026, 5, 1)
  store = createSqliteStore({ databaseFile, now: () => now })
  ada = personHash('Ada-7', store.secret)
  bob = personHash('Bob-8', store.secret)
})
afterEach(async () => {
  await store.stop()
  rmSync(folder, { recursive: true })
})
const whom = () => ({ personHash: ada, value: 'ada-7' })

test('a person’s trails go as a whole, by a server’s word or a browser’s, and nobody else’s does', async () => {
  const named = stepOf({ personHash: ada, facts: { order: 'ORDER-ADA' } })
  const more = stepOf({ reference: named.reference, facts: { note: 'ADAS-NOTE' } })
  const claimed = stepOf({ personHash: ada, claimed: true })
  const served = stepOf({ reference: claimed.reference, parentId: claimed.id, facts: { thing: 'ADAS-THING' } })
  const other = stepOf({ personHash: bob, facts: { order: 'ORDER-BOB' } })
  await store.append([named, more, claimed, served, other])
  expect(await store.erase(whom(), { dryRun: true })).toEqual({ trails: 2, stripped: 0, cleared: false })
  expect(await store.trail(named.reference)).toHaveLength(2)
  expect(await store.erase(whom())).toEqual({ trails: 2, stripped: 0, cleared: true })
  expect(await store.known([named, claimed, other].map(({ reference }) => reference))).toEqual([other.reference])
  for (const text of [ada, 'ORDER-ADA', 'order-ada', 'ADAS-NOTE', 'ADAS-THING', named.id, more.id, served.id])
    expect(holds(bytesIn(folder), text)).toBe(false)
  expect(holds(bytesIn(folder), 'ORDER-BOB')).toBe(true)
  expect(await store.erase(whom())).toEqual({ trails: 0, stripped: 0, cleared: true })
})

test('of a trail that servers tie to several, a person’s part goes and the others’ stays', async () => {
  const run = stepOf({ hop: 'schedule' })
  const { reference } = run
  const item = (hash: string, order: string): StoredStep[] => {
    const own = stepOf({ reference, parentId: run.id, personHash: hash, facts: { order } })
    return [
      own,
      stepOf({ reference, parentId: own.id, hop: 'database', facts: { row: `${order}-row`, shared: 'S-1' } }),
    ]
  }
  const [ofAda, ofBob] = [item(ada, 'ORDER-ADA'), item(bob, 'ORDER-BOB')]
  await store.append([...ofAda, ...ofBob, run])
  expect(await store.erase(whom())).toEqual({ trails: 0, stripped: 1, cleared: true })
  expect(await store.trail(reference)).toEqual([...ofBob, run])
  for (const text of [ada, 'ORDER-ADA', 'order-ada-row', ofAda[1]!.id]) expect(holds(bytesIn(folder), text)).toBe(false)
  // A value that what stays has, too, still leads there.
  expect(await store.find(['s-1'], { limit: 1 })).toMatchObject([{ reference }])
  expect(await store.find(['order-bob-row'], { limit: 1 })).toMatchObject([{ reference }])
  expect(counts(reference)).toEqual({ steps: 3, claims: 0 })
})

test('a browser’s word that another’s trail is a person’s takes away that word only', async () => {
  const served = stepOf({ personHash: bob })
  const { reference } = served
  const claim = stepOf({ reference, id: served.parentId ?? mintSpanId(), claimed: true, personHash: ada })
  const own = stepOf({ reference, parentId: claim.id })
  await store.append([served, claim, own])
  expect(await store.erase(whom())).toEqual({ trails: 0, stripped: 1, cleared: true })
  expect(await store.trail(reference)).toEqual([served, own])
  expect(counts(reference)).toEqual({ steps: 2, claims: 0 })
})

test('a fact of another’s trail that is the person’s id goes, and the rest of its step stays', async () => {
  const step = stepOf({ facts: { customer: 'ADA-7', order: 'A-1' } })
  const alone = stepOf({ facts: { customer: 'ada-7' }, claimed: true })
  const near = stepOf({ facts: { customer: 'ada-70' } })
  await store.append([step, alone, near])
  expect(await store.erase(whom())).toEqual({ trails: 0, stripped: 2, cleared: true })
  expect(await store.trail(step.reference)).toEqual([{ ...step, facts: { order: 'A-1' } }])
  expect((await store.trail(alone.reference))[0]?.facts).toBeUndefined()
  expect(await store.trail(near.reference)).toEqual([near])
  expect(await store.find(['ada-7'], { limit: 1 })).toEqual([])
  expect((await store.findClaims(['ada-7'], { limit: 1 })).count).toBe(0)
})

test('one trail goes, whosever it is, and the person’s others stay', async () => {
  const [one, two] = [stepOf({ personHash: ada }), stepOf({ personHash: ada })]
  await store.append([one, two])
  expect(await store.erase({ reference: one.reference })).toEqual({ trails: 1, stripped: 0, cleared: true })
  expect(await store.erase({ reference: mintReference() })).toEqual({ trails: 0, stripped: 0, cleared: true })
  expect(await store.known([one.reference, two.reference])).toEqual([two.reference])
})

test('what retention forgot of a person before is gone from the bytes, too', async () => {
  const { reference } = stepOf()
  await store.append(
    Array.from({ length: 500 }, (_, index) => stepOf({ reference, personHash: ada, facts: { note: `ADAS-${index}` } })),
  )
  now += 40 * 86_400_000
  await store.retain({ keepDays: 30, force: true })
  expect(await store.known([reference])).toEqual([])
  // Its file is gone as a whole.
  expect(bytesIn(folder).includes('ADAS-')).toBe(false)
  expect(await store.erase(whom())).toEqual({ trails: 0, stripped: 0, cleared: true })
  expect([ada, 'ADAS-', 'adas-'].filter((text) => holds(bytesIn(folder), text))).toEqual([])
})

test('of many people’s trails, written in turns, only those of the erased are gone from the bytes', async () => {
  const people = Array.from({ length: 300 }, (_, index) => personHash(`p-${index}`, store.secret))
  for (let round = 0; round < 10; round++) {
    await store.append(people.map((hash, index) => stepOf({ personHash: hash, facts: { order: `${index}-${round}` } })))
  }
  const erased = people.slice(0, 3)
  for (const hash of erased) expect(await store.erase({ personHash: hash, value: '' })).toMatchObject({ trails: 10 })
  const bytes = bytesIn(folder)
  expect(people.filter((hash) => !holds(bytes, hash))).toEqual(erased)
})

test('bytes that another program holds fast are told of, and gone when it is asked again', async () => {
  const step = stepOf({ personHash: ada })
  await store.append([step])
  const reader = new DatabaseSync(dayFiles(databaseFile)[0]!, { readOnly: true })
  reader.exec('BEGIN')
  reader.prepare('SELECT count(*) FROM trail').get()
  expect(await store.erase(whom())).toEqual({ trails: 1, stripped: 0, cleared: false })
  expect(await store.known([step.reference])).toEqual([])
  reader.close()
  expect(await store.erase(whom())).toEqual({ trails: 0, stripped: 0, cleared: true })
  expect(holds(bytesIn(folder), ada)).toBe(false)
})

test('a trail that moves into a new file while somebody is erased is found there', async () => {
  const own = stepOf({ personHash: ada })
  for (let day = 0; day < 20; day++) {
    await store.append([stepOf({ personHash: ada })])
    now += 86_400_000
  }
  await store.append([own])
  now += 86_400_000
  const erased = store.erase(whom())
  // Between two of the files that are looked through.
  await new Promise((resolve) => setImmediate(resolve))
  await store.append([stepOf({ reference: own.reference })])
  expect(await erased).toMatchObject({ trails: 21, cleared: true })
  expect((await store.trail(own.reference)).filter(({ personHash: hash }) => hash === ada)).toEqual([])
  expect(await store.find([ada], { limit: 9 })).toEqual([])
})

test('what is waiting to be written when somebody is erased is erased with it', async () => {
  const step = stepOf({ personHash: ada })
  const appended = store.append([step])
  expect(await store.erase(whom())).toMatchObject({ trails: 1 })
  expect(await appended).toEqual({ ok: true, refused: 0 })
  expect(await store.known([step.reference])).toEqual([])
})

function counts(reference: string): Record<string, unknown> {
  const database = new DatabaseSync(dayFiles(databaseFile)[0]!, { readOnly: true })
  const row = database.prepare('SELECT steps, claims FROM trail WHERE ref = ?').get(reference)
  database.close()
  return { ...row }
}

test('a person is erased from the files of every day, whatever their steps’ attributes said, and from where a trail was before', async () => {
  const secretName = 'Augusta-Ada-King'
  const steps: StoredStep[] = []
  const stays: StoredStep[] = []
  for (let day = 0; day < 4; day++) {
    const named = (): StoredStep =>
      stepOf({
        personHash: ada,
        name: `greet ${secretName}`,
        attributes: { 'app.name': secretName, 'app.page': 'home' },
      })
    const other = (): StoredStep =>
      stepOf({ personHash: bob, attributes: { 'app.name': 'Robert', 'app.page': 'home' } })
    const [mine, others] = [
      [named(), named(), named()],
      [other(), other(), other()],
    ]
    steps.push(...mine)
    stays.push(...others)
    await store.append([...mine, ...others])
    now += 86_400_000
    // It moves on with each day, and leaves nothing where it was.
    await store.append([stepOf({ reference: steps[0]!.reference, attributes: { 'app.name': secretName } })])
  }
  expect(holds(bytesIn(folder), secretName)).toBe(true)
  expect(await store.erase(whom())).toEqual({ trails: 12, stripped: 0, cleared: true })
  for (const text of [secretName, ada, ...steps.map(({ id }) => id)]) expect(holds(bytesIn(folder), text)).toBe(false)
  expect(holds(bytesIn(folder), 'Robert')).toBe(true)
  for (const step of stays) expect(await store.trail(step.reference)).toEqual([step])
  for (const step of steps) expect(await store.find([step.id], { limit: 1 })).toEqual([])
  // What arrives afterwards is written, and comes out, as before.
  const again = stepOf({ personHash: ada, name: `greet ${secretName}`, attributes: { 'app.name': 'Robert' } })
  await store.append([again])
  expect(await store.trail(again.reference)).toEqual([again])
  expect(await store.size()).toMatchObject({ trails: 13 })
})

test('of a day file that cannot be read nobody says that it was cleared', async () => {
  await store.append([stepOf({ personHash: ada })])
  now += 86_400_000
  await store.append([stepOf({ personHash: ada })])
  await store.stop()
  const [file] = dayFiles(databaseFile) as [string]
  writeFileSync(file, readFileSync(file).fill(0xff, 4096))
  store = createSqliteStore({ databaseFile, now: () => now })
  expect(await store.erase(whom())).toEqual({ trails: 1, stripped: 0, cleared: false })
  expect(dayFiles(databaseFile)).toHaveLength(2)
})
