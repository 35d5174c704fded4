import { randomBytes } from 'node:crypto'
import { startClickHouse } from '../fixtures/startClickHouse.ts'
import type { CleanUp } from './createCleanUp.ts'
import type { Engine } from './Place.ts'

/** Databases on a ClickHouse that is started for them; see `startClickHouse`. Undefined where its engine cannot be loaded. */
export async function clickHouseEngine(cleanUp: CleanUp): Promise<Engine | undefined> {
  const server = await startClickHouse()
  if (!server) return undefined
  cleanUp.add(() => server.stop())
  return {
    name: 'ClickHouse',
    async make() {
      const name = `bench_${randomBytes(6).toString('hex')}`
      await server.query(`CREATE DATABASE ${name}`)
      const remove = cleanUp.add(() => server.query(`DROP DATABASE IF EXISTS ${name} SYNC`))
      const numberOf = async (sql: string): Promise<number> => Number((await server.rows(sql))[0]?.['bytes'] ?? 0)
      return {
        engine: 'ClickHouse',
        desk: { database: server.address(name), hashSecret: randomBytes(32).toString('base64') },
        bytes: () =>
          numberOf(`SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = '${name}'`),
        written: () =>
          numberOf("SELECT value AS bytes FROM system.events WHERE event = 'WriteBufferFromFileDescriptorWriteBytes'"),
        writtenIs: 'what ClickHouse handed to the system, merges included',
        remove,
      }
    },
  }
}
