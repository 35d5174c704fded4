import { auditSql, auditTriggerSql, failureTableSql, referenceColumnSql, tracedDatabase } from '@waybill/server/mysql'
import type { PoolConnection, RowDataPacket } from 'mysql2/promise'
import { expect } from 'vitest'
import { describeTransactions } from '../fixtures/describeTransactions.ts'
import type { Ending } from '../fixtures/describeTransactions.ts'
import { missingServices } from '../fixtures/missingServices.ts'
import { openMariaDb } from '../fixtures/openMariaDb.ts'

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
