import { createWaybill } from '@waybill/server'
import * as mysqlSql from '@waybill/server/mysql'
import { auditSql, auditTriggerSql, referenceColumnSql } from '@waybill/server/sql'
import type { Step } from '@waybill/trail'
import { mysqlTable, varchar } from 'drizzle-orm/mysql-core'
import { drizzle as drizzleOnMysql } from 'drizzle-orm/mysql2'
import { drizzle } from 'drizzle-orm/node-postgres'
import { pgTable, text } from 'drizzle-orm/pg-core'
import { Kysely, PostgresDialect } from 'kysely'
import type { RowDataPacket } from 'mysql2/promise'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { missingServices } from '../fixtures/missingServices.ts'
import { missingDatabases, openDatabase } from '../fixtures/openDatabase.ts'
import type { TestDatabase } from '../fixtures/openDatabase.ts'
import { openMariaDb } from '../fixtures/openMariaDb.ts'
import type { TestMariaDb } from '../fixtures/openMariaDb.ts'
import { drizzleTransactions as drizzleOnMariaDb } from '../examples/drizzleOnMariaDb.ts'
import { drizzleTransactions } from '../examples/drizzleTransactions.ts'
import { kyselyTransactions } from '../examples/kyselyTransactions.ts'

const EMAIL = 'jane@example.com 4111 1111 1111 1111'
const missing = new Set<string>([...(await missingDatabases()), ...(await missingServices())])

let steps: Step[] = []
const waybill = createWaybill({ service: 'shop-api', onStep: (step) => steps.push(step) })
beforeEach(() => {
  steps = []
})

/** Writes rows concurrently over two connections, each second one twice, which fails, and rows without a context between them. */
async function storm(
  insert: Insert,
  untraced: (id: string) => Promise<unknown>,
  duplicate = '23505',
): Promise<Map<string, string>> {
  const expected = new Map<string, string>()
  await Promise.all(
    Array.from({ length: 40 }, async (_, i) => {
      const context = waybill.mint()
      const isTwice = i % 2 === 1
      const written = waybill.resume(context, () => insert(`T-${i}`, isTwice))
      const [{ status }] = await Promise.allSettled([written, untraced(`U-${i}`)])
      expect(status).toBe(isTwice ? 'rejected' : 'fulfilled')
      if (!isTwice) expected.set(`T-${i}`, context.reference)
    }),
  )
  expect(JSON.stringify(steps)).not.toMatch(/jane|4111 1111/)
  // The query builders' errors quote what was written; the database's code is what the step keeps.
  const types = steps.flatMap(({ error }) => (error ? [error.type] : []))
  expect([steps.length, types]).toEqual([40, Array(20).fill(duplicate)])
  return expected
}

type Insert = (id: string, twice: boolean) => Promise<unknown>

describe.skipIf(missing.has('PostgreSQL'))('query builders on PostgreSQL', () => {
  let server: TestDatabase
  let pool: pg.Pool

  beforeAll(async () => {
    server = await openDatabase('PostgreSQL')
    pool = server.openPool(2)
  })
  afterAll(() => server.close())
  beforeEach(async () => {
    await pool.query('drop table if exists refunds, trace_audit')
    await pool.query('create table refunds (id text primary key, email text)')
    await pool.query(auditSql())
    await pool.query(auditTriggerSql({ on: 'refunds' }))
    await pool.query(referenceColumnSql({ on: 'refunds' }))
  })

  async function expectRows(expected: ReadonlyMap<string, string>): Promise<void> {
    for (const from of ['refunds', '(select row_id as id, reference from trace_audit) as audit']) {
      const { rows } = await pool.query(`select id, reference from ${from} where reference is not null`)
      expect(new Map(rows.map(({ id, reference }) => [id, reference]))).toEqual(expected)
      expect((await pool.query(`select id from ${from} where id like 'U-%'`)).rowCount).toBe(40)
    }
  }

  test('Drizzle’s transactions carry the reference of each', async () => {
    const refunds = pgTable('refunds', { id: text().primaryKey(), email: text(), reference: text() })
    const db = drizzle({ client: pool })
    const transaction = drizzleTransactions(waybill, db)
    const insert: Insert = (id, twice) =>
      transaction('refund requested', async (tx) => {
        await tx.insert(refunds).values({ id, email: EMAIL })
        if (twice) await tx.insert(refunds).values({ id, email: EMAIL })
      })
    const untraced = (id: string): Promise<unknown> => db.insert(refunds).values({ id, email: EMAIL }).execute()
    await expectRows(await storm(insert, untraced))
  })

  test('Kysely’s transactions carry the reference of each', async () => {
    interface Tables {
      readonly refunds: { readonly id: string; readonly email: string | null }
    }
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
    const transaction = kyselyTransactions(waybill, db)
    const insert: Insert = (id, twice) =>
      transaction('refund requested', async (trx) => {
        await trx.insertInto('refunds').values({ id, email: EMAIL }).execute()
        if (twice) await trx.insertInto('refunds').values({ id, email: EMAIL }).execute()
      })
    const untraced = (id: string): Promise<unknown> => db.insertInto('refunds').values({ id, email: EMAIL }).execute()
    await expectRows(await storm(insert, untraced))
  })
})

describe.skipIf(missing.has('MariaDB'))('query builders on MariaDB', () => {
  let server: TestMariaDb

  beforeAll(async () => {
    server = await openMariaDb()
  })
  afterAll(() => server.close())

  test('Drizzle’s transactions carry the reference of each, and the connections forget it', async () => {
    const pool = server.openPool(2)
    await pool.query('create table refunds (id varchar(40) primary key, email text)')
    for (const statement of mysqlSql.referenceColumnSql({ on: 'refunds' })) await pool.query(statement)
    const refunds = mysqlTable('refunds', { id: varchar({ length: 40 }).primaryKey(), email: varchar({ length: 90 }) })
    const db = drizzleOnMysql({ client: pool })
    const transaction = drizzleOnMariaDb(waybill, db)
    const insert: Insert = (id, twice) =>
      transaction('refund requested', async (tx) => {
        await tx.insert(refunds).values({ id, email: EMAIL })
        if (twice) await tx.insert(refunds).values({ id, email: EMAIL })
      })
    const untraced = (id: string): Promise<unknown> => db.insert(refunds).values({ id, email: EMAIL }).execute()
    const expected = await storm(insert, untraced, 'ER_DUP_ENTRY')
    const [rows] = await pool.query<RowDataPacket[]>('select id, reference from refunds where reference is not null')
    expect(new Map(rows.map(({ id, reference }) => [id, reference]))).toEqual(expected)
    const [all] = await pool.query<RowDataPacket[]>("select id from refunds where id like 'U-%'")
    expect(all).toHaveLength(40)
  })
})
