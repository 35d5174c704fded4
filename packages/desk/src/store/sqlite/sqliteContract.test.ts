import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeStore } from '../../../fixtures/describeStore.ts'
import type { OpenStoreOptions, StorePlace } from '../../../fixtures/describeStore.ts'
import { openDeskStore } from '../../writer/openDeskStore.ts'
import type { Store } from '../Store.ts'
import { createSqliteStore } from './sqliteStore.ts'

describeStore(
  'a SQLite store',
  inFolder((databaseFile, options) => createSqliteStore({ databaseFile, ...options })),
)

describeStore(
  'a SQLite store written by a thread of its own',
  inFolder(
    (database, { now = Date.now, ...limits }) =>
      openDeskStore({ database, identity: {}, now, onError: rethrow, ...limits }).store,
  ),
)

function inFolder(open: (databaseFile: string, options: OpenStoreOptions) => Store): () => StorePlace {
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'waybill-store-'))
    return {
      open: (options) => open(join(folder, 'desk.db'), options),
      remove: () => rmSync(folder, { recursive: true }),
    }
  }
}

function rethrow(error: unknown): never {
  throw error
}
