import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mintReference } from '@waybill/reference'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { startClickHouse } from '../../../fixtures/startClickHouse.ts'
import type { ClickHouseDatabase } from '../../../fixtures/startClickHouse.ts'
import { stepOf } from '../../../fixtures/stepOf.ts'
import { personHash } from '../personHash.ts'
import { createClickHouseStore } from './createClickHouseStore.ts'
import type { ClickHouseStore, ClickHouseStoreOptions } from './createClickHouseStore.ts'

const clickHouse = await startClickHouse()
afterAll(() => clickHouse?.stop())

describe.runIf(clickHouse)('a ClickHouse store', () => {
  const stores: ClickHouseStore[] = []
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.stop()
  })

  function open(database: ClickHouseDatabase | string, options: Partial<ClickHouseStoreOptions> = {}): ClickHouseStore {
    const url = new URL(typeof database === 'string' ? database : database.address)
    const store = createClickHouseStore({ url, hashSecret: SECRET, pauseMs: 0, ...options })
    stores.push(store)
    return store
  }

  const SECRET = randomBytes(32).toString('base64')
  const refused = (store: ClickHouseStore): Promise<string> => store.opened.then(() => 'opened', String)

  test('says in words why it cannot be opened, and never the password', async () => {
    const { users, makeDatabase, query, address } = clickHouse!
    const [database, newer, foreign, another] = await Promise.all([0, 1, 2, 3].map(() => makeDatabase()))
    const wrong = new URL(database!.address)
    wrong.password = 'not-the-password'
    const reading = new URL(database!.address)
    Object.assign(reading, { username: users.reader.name, password: users.reader.password })
    await open(newer!).opened
    await query(`INSERT INTO ${newer!.name}.waybill_meta (key, value) VALUES ('version', '9')`)
    await query(`CREATE TABLE ${foreign!.name}.waybill_step (id UInt64) ENGINE = MergeTree ORDER BY id`)
    await open(another!).opened
    const words = await Promise.all([
      refused(open(wrong.href)),
      refused(open(reading.href)),
      refused(open(address('no_such_database'))),
      refused(open(newer!)),
      refused(open(foreign!)),
      refused(open(another!, { hashSecret: randomBytes(32).toString('base64') })),
      refused(open('clickhouse://desk:desk-password@127.0.0.1:1/desk')),
    ])
    expect(words).toEqual([
      expect.stringContaining('does not let the desk in'),
      expect.stringContaining('user may not do that in ClickHouse'),
      expect.stringContaining('no database of that name'),
      expect.stringContaining('made by a newer version'),
      expect.stringContaining('The table waybill_step in ClickHouse is not as the desk makes it'),
      expect.stringContaining('The hash secret of this desk is not the one'),
      expect.stringContaining('does not answer'),
    ])
    for (const each of words) expect(each).toMatch(/^\w+: \[waybill\] (?!.*password@|.*not-the|.*desk-pass)/)
    expect(await clickHouse!.rows(`SELECT name FROM system.tables WHERE database = '${foreign!.name}'`)).toHaveLength(1)
    expect(() => open('clickhouse://127.0.0.1/other-name')).toThrow(TypeError)
  })

  test('two that begin at once share one database, and read what the other wrote', async () => {
    const database = await clickHouse!.makeDatabase()
    const [one, two] = [open(database), open(database)] as const
    await Promise.all([one.opened, two.opened])
    const step = stepOf({ jobId: 'shared' })
    const later = stepOf({ reference: step.reference, jobId: 'shared' })
    // Both see it first at the same moment.
    await Promise.all([one.append([step]), two.append([later]), two.append([step])])
    for (const store of [one, two]) {
      const ids = (await store.trail(step.reference)).map(({ id }) => id)
      expect(ids.toSorted()).toEqual([step.id, later.id].toSorted())
      expect(await store.find(['shared'], { limit: 9 })).toMatchObject([{ reference: step.reference }])
      expect((await store.size()).trails).toBe(1)
    }
  })

  test('a step that is sent again into a full trail is neither refused nor moved', async () => {
    const store = open(await clickHouse!.makeDatabase(), { stepsPerTrail: 2 })
    const reference = mintReference()
    const steps = [stepOf({ reference }), stepOf({ reference })]
    await store.append(steps)
    for (const step of steps) expect(await store.append([step])).toEqual({ ok: true, refused: 0 })
    expect(await store.append([stepOf({ reference })])).toEqual({ ok: true, refused: 1 })
    expect(await store.trail(reference)).toEqual(steps)
  })

  test('gives no place again that is taken, though its clock was set back while it was closed', async () => {
    const database = await clickHouse!.makeDatabase()
    const first = open(database, { now: () => NOW })
    const steps = [stepOf({ jobId: 'job' }), stepOf({ jobId: 'job' })] as const
    await first.append([steps[0]])
    await first.stop()
    const second = open(database, { now: () => NOW - 40 * DAY_MS })
    await second.append([steps[1], stepOf({ reference: steps[0].reference, name: 'late' })])
    const found = await second.find(['job'], { limit: 2 })
    expect(found.map(({ reference }) => reference)).toEqual([steps[1].reference, steps[0].reference])
    expect((await second.trail(steps[0].reference)).map(({ name }) => name)).toEqual(['step', 'late'])
  })

  test('takes every text there is, also halves of characters, quotes and what looks like SQL', async () => {
    const store = open(await clickHouse!.makeDatabase())
    const texts = [
      '\ud800 half',
      "it's {x:String} \\ ' OR 1=1 --",
      'tab\tline\nend\0',
      '退款 💸',
      '%00 %41 +&=?',
      '\\N',
      '[]',
      'x'.repeat(3600),
    ]
    const steps = texts.map((text, index) => stepOf({ facts: { order: `${index} ${text}`, [text.slice(0, 20)]: 'a' } }))
    expect(await store.append(steps)).toEqual({ ok: true, refused: 0 })
    for (const [index, step] of steps.entries()) {
      expect(await store.trail(step.reference)).toEqual([step])
      const value = `${index} ${texts[index]}`.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase()
      if (value.length > 3600) continue
      expect(await store.find([value], { limit: 9 }), value).toMatchObject([{ reference: step.reference }])
    }
  })

  test('a trail that is added to for months is whole, while the days around it are dropped', async () => {
    const database = await clickHouse!.makeDatabase()
    let now = NOW
    const store = open(database, { now: () => now })
    const reference = mintReference()
    const arrived = []
    for (let day = 0; day < 24; day++, now += DAY_MS) {
      const step = stepOf({ reference, facts: { day: `day ${day}` } })
      await store.append([stepOf(), step])
      arrived.push(step)
      expect((await store.retain({ keepDays: 4 })).state).toBe('done')
    }
    expect(await store.trail(reference)).toEqual(arrived)
    expect(await store.find(['day 0'], { limit: 1 })).toMatchObject([{ reference }])
    expect((await store.size()).trails).toBe(6)
    const partitions = await clickHouse!.rows(
      `SELECT table, uniqExact(partition) AS count FROM system.parts WHERE active AND database = '${database.name}' GROUP BY table`,
    )
    const most = Object.fromEntries(partitions.map(({ table, count }) => [table, Number(count)]))
    expect(most['waybill_step']).toBeLessThanOrEqual(6)
    expect(most['waybill_alias']).toBeLessThanOrEqual(2)
    expect(most['waybill_seen']).toBeLessThanOrEqual(2)
  })

  test('above its quota it forgets the days that were added to longest ago, and never yesterday or today', async () => {
    let now = NOW
    const store = open(await clickHouse!.makeDatabase(), { now: () => now })
    const days = []
    for (let day = 0; day < 8; day++, now += DAY_MS) {
      const steps = Array.from({ length: 50 }, () => stepOf({ facts: { noise: randomBytes(90).toString('hex') } }))
      await store.append(steps)
      days.push(steps[0]!.reference)
    }
    now -= DAY_MS
    const { bytes } = await store.size()
    const shrunk = await store.shrinkTo(bytes / 2)
    expect(shrunk.bytes).toBeLessThanOrEqual(bytes / 2)
    expect(shrunk.forgotten % 50).toBe(0)
    const kept = await store.known(days)
    expect(kept).toEqual(days.slice(-kept.length))
    await store.shrinkTo(1)
    expect(await store.known(days)).toEqual(days.slice(-2))
  })

  test('who is erased is gone from the bytes, with what was given up and forgotten of them before', async () => {
    const database = await clickHouse!.makeDatabase()
    let now = NOW
    const store = open(database, { now: () => now, stepsPerTrail: 20 })
    await store.opened
    // So that texts can be seen in the files.
    for (const column of ['waybill_step MODIFY COLUMN step', 'waybill_alias MODIFY COLUMN value'])
      await clickHouse!.query(`ALTER TABLE ${database.name}.${column} String CODEC(NONE)`)
    const [ada, bob] = ['Ada-7', 'Bob-8'].map((id) => personHash(id, store.secret)) as [string, string]
    const old = stepOf({ personHash: ada, facts: { note: 'OLD-OF-ADA' } })
    await store.append([old])
    now += 30 * DAY_MS + 5 * 3_600_000
    // The day that it came on is not over by then, so its rows are only masked.
    expect(await store.retain({ keepDays: 30, force: true })).toMatchObject({ forgotten: 1 })
    const whole = stepOf({ personHash: ada, facts: { note: 'ALL-OF-ADA' } })
    const part = stepOf({ personHash: ada, facts: { note: 'PART-OF-ADA' } })
    const others = stepOf({ reference: part.reference, personHash: bob, facts: { note: 'OF-BOB', customer: 'ADA-7' } })
    await store.append([whole, part, others])
    const texts = [ada, 'OLD-OF-ADA', 'ALL-OF-ADA', 'all-of-ada', 'PART-OF-ADA', 'part-of-ada', 'ADA-7']
    expect(holding(texts)).toEqual(texts)
    expect(await store.erase({ personHash: ada, value: 'ada-7' })).toEqual({ trails: 1, stripped: 1, cleared: true })
    expect(holding([...texts, 'OF-BOB', 'of-bob'])).toEqual(['OF-BOB', 'of-bob'])
    expect(await store.trail(part.reference)).toEqual([{ ...others, facts: { note: 'OF-BOB' } }])
    expect(await store.personFrom(ada.slice(0, 16))).toBeUndefined()
  })
})

/** Which of these texts are in any file of ClickHouse's. */
function holding(texts: readonly string[]): string[] {
  const files = readdirSync(clickHouse!.folder, { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  )
  const bytes = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name)))
  return texts.filter((text) => bytes.some((each) => each.includes(text)))
}

const DAY_MS = 86_400_000
const NOW = Date.UTC(2026, 5, 1)
