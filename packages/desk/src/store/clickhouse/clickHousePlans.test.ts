import { randomBytes } from 'node:crypto'
import { mintReference } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startClickHouse } from '../../../fixtures/startClickHouse.ts'
import { startClickHouseProxy } from '../../../fixtures/startClickHouseProxy.ts'
import type { ClickHouseProxy } from '../../../fixtures/startClickHouseProxy.ts'
import { stepOf } from '../../../fixtures/stepOf.ts'
import { createClickHouseStore } from './createClickHouseStore.ts'
import type { ClickHouseStore } from './createClickHouseStore.ts'

const clickHouse = await startClickHouse()
afterAll(() => clickHouse?.stop())

/** More of them: CLICKHOUSE_STEPS=5000000. */
const STEPS = Number(process.env['CLICKHOUSE_STEPS'] ?? 200_000)
const STEPS_A_TRAIL = 10
const DAYS = 30
const GRANULE = 1024
const SMALL_GRANULE = 128
const TODAY = Math.floor(Date.UTC(2026, 5, 1) / 86_400_000)

describe.runIf(clickHouse)(`look-ups in a ClickHouse store with ${STEPS} steps of ${DAYS} days`, () => {
  let proxy: ClickHouseProxy
  let store: ClickHouseStore
  let name: string
  let reference: Reference

  beforeAll(async () => {
    proxy = await startClickHouseProxy(clickHouse!)
    const database = await clickHouse!.makeDatabase()
    name = database.name
    store = createClickHouseStore({
      url: proxy.through(database.address),
      hashSecret: randomBytes(32).toString('base64'),
      pauseMs: 0,
      now: () => (TODAY + 1) * 86_400_000 - 1,
    })
    await store.opened
    const { query } = clickHouse!
    // As the store's own rows are, with references in a random order, each day written in three groups.
    for (let part = 0; part < 3; part++) {
      const some = `SELECT *, lower(hex(cityHash64(n, 1))) AS id, concat('R-', hex(cityHash64(trail))) AS ref, toUInt64(trail * 16) AS place, ${TODAY} - trail % ${DAYS} AS day
        FROM (SELECT number AS n, intDiv(number, ${STEPS_A_TRAIL}) AS trail FROM numbers(${STEPS}) WHERE intDiv(number, ${STEPS_A_TRAIL}) % 3 = ${part})`
      await query(
        `INSERT INTO ${name}.waybill_step (day, ref, place, own, kind, seq, claimed, started, person, step)
         SELECT day, ref, place, cityHash64(id), 'span', n, false, 0, 0,
           concat('{"id":"', id, '","reference":"', ref, '","hop":"api","service":"shop-api","name":"POST /api/refunds","at":1790000000000,"durationMs":5,"status":"ok","facts":{"order":"A-', toString(n), '"}}')
         FROM (${some})`,
      )
      await query(
        `INSERT INTO ${name}.waybill_alias (day, value, kind, ref, place) SELECT day, arrayJoin([id, concat('a-', toString(n)), 'everybody']) AS value, if(value = id, 'span', 'fact:order') AS kind, ref, place FROM (${some})`,
      )
      for (const [table, columns] of [
        ['waybill_trail', 'ref, place, day * 24 + 5 AS hour, day AS first_day, 1 AS served'],
        ['waybill_seen', 'ref, place, day * 24 + 5 AS hour, day'],
      ])
        await query(
          `INSERT INTO ${name}.${table} (${columns!.replaceAll(/(?:\S+ \* \d+ \+ \d+|\w+) AS /g, '')}) SELECT DISTINCT ${columns} FROM (${some})`,
        )
    }
    const [row] = await clickHouse!.rows(`SELECT ref FROM ${name}.waybill_trail WHERE place = 16 * 777`)
    reference = row!['ref'] as Reference
  })
  afterAll(async () => {
    await store.stop()
    await proxy.stop()
  })

  /** Parts that a table has, of a day or of all. */
  async function partsOf(table: string, day?: number): Promise<number> {
    const where = day === undefined ? '' : ` AND partition = '${day}'`
    const [row] = await clickHouse!.rows(
      `SELECT count() AS count FROM system.parts WHERE active AND database = '${name}' AND table = '${table}'${where}`,
    )
    return Number(row!['count'])
  }

  /** What is read for something, beside its answer. */
  async function reading<Answer>(ask: () => Promise<Answer>): Promise<{ answer: Answer; rows: number }> {
    const from = proxy.statements.length
    const answer = await ask()
    return { answer, rows: proxy.statements.slice(from).reduce((sum, { readRows }) => sum + readRows, 0) }
  }

  /** What ClickHouse says of how it would do the statements that were done last. */
  async function plansOf(count: number): Promise<string[]> {
    return await Promise.all(
      proxy.statements.slice(-count).map(async ({ url, sql }) => {
        const asked = new URL(url)
        asked.searchParams.delete('query')
        const { name: user, password } = clickHouse!.users.desk
        const response = await fetch(asked, {
          method: 'POST',
          headers: { 'x-clickhouse-user': user, 'x-clickhouse-key': password },
          body: `EXPLAIN indexes = 1 ${sql.replace(/FORMAT \w+\s*$/, '')} FORMAT TabSeparatedRaw`,
        })
        const plan = await response.text()
        if (!response.ok) throw new Error(plan)
        return plan
      }),
    )
  }

  test('one by its reference reads a granule or two of its own day, by the primary key', async () => {
    const { answer, rows } = await reading(() => store.trail(reference))
    expect(answer).toHaveLength(STEPS_A_TRAIL)
    const [trails, steps] = [await partsOf('waybill_trail'), await partsOf('waybill_step', TODAY - (777 % DAYS))]
    expect(rows).toBeGreaterThan(0)
    expect(rows).toBeLessThanOrEqual(2 * GRANULE * (trails + steps))
    const [byTrail, byStep] = await plansOf(2)
    for (const plan of [byTrail, byStep]) expect(plan).toMatch(/PrimaryKey[^]*ref[^]*Condition: .*ref/)
    expect(byStep).toMatch(/Partition[^]*day/)
    // Were its days not known, each of them would be asked.
    const all = await clickHouse!.query(
      `EXPLAIN ESTIMATE SELECT step FROM ${name}.waybill_step WHERE ref = '${reference}' AND place = ${16 * 777}`,
    )
    const { rows: unknown } = JSON.parse(all) as { rows: number }
    expect(unknown).toBeLessThanOrEqual(2 * GRANULE * (await partsOf('waybill_step')))
    expect(unknown).toBeGreaterThan(rows)
  })

  test('a reference that is not there reads nothing of the steps', async () => {
    const { answer, rows } = await reading(() => store.trail(mintReference()))
    expect(answer).toEqual([])
    expect(rows).toBeLessThanOrEqual(2 * GRANULE * (await partsOf('waybill_trail')))
  })

  test('a value reads a granule or two of each part, by the primary key, also one that leads to everything', async () => {
    const parts = (await partsOf('waybill_alias')) + (await partsOf('waybill_trail'))
    const one = await reading(() => store.find(['a-7777'], { limit: 9 }))
    expect(one.answer).toMatchObject([{ reference }])
    expect(one.rows).toBeLessThanOrEqual(2 * GRANULE * parts)
    const [plan] = await plansOf(2)
    expect(plan).toMatch(/PrimaryKey[^]*value[^]*Condition: .*value/)
    const miss = await reading(() => store.find(['no such value'], { limit: 9 }))
    expect(miss.answer).toEqual([])
    expect(miss.rows).toBeLessThanOrEqual(2 * GRANULE * parts)
    const all = await reading(() => store.find(['everybody'], { limit: 20 }))
    expect(all.answer).toHaveLength(20)
    expect(all.rows).toBeLessThanOrEqual(2 * GRANULE * parts + 40 * SMALL_GRANULE * (await partsOf('waybill_trail')))
  })

  test('the latest trails are read from the end of their table', async () => {
    const { answer, rows } = await reading(() => store.recent({ since: 0, limit: 20 }))
    expect(answer.references).toHaveLength(20)
    expect(rows).toBeLessThanOrEqual(
      2 * GRANULE * (await partsOf('waybill_seen')) + 40 * SMALL_GRANULE * (await partsOf('waybill_trail')),
    )
  })

  test('what was written twice is there once, before and after it is merged', async () => {
    const steps = Array.from({ length: 3 }, () => stepOf({ reference }))
    await store.append(steps)
    // As a sender does whose answer was lost when only the steps were written.
    await clickHouse!.query(
      `INSERT INTO ${name}.waybill_step SELECT * REPLACE (seq + 1000 AS seq) FROM ${name}.waybill_step WHERE ref = '${reference}'`,
    )
    await clickHouse!.query(
      `INSERT INTO ${name}.waybill_alias SELECT * FROM ${name}.waybill_alias WHERE ref = '${reference}'`,
    )
    const [many] = await clickHouse!.rows(
      `SELECT count() AS count FROM ${name}.waybill_step WHERE ref = '${reference}'`,
    )
    expect(Number(many!['count'])).toBe(2 * (STEPS_A_TRAIL + 3))
    for (const merged of [false, true]) {
      if (merged)
        for (const table of ['waybill_step', 'waybill_alias'])
          await clickHouse!.query(`OPTIMIZE TABLE ${name}.${table} FINAL`)
      const trail = await store.trail(reference)
      expect(trail).toHaveLength(STEPS_A_TRAIL + 3)
      expect(trail.slice(-3)).toEqual(steps)
      expect(await store.find([steps[0]!.id], { limit: 9 })).toMatchObject([{ reference }])
    }
    const [once] = await clickHouse!.rows(
      `SELECT count() AS count FROM ${name}.waybill_step WHERE ref = '${reference}'`,
    )
    expect(Number(once!['count'])).toBe(STEPS_A_TRAIL + 3)
  })
})
