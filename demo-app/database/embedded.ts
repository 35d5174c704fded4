import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { runAsChild } from '../launch/childSide.ts'
import { wholeBatches } from './wholeBatches.ts'

/** PostgreSQL inside this process, behind a socket that any PostgreSQL client can open. One session underneath: see `pool.ts`. */
await runAsChild(async () => {
  const db = wholeBatches(await PGlite.create())
  const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: 0, maxConnections: 64 })
  await server.start()
  const url = `postgres://postgres@${server.getServerConn()}/postgres`
  return {
    url,
    stop: async () => {
      await server.stop()
      await db.close()
    },
  }
})
