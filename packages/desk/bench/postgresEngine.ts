import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { CleanUp } from './createCleanUp.ts'
import type { Engine } from './Place.ts'

/** A schema of its own on a PostgreSQL that is there. Undefined where none answers. */
export async function postgresEngine(address: string, cleanUp: CleanUp): Promise<Engine | undefined> {
  const pool = new pg.Pool({ connectionString: address, max: 2, connectionTimeoutMillis: 3000 })
  pool.on('error', () => {})
  try {
    await pool.query('SELECT 1')
  } catch {
    await pool.end()
    return undefined
  }
  cleanUp.add(() => pool.end())
  return {
    name: 'PostgreSQL',
    async make() {
      const schema = `bench_${randomBytes(6).toString('hex')}`
      const database = new URL(address)
      database.searchParams.set('schema', schema)
      const remove = cleanUp.add(() => pool.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`))
      const bytes = async (): Promise<number> => {
        const { rows } = await pool.query(
          "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) AS bytes FROM pg_class c WHERE relkind = 'r' AND relnamespace = to_regnamespace($1)",
          [schema],
        )
        return Number(rows[0]?.bytes)
      }
      return {
        engine: 'PostgreSQL',
        desk: { database: database.href, hashSecret: randomBytes(32).toString('base64') },
        bytes,
        async written() {
          const { rows } = await pool.query("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS bytes")
          return Number(rows[0]?.bytes) + (await bytes())
        },
        writtenIs:
          'the server’s write-ahead log, whoever filled it, and the tables once; pages written again at later checkpoints are not counted',
        remove,
      }
    },
  }
}
