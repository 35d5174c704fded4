import { createWaybill } from '@waybill/server'
import { auditSql, auditTriggerSql, referenceColumnSql, setReference, tracedDatabase } from '@waybill/server/sql'
import type { Step } from '@waybill/trail'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DATABASES, missingDatabases, openDatabase } from '../fixtures/openDatabase.ts'
import type { TestDatabase } from '../fixtures/openDatabase.ts'

let steps: Step[] = []
const waybill = createWaybill({ service: 'shop-api', onStep: (step) => steps.push(step) })

beforeEach(() => {
  steps = []
})

const missing = await missingDatabases()

for (const kind of DATABASES) {
  describe.skipIf(missing.has(kind))(`SQL on ${kind}`, () => {
    let database: TestDatabase
    let pool: pg.Pool

    beforeAll(async () => {
      database = await openDatabase(kind)
      pool = database.openPool(2)
      await pool.query('create table refunds (id text primary key, email text, status text not null)')
      const table = `${database.schema}.trace_audit`
      // Twice: what is there already stays.
      for (let i = 0; i < 2; i++) {
        await pool.query(auditSql({ table }))
        await pool.query(auditTriggerSql({ on: 'refunds', table }))
        await pool.query(referenceColumnSql({ on: 'refunds' }))
      }
    })
    afterAll(() => database.close())

    test('writes the reference into the row and its audit row, and nothing of the row’s contents into the latter', async () => {
      const context = waybill.mint()
      await waybill.resume(context, () =>
        tracedDatabase(waybill, pool).transaction('refund requested', async (client) => {
          await client.query("insert into refunds (id, email, status) values ('R-1', 'jane@example.com', 'pending')")
          await client.query("update refunds set status = 'refunded' where id = 'R-1'")
          await client.query("delete from refunds where id = 'R-1'")
          await client.query("insert into refunds (id, email, status) values ('R-2', 'jane@example.com', 'pending')")
        }),
      )
      const { rows } = await pool.query("select reference from refunds where id = 'R-2'")
      expect(rows).toEqual([{ reference: context.reference }])
      const audit = await pool.query('select * from trace_audit order by id')
      expect(audit.rows.map((row) => [row.table_name, row.row_id, row.operation, row.reference])).toEqual([
        ['refunds', 'R-1', 'insert', context.reference],
        ['refunds', 'R-1', 'update', context.reference],
        ['refunds', 'R-1', 'delete', context.reference],
        ['refunds', 'R-2', 'insert', context.reference],
      ])
      expect(Math.abs(Date.now() - audit.rows[0].at.getTime())).toBeLessThan(60_000)
      expect(JSON.stringify(audit.rows)).not.toContain('jane')
      expect(steps).toMatchObject([{ hop: 'database', name: 'refund requested', status: 'ok' }])
    })

    test('rolls back, throws what was thrown, and lends out a clean connection next', async () => {
      const failing = tracedDatabase(waybill, pool).transaction('refund requested', async (client) => {
        await client.query("insert into refunds (id, status) values ('R-3', 'pending')")
        await client.query("insert into refunds (id, status) values ('R-3', 'pending')")
      })
      await expect(failing).rejects.toMatchObject({ code: '23505' })
      expect(steps).toMatchObject([{ status: 'error', error: { type: '23505' } }])
      expect((await pool.query("select 1 from refunds where id = 'R-3'")).rows).toEqual([])
    })

    test('leaves rows written outside of a context without a reference', async () => {
      await pool.query("insert into refunds (id, status) values ('R-4', 'pending')")
      const client = await pool.connect()
      await client.query('begin')
      await setReference(client, waybill)
      await client.query("insert into refunds (id, status) values ('R-5', 'pending')")
      await client.query('commit')
      client.release()
      const { rows } = await pool.query("select reference from refunds where id in ('R-4', 'R-5')")
      expect(rows).toEqual([{ reference: null }, { reference: null }])
    })

    test('keeps 200 concurrent transactions on 2 connections apart, and leaks nothing', async () => {
      const traced = tracedDatabase(waybill, pool)
      const contexts = Array.from({ length: 200 }, () => waybill.mint())
      await Promise.all(
        contexts.flatMap((context, i) => [
          waybill.resume(context, () =>
            traced.transaction('refund requested', async (client) => {
              await client.query("insert into refunds (id, status) values ($1, 'pending')", [`T-${i}`])
              await client.query("update refunds set status = 'refunded' where id = $1", [`T-${i}`])
            }),
          ),
          pool.query("insert into refunds (id, status) values ($1, 'pending')", [`U-${i}`]),
        ]),
      )
      const rows = await pool.query("select id, reference from refunds where id like 'T-%'")
      const audit = await pool.query("select row_id as id, reference from trace_audit where row_id like 'T-%'")
      const expected = new Map(contexts.map((context, i) => [`T-${i}`, context.reference]))
      const wrong = [...rows.rows, ...audit.rows].filter((row) => expected.get(row.id) !== row.reference)
      expect([rows.rowCount, audit.rowCount, wrong.length]).toEqual([200, 400, 0])
      const leaked = await pool.query("select id from refunds where id like 'U-%' and reference is not null")
      expect(leaked.rows).toEqual([])
      const setting = await pool.query("select current_setting('app.trace_reference', true) as value")
      expect(setting.rows[0].value || null).toBeNull()
    })
  })
}

test('quotes the names it is given', () => {
  expect(auditTriggerSql({ on: 'shop.odd "table"', id: "o'id" })).toContain(
    `on "shop"."odd ""table"""\nfor each row execute function "trace_audit_write"('o''id')`,
  )
})
