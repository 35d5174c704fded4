import { randomBytes } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mintReference } from '@waybill/reference'
import pg from 'pg'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startPostgres } from '../../../fixtures/startPostgres.ts'
import type { PostgresDatabase } from '../../../fixtures/startPostgres.ts'
import { stepOf } from '../../../fixtures/stepOf.ts'
import { personHash } from '../personHash.ts'
import type { StoredStep } from '../StoredStep.ts'
import { createPostgresPool } from './createPostgresPool.ts'
import { createPostgresStore } from './createPostgresStore.ts'
import { postgresAddress } from './postgresAddress.ts'
import type { PostgresStore, PostgresStoreOptions } from './createPostgresStore.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const START = Date.UTC(2026, 5, 1)

const server = await startPostgres()
afterAll(() => server?.[Symbol.asyncDispose]())

describe.skipIf(!server)('a store in PostgreSQL', () => {
  const hashSecret = randomBytes(32).toString('base64')
  let database: PostgresDatabase
  const stores: PostgresStore[] = []
  beforeEach(async () => {
    database = await server!.makeDatabase()
  })
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.stop()
  })

  function desk(options: Partial<PostgresStoreOptions> = {}): PostgresStore {
    const store = createPostgresStore({ url: new URL(database.address), hashSecret, ...options })
    stores.push(store)
    return store
  }

  async function opened(options: Partial<PostgresStoreOptions> = {}): Promise<PostgresStore> {
    const store = desk(options)
    await store.opened
    return store
  }

  async function daysOf(table: string): Promise<number[]> {
    const rows = await database.query(
      `SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'waybill.${table}'::regclass`,
    )
    return rows.map(({ relname }) => Number(String(relname).split('_')[1])).toSorted((a, b) => a - b)
  }

  /** A connection of somebody else's, with its transaction open. */
  async function beginElsewhere(sql: string): Promise<pg.Client> {
    const client = new pg.Client(database.address)
    await client.connect()
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
    await client.query(sql)
    return client
  }

  test('forgets a day by dropping it, and a trail that was added to later is whole', async () => {
    let now = START
    const store = await opened({ now: () => now })
    const first = START / DAY_MS
    const old = stepOf({ facts: { order: 'OLD' } })
    const living = [stepOf({ facts: { order: 'LIVING' } }), stepOf({ hop: 'browser', claimed: true })] as const
    await store.append([old, ...living])
    const later: StoredStep[] = []
    for (let day = 1; day <= 6; day++) {
      now += DAY_MS
      later.push(stepOf({ reference: living[0].reference, facts: { order: 'LIVING' } }))
      await store.append([later.at(-1)!, stepOf({ reference: living[1].reference })])
    }
    expect((await daysOf('step')).slice(0, 7)).toEqual([0, 1, 2, 3, 4, 5, 6].map((day) => first + day))
    expect(await store.retain({ keepDays: 3, force: true })).toEqual({ state: 'done', forgotten: 1, due: 0 })
    for (const table of ['step', 'alias']) expect(Math.min(...(await daysOf(table)))).toBe(first + 3)
    expect(await store.trail(living[0].reference)).toEqual([living[0], ...later])
    expect(await store.find(['living'], { limit: 9 })).toMatchObject([{ reference: living[0].reference }])
    expect((await store.findClaims([living[1].id], { limit: 9 })).count).toBe(1)
    expect(await store.find(['old'], { limit: 9 })).toEqual([])
    // A step that is sent again after its day was carried over is still known.
    await store.append([living[0]])
    expect(await store.trail(living[0].reference)).toHaveLength(7)
  })

  test('a value that came on many days leads to each trail once, and no trail is left out for it', async () => {
    let now = START
    const store = await opened({ now: () => now })
    const trails = Array.from({ length: 4 }, () => mintReference())
    for (let day = 0; day < 5; day++) {
      await store.append(trails.map((reference) => stepOf({ reference, jobId: 'nightly' })))
      await store.append(trails.map((reference) => stepOf({ reference, session: 'said', claimed: true })))
      now += DAY_MS
    }
    const found = await store.find(['nightly'], { limit: 4 })
    expect(found.map(({ reference }) => reference)).toEqual(trails.toReversed())
    const { found: claims, count } = await store.findClaims(['said'], { limit: 2 })
    expect(claims.map(({ reference }) => reference)).toEqual(trails.toReversed().slice(0, 2))
    expect(count).toBe(4)
  })

  test('a desk whose clock is far behind loses nothing while another drops the days that it writes into', async () => {
    const [ahead, behind] = [START + 40 * DAY_MS, START]
    const [one, two] = [await opened({ now: () => ahead }), await opened({ now: () => behind })]
    const written: StoredStep[] = []
    const over = new AbortController()
    const write = async (): Promise<void> => {
      while (!over.signal.aborted) {
        const steps = Array.from({ length: 20 }, () => stepOf())
        // By the other clock these trails are of today, so that they are alive when the day is dropped to which this one adds.
        await one.append(steps.map(({ reference }) => stepOf({ reference })))
        expect(await two.append(steps)).toEqual({ ok: true, refused: 0 })
        written.push(...steps)
      }
    }
    const writing = Promise.all([write(), write()])
    for (let round = 0; round < 15; round++) await one.retain({ keepDays: 30, force: true })
    over.abort()
    await writing
    await one.retain({ keepDays: 30, force: true })
    for (const step of written) expect((await one.trail(step.reference)).map(({ id }) => id)).toContain(step.id)
    expect(Math.min(...(await daysOf('step')))).toBeGreaterThanOrEqual(ahead / DAY_MS - 30)
  })

  test('a large trail, and many, that were added to later are carried over a part at a time', async () => {
    let now = START
    const store = await opened({ now: () => now, stepsPerTrail: 9000 })
    const large = Array.from({ length: 3 }, () => mintReference())
    for (const reference of large) await store.append(Array.from({ length: 6000 }, () => stepOf({ reference })))
    const many = Array.from({ length: 450 }, () => stepOf({ jobId: 'many' }))
    await store.append(many)
    now += 5 * DAY_MS
    const later = [...large, ...many.map(({ reference }) => reference)].map((reference) => stepOf({ reference }))
    await store.append(later)
    expect(await store.retain({ keepDays: 2, force: true })).toEqual({ state: 'done', forgotten: 0, due: 0 })
    expect(Math.min(...(await daysOf('step')))).toBe(START / DAY_MS + 5)
    for (const reference of large) expect(await store.trail(reference)).toHaveLength(6001)
    expect(await store.find(['many'], { limit: 999 })).toHaveLength(450)
    // With the day on which they were last added to they are gone.
    now += 5 * DAY_MS
    expect(await store.retain({ keepDays: 2, force: true })).toMatchObject({ forgotten: 453 })
    expect(await database.query('SELECT count(*)::integer AS rows FROM waybill.step')).toEqual([{ rows: 0 }])
  })

  test('of tables that are somebody else’s no bytes are said to be gone', async () => {
    const store = await opened()
    await store.append([stepOf({ personHash: 'ab'.repeat(32) })])
    const role = `other_${randomBytes(4).toString('hex')}`
    await database.query(`CREATE ROLE ${role} LOGIN; GRANT ALL ON SCHEMA waybill TO ${role}`)
    await database.query(
      `GRANT ALL ON ALL TABLES IN SCHEMA waybill TO ${role}; GRANT ALL ON ALL SEQUENCES IN SCHEMA waybill TO ${role}`,
    )
    const other = await opened({ url: new URL(database.address.replace('postgres@', `${role}@`)) })
    const whom = { personHash: 'ab'.repeat(32), value: '' }
    expect(await other.erase(whom)).toEqual({ trails: 1, stripped: 0, cleared: false })
    expect(await store.erase(whom)).toEqual({ trails: 0, stripped: 0, cleared: true })
  })

  test('while somebody reads a day for long nothing waits for it, and it is dropped the next time', async () => {
    let now = START
    const store = await opened({ now: () => now })
    await store.append([stepOf()])
    now += 10 * DAY_MS
    const kept = stepOf()
    await store.append([kept])
    const reader = await beginElsewhere('SELECT * FROM waybill.step')
    expect(await store.retain({ keepDays: 5, force: true })).toEqual({ state: 'done', forgotten: 1, due: 0 })
    expect(await store.shrinkTo(0)).toMatchObject({ forgotten: 0 })
    expect(await daysOf('step')).toContain(START / DAY_MS)
    expect(await store.trail(kept.reference)).toEqual([kept])
    await reader.end()
    await store.retain({ keepDays: 5 })
    expect(await daysOf('step')).not.toContain(START / DAY_MS)
  })

  test('becomes smaller by its oldest days, none of the last 24 hours among them, and forgets no more where a day cannot go', async () => {
    let now = START
    const store = await opened({ now: () => now })
    for (let day = 0; day < 4; day++) {
      await store.append(Array.from({ length: 300 }, () => stepOf({ facts: { note: 'x'.repeat(150) } })))
      now += DAY_MS
    }
    const { bytes, trails } = await store.size()
    expect(trails).toBe(1200)
    const reader = await beginElsewhere('SELECT * FROM waybill.alias')
    expect(await store.shrinkTo(1)).toMatchObject({ forgotten: 300 })
    await reader.end()
    const shrunk = await store.shrinkTo(bytes * 0.7)
    expect(shrunk.bytes).toBeLessThan(bytes * 0.7)
    expect((await store.size()).trails).toBe(1200 - 300 - shrunk.forgotten)
    await store.append([stepOf()])
    await store.shrinkTo(1)
    expect((await store.size()).trails).toBe(301)
  })

  test('several desks that begin on an empty database, migrate, forget and erase at once are one', async () => {
    let now = START
    const desks = Array.from({ length: 4 }, () => desk({ now: () => now }))
    await Promise.all(desks.map((each) => each.opened))
    const steps = Array.from({ length: 40 }, () => stepOf({ personHash: 'ab'.repeat(32) }))
    await Promise.all(desks.map((each) => each.append(steps)))
    expect((await desks[0]!.size()).trails).toBe(40)
    for (const { reference } of steps) expect(await desks[1]!.trail(reference)).toHaveLength(1)
    now += 40 * DAY_MS
    const retained = await Promise.all(desks.map((each) => each.retain({ keepDays: 30, force: true })))
    expect(retained.reduce((sum, { forgotten }) => sum + forgotten, 0)).toBe(40)
    await Promise.all(desks.map((each) => each.append(steps)))
    const whom = { personHash: 'ab'.repeat(32), value: '' }
    const erased = await Promise.all(desks.map((each) => each.erase(whom)))
    expect(erased.reduce((sum, { trails }) => sum + trails, 0)).toBe(40)
    expect(await daysOf('step')).toEqual(await daysOf('alias'))
  })

  test('the places of what two desks see for the first time stand in the order in which it came', async () => {
    const desks = [await opened(), await opened()]
    const steps = Array.from({ length: 30 }, () => stepOf({ jobId: 'shared' }))
    for (const [index, step] of steps.entries()) await desks[index % 2]!.append([step])
    const more = steps.map(({ reference }) => stepOf({ reference }))
    for (const [index, step] of more.entries()) await desks[(index + 1) % 2]!.append([step])
    const found = await desks[0]!.find(['shared'], { limit: 30 })
    expect(found.map(({ reference }) => reference)).toEqual(steps.map(({ reference }) => reference).toReversed())
    for (const [index, { reference }] of steps.entries())
      expect(await desks[1]!.trail(reference)).toEqual([steps[index], more[index]])
  })

  test('what is erased is gone from the bytes of every table, also what retention forgot before, and it is said while somebody still sees it', async () => {
    let now = START
    const store = await opened({ now: () => now })
    const ada = personHash('Ada-7', store.secret)
    const bytes = async (): Promise<Buffer> => {
      await database.query('CHECKPOINT')
      // Without the files that PostgreSQL makes and takes away as it likes, in which are the names of tables.
      const files = globSync(join(server!.data, 'base', '*', '*')).filter((file) => !file.includes('pg_internal'))
      return Buffer.concat(files.map((file) => readFileSync(file)))
    }
    const forgotten = stepOf({ personHash: ada, facts: { note: 'ADAS-FORGOTTEN' } })
    const trail = stepOf({ facts: { note: 'ITS-NOTE' } })
    await store.append([forgotten, trail])
    now += 30 * HOUR_MS
    await store.append([stepOf({ personHash: ada, facts: { note: 'ADAS-KEPT' } }), stepOf({ facts: { note: 'BOBS' } })])
    // Its day is still there, with its rows, for somebody reads it.
    const reader = await beginElsewhere('SELECT * FROM waybill.step')
    expect(await store.retain({ keepDays: 1, force: true })).toMatchObject({ forgotten: 2 })
    expect(await daysOf('step')).toContain(START / DAY_MS)
    await reader.end()
    const viewer = await beginElsewhere('SELECT 1')
    // Until whoever sees the old rows has gone they cannot be taken out of the bytes.
    expect(await store.erase({ personHash: ada, value: 'ada-7' })).toEqual({ trails: 1, stripped: 0, cleared: false })
    expect((await bytes()).includes('ADAS-KEPT')).toBe(true)
    await viewer.end()
    expect(await store.erase({ personHash: ada, value: 'ada-7' })).toEqual({ trails: 0, stripped: 0, cleared: true })
    expect(await store.erase({ reference: trail.reference })).toEqual({ trails: 0, stripped: 0, cleared: true })
    const left = await bytes()
    expect(
      ['ITS-NOTE', 'its-note', trail.reference, 'ADAS-', 'adas-', ada].filter((text) => left.includes(text)),
    ).toEqual([])
    expect(left.includes('BOBS')).toBe(true)
  })

  test('a connection that is lost between two of its user’s questions ends nothing but itself', async () => {
    const pool = createPostgresPool(postgresAddress(new URL(database.address)), { most: 1, statementTimeoutMs: 5000 })
    const client = await pool.connect()
    const lost = new Promise((resolve) => client.once('end', () => resolve(undefined)))
    await database.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'waybill'")
    await lost
    client.release(true)
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    await pool.end()
  })

  test.each([
    ['off', 'on'],
    ['local', 'local'],
    ['remote_apply', 'remote_apply'],
  ])('where the database’s synchronous_commit is %s a desk’s is %s', async (given, used) => {
    const [name] = /\w+$/.exec(database.address)!
    await database.query(`ALTER DATABASE ${name} SET synchronous_commit = ${given}`)
    const pool = createPostgresPool(postgresAddress(new URL(database.address)), { most: 1, statementTimeoutMs: 5000 })
    expect((await pool.query('SHOW synchronous_commit')).rows).toEqual([{ synchronous_commit: used }])
    await pool.end()
  })

  test('takes a text with the character that PostgreSQL cannot hold, and finds it', async () => {
    const store = await opened()
    const odd = stepOf({ jobId: 'a\0b', name: 'x\0y', facts: { ['or\0der']: 'A\0-1 \ud800' } })
    expect(await store.append([odd, stepOf()])).toEqual({ ok: true, refused: 0 })
    expect(await store.trail(odd.reference)).toEqual([odd])
    for (const value of ['a\0b', 'a\0-1 \ud800']) expect(await store.find([value], { limit: 1 })).toHaveLength(1)
    expect(await store.find(['\0'], { limit: 1 })).toEqual([])
    expect((await store.findClaims(['\0'], { limit: 1 })).count).toBe(0)
  })

  test('finds a value that is longer than an index can hold', async () => {
    const store = await opened()
    const long = Array.from({ length: 3600 }, () =>
      String.fromCodePoint(0x4e00 + Math.floor(Math.random() * 20_000)),
    ).join('')
    const step = stepOf({ attributes: { 'gen_ai.response.id': long } })
    expect(await store.append([step])).toEqual({ ok: true, refused: 0 })
    expect(await store.find([long], { limit: 1 })).toMatchObject([{ reference: step.reference, kind: 'provider' }])
  })

  test('looks up by indexes alone, over all days', async () => {
    let now = START
    const store = await opened({ now: () => now })
    for (let day = 0; day < 3; day++) {
      for (let part = 0; part < 2; part++)
        await store.append(
          Array.from({ length: 1500 }, (_, index) =>
            stepOf({ facts: { order: `${day}-${index}` }, personHash: randomBytes(32).toString('hex') }),
          ),
        )
      now += DAY_MS
    }
    now -= DAY_MS
    const some = stepOf({ facts: { order: 'SOME' }, personHash: 'ab'.repeat(32) })
    await store.append([some])
    await database.query('ANALYZE')
    const plans: string[] = []
    const query = pg.Client.prototype.query
    const asked: { text: string; values: unknown[] }[] = []
    pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
      const [first] = args
      if (typeof first === 'object' && first !== null && 'text' in first && 'values' in first)
        asked.push(first as (typeof asked)[number])
      return Reflect.apply(query, this, args) as never
    }
    try {
      await store.trail(some.reference)
      await store.find(['some'], { limit: 20 })
      await store.findClaims(['some'], { limit: 20 })
      await store.personFrom('ab'.repeat(8))
      await store.evictedFrom(some.reference)
      await store.known([some.reference])
      await store.recent({ since: now - HOUR_MS, limit: 20 })
      await store.append([stepOf({ reference: some.reference, parentId: some.id })])
    } finally {
      pg.Client.prototype.query = query
    }
    const client = new pg.Client(postgresAddress(new URL(database.address)).connectionString)
    await client.connect()
    for (const { text, values } of asked) {
      await client.query('BEGIN')
      const { rows } = await client.query(`EXPLAIN ${text}`, values)
      plans.push(`${text}\n${rows.map((row) => row['QUERY PLAN']).join('\n')}`)
      await client.query('ROLLBACK')
    }
    await client.end()
    expect(plans.length).toBeGreaterThanOrEqual(10)
    expect(plans.filter((plan) => /Seq Scan on (?:step|alias|trail)/.test(plan))).toEqual([])
  })
})
