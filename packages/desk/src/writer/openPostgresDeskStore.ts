import { createPostgresStore } from '../store/postgres/createPostgresStore.ts'
import type { DeskStore, DeskStoreOptions } from './DeskStore.ts'
import { withWriterThread } from './withWriterThread.ts'

/**
 * The store of a desk in PostgreSQL.
 *
 * @throws TypeError when the address is none; Error when the hash secret is damaged.
 */
export function openPostgresDeskStore({ onError, program, now, ...data }: DeskStoreOptions): DeskStore {
  const { database, identity } = data
  const store = createPostgresStore({ ...data, url: new URL(database), namespace: identity.namespace, now })
  return withWriterThread(store, { data, now, onError, program })
}
