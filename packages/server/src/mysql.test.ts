import { createWaybill } from '@waybill/server'
import {
  auditSql,
  auditTriggerSql,
  commentSql,
  failureTableSql,
  recordFailure,
  referenceColumnSql,
  tracedDatabase,
  underReference,
} from '@waybill/server/mysql'
import type { Step } from '@waybill/trail'
import type { Pool, PoolConnection, RowDataPacket } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeTransactions } from '../fixtures/describeTransactions.ts'
import type { Ending } from '../fixtures/describeTransactions.ts'
import { missingServices } from '../fixtures/missingServices.ts'
import { openMariaDb } from '../fixtures/openMariaDb.ts'
import type { TestMariaDb } from '../fixtures/openMariaDb.ts'

const missing = await missingServices()

describeTransactions<PoolConnection>(
  'MariaDB',
  async (waybill) => {
    const server = await openMariaDb()
    const pool = server.openPool(2)
    const admin = server.openPool(1)
    await pool.query('create table refunds (id varchar(300) primary key, email text, status text not null)')
    // Twice: what is there already stays.
    for (let i = 0; i < 2; i++)
      for (const statement of [
        ...auditSql({ table: `${server.name}.trace_audit` }),
        ...auditTriggerSql({ on: 'refunds' }),
        ...referenceColumnSql({ on: `${server.name}.refunds` }),
        ...failureTableSql(),
      ])
        await pool.query(statement)
    const read = async (text: string): Promise<RowDataPacket[]> => (await pool.query<RowDataPacket[]>(text))[0]
    return {
      database: tracedDatabase(waybill, pool, { failures: 'trace_failures' }),
      on: (client, text) => client.query(text),
      read,
      async settings() {
        const both = await Promise.all([pool.getConnection(), pool.getConnection()])
        const values = both.map(
          async (client) => (await client.query<RowDataPacket[]>('select @trace_reference as value'))[0][0]?.['value'],
        )
        return Promise.all(values).finally(() => both.forEach((client) => client.release()))
      },
      async end(client, how: Ending) {
        const id = client.threadId
        const isSleeping = async (): Promise<boolean> => {
          const [rows] = await admin.query<RowDataPacket[]>(
            `select info from information_schema.processlist where id = ${id} and state = 'User sleep'`,
          )
          return rows.length > 0
        }
        if (how === 'killed between statements') {
          const closed = new Promise((resolve) => client.connection.once('error', resolve).once('end', resolve))
          await admin.query(`kill ${id}`)
          await closed
          return
        }
        const sleeping = client.query('select sleep(20)')
        const ended = expect(sleeping).rejects.toThrow()
        while (!(await isSleeping()));
        await admin.query(how === 'cancelled' ? `kill query ${id}` : `kill ${id}`)
        await ended
        await sleeping
      },
      duplicate: 'ER_DUP_ENTRY',
      ageSql: 'timestampdiff(second, at, now(6))',
      close: () => server.close(),
    }
  },
  { skip: missing.has('MariaDB') },
)

describe.skipIf(missing.has('MariaDB'))('SQL on MariaDB', () => {
  const steps: Step[] = []
  const waybill = createWaybill({ service: 'shop-api', onStep: (step) => steps.push(step) })
  let server: TestMariaDb
  let pool: Pool

  beforeAll(async () => {
    server = await openMariaDb()
    pool = server.openPool(2)
    await pool.query('create table `odd ``table` (`the id` varchar(300) primary key, own text)')
    for (const statement of [
      ...auditSql(),
      ...auditTriggerSql({ on: 'odd `table', id: 'the id' }),
      ...referenceColumnSql({ on: 'odd `table', column: 'trace' }),
      ...failureTableSql({ table: 'failures' }),
    ])
      await pool.query(statement)
  })
  afterAll(() => server.close())

  test('audits tables and columns of any name, and ids that are longer than its own column', async () => {
    const context = waybill.mint()
    await waybill.resume(context, () =>
      tracedDatabase(waybill, pool).transaction('odd row', (connection) =>
        connection.query('insert into `odd ``table` (`the id`) values (?)', ['x'.repeat(300)]),
      ),
    )
    const [audit] = await pool.query('select table_name, row_id, reference from trace_audit')
    expect(audit).toEqual([{ table_name: 'odd `table', row_id: 'x'.repeat(255), reference: context.reference }])
    const [rows] = await pool.query('select trace from `odd ``table`')
    expect(rows).toEqual([{ trace: context.reference }])
  })

  test('keeps an error event of whatever failed, by its class', async () => {
    const context = waybill.mint()
    const error = Object.assign(new RangeError('jane@example.com'), { sql: "insert … ('jane@example.com')" })
    const failure = { name: 'x'.repeat(300), error, table: 'failures' }
    await waybill.resume(context, () => recordFailure(pool, waybill, failure))
    const [rows] = await pool.query('select name, error_type, reference from failures')
    expect(rows).toEqual([{ name: 'x'.repeat(200), error_type: 'RangeError', reference: context.reference }])
  })

  test('underReference gives back what its work returns or throws, and has the session forget the reference', async () => {
    const connection = await pool.getConnection()
    const execute = (text: string): Promise<unknown> => connection.query(text)
    const known = async (): Promise<unknown> => (await connection.query('select @trace_reference as known'))[0]
    const context = waybill.mint()
    const inside = await waybill.resume(context, () => underReference(waybill, execute, known))
    expect([inside, await known()]).toEqual([[{ known: context.reference }], [{ known: null }]])
    const error = new RangeError()
    const failing = waybill.resume(context, () => underReference(waybill, execute, () => Promise.reject(error)))
    await expect(failing).rejects.toBe(error)
    expect(await known()).toEqual([{ known: null }])
    connection.destroy()
    await expect(underReference(waybill, execute, () => Promise.reject(error))).rejects.not.toBe(error)
  })

  test('takes a comment', async () => {
    const [rows] = await waybill.resume(waybill.mint(), () =>
      pool.execute(commentSql(waybill, 'select ? as value'), ['a']),
    )
    expect(rows).toEqual([{ value: 'a' }])
  })
})
