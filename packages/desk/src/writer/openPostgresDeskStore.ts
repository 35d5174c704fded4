import { createPostgresStore } from '../store/postgres/createPostgresStore.ts'
import type { DeskStore, DeskStoreOptions } from './DeskStore.ts'
import { startWriterThread } from './startWriterThread.ts'

/**
 * The store of a desk in PostgreSQL: bodies are parsed and written in a thread of its own, and whoever looks something up is answered by connections that no
 * write holds up.
 *
 * @throws TypeError when the address is none; Error when the hash secret is damaged.
 */
export function openPostgresDeskStore({ onError, program, now, ...data }: DeskStoreOptions): DeskStore {
  const { opened, ...store } = createPostgresStore({
    ...data,
    url: new URL(data.database),
    namespace: data.identity.namespace,
    now,
  })
  // What was made up here must be the same there.
  const hashSecret = Buffer.from(store.secret).toString('base64url')
  const thread = startWriterThread({ data: { ...data, hashSecret }, now, onError, program })
  const { takeBody, ...writes } = thread.writes
  let stopped: Promise<void> | undefined

  return {
    opened,
    // It opens the database for itself.
    takeBody,
    store: {
      ...store,
      ...writes,
      check: store.check,
      stop: () => (stopped ??= Promise.all([thread.stop(), store.stop()]).then(() => {})),
    },
  }
}
