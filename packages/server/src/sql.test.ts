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
import { ATTRIBUTES } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { describeTransactions } from '../fixtures/describeTransactions.ts'
import { DATABASES, missingDatabases, openDatabase } from '../fixtures/openDatabase.ts'
import type { TestDatabase } from '../fixtures/openDatabase.ts'
import { PRIVATE, PRIVATE_PARTS } from '../fixtures/privateText.ts'
import { migrate, requestRefund } from '../examples/refundTransaction.ts'
import { workOnRefunds } from '../examples/workOnRefunds.ts'

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

describe.skipIf(missing.has('PostgreSQL'))('SQL on PostgreSQL', () => {
  let steps: Step[] = []
  const waybill = createWaybill({ service: 'shop-api', onStep: (step) => steps.push(step) })
  let server: TestDatabase
  let pool: pg.Pool

  beforeAll(async () => {
    server = await openDatabase('PostgreSQL')
    pool = server.openPool(2)
    const columns = 'id serial primary key, order_id text, status text, attempts integer default 0'
    await pool.query(`create table refunds (${columns})`)
    await migrate(pool)
    await pool.query('create table own_audit (what text, reference text)')
  })
  afterAll(() => server.close())
  beforeEach(() => {
    steps = []
  })

  test('lets the application write the reference itself, without trigger and column default', async () => {
    const context = waybill.mint()
    await waybill.resume(context, () =>
      tracedDatabase(waybill, pool).transaction('refund requested', async (client) => {
        await client.query('insert into own_audit values ($1, $2)', ['by hand', waybill.current()?.reference])
        await client.query("insert into own_audit values ('in SQL', current_setting('app.trace_reference', true))")
      }),
    )
    const { rows } = await pool.query('select reference from own_audit')
    expect(rows).toEqual([{ reference: context.reference }, { reference: context.reference }])
  })

  test('has a row that is worked on later go on under its own reference, attempt by attempt', async () => {
    const context = waybill.mint()
    await waybill.resume(context, () => requestRefund(waybill, pool, 'A-1'))
    await pool.query("insert into refunds (order_id, status) values ('A-2', 'pending')")
    const polls = [
      () => Promise.reject(new TypeError(PRIVATE.prompt)),
      async (id: unknown) => {
        await tracedDatabase(waybill, pool).transaction('refund paid', (client) =>
          client.query("update refunds set status = 'paid' where id = $1", [id]),
        )
      },
    ]
    for (const pay of polls) await workOnRefunds(waybill, pool, pay)
    const of = (jobId: string): Step[] => steps.filter((step) => step.jobId === jobId && step.status !== 'running')
    expect(of('1')).toMatchObject([
      { hop: 'worker', name: 'refunds', reference: context.reference, attempt: 1, error: { type: 'TypeError' } },
      { hop: 'worker', name: 'refunds', reference: context.reference, attempt: 2, status: 'ok' },
    ])
    expect(of('2').map(({ attempt }) => attempt)).toEqual([1, 2])
    expect(of('2').filter(({ reference }) => reference === context.reference)).toEqual([])
    expect(steps.filter(({ attributes }) => attributes && ATTRIBUTES.claimRefused in attributes)).toEqual([])
    const { rows } = await pool.query("select reference from trace_audit where row_id = '1' and operation = 'update'")
    expect(rows.at(-1)).toEqual({ reference: context.reference })
    expect(JSON.stringify(steps)).not.toMatch(PRIVATE_PARTS)
  })

  test('keeps an error event of whatever failed, by its class', async () => {
    const context = waybill.mint()
    const error = Object.assign(new RangeError('card 4111 1111 1111 1111'), {
      detail: 'Key (email)=(jane@example.com)',
    })
    await waybill.resume(context, () => recordFailure(pool, waybill, { name: 'refund judged', error }))
    const { rows } = await pool.query('select name, error_type, reference from trace_failures')
    expect(rows).toEqual([{ name: 'refund judged', error_type: 'RangeError', reference: context.reference }])
  })

  test('says that nothing is written where the error of a failed statement was caught', async () => {
    const swallowing = tracedDatabase(waybill, pool).transaction('refund requested', async (client) => {
      await client.query("insert into refunds (order_id) values ('S-1')")
      await client.query('select 1 / 0').catch(() => undefined)
    })
    await expect(swallowing).rejects.toMatchObject({ code: '25P02', message: expect.stringContaining('[waybill]') })
    expect(steps).toMatchObject([{ status: 'error', error: { type: '25P02' } }])
    expect((await pool.query("select 1 from refunds where order_id = 'S-1'")).rows).toEqual([])
  })

  test('sets nothing where no context is in force', async () => {
    const client = await pool.connect()
    await client.query('begin')
    await setReference(client, waybill)
    const { rows } = await client.query("select current_setting('app.trace_reference') as value")
    await client.query('rollback')
    client.release()
    expect(rows).toEqual([{ value: '' }])
  })

  test('puts reference and traceparent into a comment that the database takes', async () => {
    const context = waybill.mint()
    const commented = (text: string): string => waybill.resume(context, () => commentSql(waybill, text))
    expect(commented('select 1')).toMatch(
      new RegExp(
        `^select 1 /\\*reference='${context.reference}',traceparent='00-${context.traceId}-[\\da-f]{16}-0\\d'\\*/$`,
      ),
    )
    expect(commented('select 1 ; ')).toMatch(/^select 1 +\/\*.*\*\/; $/)
    expect((await pool.query(commented('select $1::text as value;'), ['a'])).rows).toEqual([{ value: 'a' }])
  })

  test.each(['select 1 -- why', 'select /* why */ 1', 'select 1 # why'])('leaves %s as it is', (text) => {
    expect(waybill.resume(waybill.mint(), () => commentSql(waybill, text))).toBe(text)
  })

  test('comments nothing outside of traced work', () => {
    expect(commentSql(waybill, 'select 1')).toBe('select 1')
  })
})

test('quotes the names it is given', () => {
  expect(auditTriggerSql({ on: 'shop.odd "table"', id: "o'id" })).toContain(
    `on "shop"."odd ""table"""\nfor each row execute function "trace_audit_write"('o''id')`,
  )
})
