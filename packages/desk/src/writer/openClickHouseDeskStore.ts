import { createClickHouseStore } from '../store/clickhouse/createClickHouseStore.ts'
import type { DeskStore, DeskStoreOptions } from './DeskStore.ts'
import { withWriterThread } from './withWriterThread.ts'

/**
 * The store of a desk in ClickHouse.
 *
 * @throws TypeError when the address is none; Error when the hash secret is damaged.
 */
export function openClickHouseDeskStore({ onError, program, now, ...data }: DeskStoreOptions): DeskStore {
  const { database, identity } = data
  const store = createClickHouseStore({ ...data, url: new URL(database), namespace: identity.namespace, now })
  return withWriterThread(store, { data, now, onError, program })
}
