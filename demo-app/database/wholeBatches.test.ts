import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import pg from 'pg'
import { expect, test } from 'vitest'
import { wholeBatches } from './wholeBatches.ts'

test('queries with parameters over many connections never meet one another’s messages', async () => {
  const db = wholeBatches(await PGlite.create())
  const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: 0, maxConnections: 32 })
  await server.start()
  const connectionString = `postgres://postgres@${server.getServerConn()}/postgres`
  const pools = Array.from({ length: 4 }, () => new pg.Pool({ connectionString, max: 4 }))
  const ask = async (client: pg.Pool | pg.PoolClient, label: string, count: number): Promise<void> => {
    const values = Array.from({ length: count }, (_, place) => `${label} ${place}`)
    const columns = values.map((_, place) => `$${place + 1}::text AS c${place}`)
    const { rows } = await client.query<Record<string, string>>(`SELECT ${columns.join(', ')}`, values)
    expect(Object.values(rows[0] ?? {})).toEqual(values)
  }
  const asked = pools.flatMap((pool, at) =>
    Array.from({ length: 16 }, async (_, client) => {
      for (let query = 0; query < 20; query++) {
        await ask(pool, `${at} ${client} ${query}`, 1 + (query % 4))
        const connection = await pool.connect()
        await connection.query('BEGIN')
        await ask(connection, `${at} ${client} ${query} in a transaction`, 2)
        await connection.query('COMMIT')
        connection.release()
      }
    }),
  )
  const results = await Promise.allSettled(asked)
  await Promise.all(pools.map((pool) => pool.end()))
  await server.stop()
  await db.close()
  expect(results.filter(({ status }) => status === 'rejected')).toEqual([])
})
