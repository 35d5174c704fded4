import { createWaybill } from '@waybill/server'
import {
  auditSql,
  auditTriggerSql,
  commentSql,
  failureTableSql,
  recordFailure,
  referenceColumnSql,
  setReference,
  tracedDatabase,
} from '@waybill/server/sql'
import type { Step } from '@waybill/trail'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { describeTransactions } from '../fixtures/describeTransactions.ts'
import { DATABASES, missingDatabases, openDatabase } from '../fixtures/openDatabase.ts'
import type { TestDatabase } from '../fixtures/openDatabase.ts'

const missing = await missingDatabases()

for (const kind of DATABASES) {
  describeTransactions<pg.PoolClient>(
    kind,
    async (waybill) => {
      const server = await openDatabase(kind)
      const pool = server.openPool(2)
      pool.on('error', () => {})
      const admin = server.openPool(1)
      await pool.query('create table refunds (id text primary key, email text, status text not null)')
      const table = `${server.schema}.trace_audit`
      // Twice: what is there already stays.
      for (let i = 0; i < 2; i++) {
        await pool.query(auditSql({ table }))
        await pool.query(auditTriggerSql({ on: 'refunds', table }))
        await pool.query(referenceColumnSql({ on: 'refunds' }))
        await pool.query(failureTableSql())
      }
      return {
        database: tracedDatabase(waybill, pool, { failures: 'trace_failures' }),
        on: (client, text) => client.query(text),
        read: async (text) => (await pool.query(text)).rows,
        async settings() {
          const both = await Promise.all([pool.connect(), pool.connect()])
          const setting = "select nullif(current_setting('app.trace_reference', true), '') as value"
          const values = await Promise.all(both.map(async (client) => (await client.query(setting)).rows[0].value))
          both.forEach((client) => client.release())
          return values
        },
        async end(client, how) {
          const [{ pid }] = (await client.query('select pg_backend_pid() as pid')).rows
          if (how === 'killed between statements') {
            const closed = new Promise((resolve) => client.once('end', resolve))
            await admin.query('select pg_terminate_backend($1)', [pid])
            await closed
            return
          }
          const isSleeping = async (): Promise<boolean> =>
            (await admin.query("select from pg_stat_activity where pid = $1 and wait_event = 'PgSleep'", [pid]))
              .rowCount === 1
          const sleeping = client.query('select pg_sleep(20)')
          const ended = expect(sleeping).rejects.toThrow()
          while (!(await isSleeping()));
          await admin.query(`select ${how === 'cancelled' ? 'pg_cancel_backend' : 'pg_terminate_backend'}($1)`, [pid])
          await ended
          await sleeping
        },
        duplicate: '23505',
        ageSql: 'extract(epoch from now() - at)',
        close: () => server.close(),
      }
    },
    { skip: missing.has(kind), canKill: kind === 'PostgreSQL' },
  )
}

test('quotes the names it is given', () => {
  expect(auditTriggerSql({ on: 'shop.odd "table"', id: "o'id" })).toContain(
    `on "shop"."odd ""table"""\nfor each row execute function "trace_audit_write"('o''id')`,
  )
})
