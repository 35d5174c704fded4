import { DatabaseSync } from 'node:sqlite'
import { lockDatabase } from '../store/sqlite/lockDatabase.ts'
import { createSqliteReader } from '../store/sqlite/sqliteReader.ts'
import { openSqlite } from '../store/sqlite/sqliteSchema.ts'
import { createWriter } from './createWriter.ts'
import type { WriterOptions } from './createWriter.ts'
import type { DeskStore } from './DeskStore.ts'
import { startWriterThread } from './startWriterThread.ts'
import type { WriterThreadOptions } from './startWriterThread.ts'

/**
 * The store of a desk in a SQLite file. A file belongs to one desk at a time; it is written by a thread of its own, and read here by a connection that can
 * only read, so that whoever looks something up never waits for a write. What is kept in `:memory:` is read and written here, for one
 * connection alone can see it.
 *
 * @throws Error when another desk has the file, or it cannot be opened.
 */
export function openSqliteDeskStore({ onError, program, ...options }: SqliteDeskStoreOptions): DeskStore {
  if (options.databaseFile === ':memory:') return { ...createWriter(options), opened: Promise.resolve() }
  const unlock = lockDatabase(options.databaseFile)
  try {
    return openFile({ ...options, onError, program, unlock })
  } catch (error) {
    unlock()
    throw error
  }
}

export type SqliteDeskStoreOptions = WriterOptions & Pick<WriterThreadOptions, 'onError' | 'program'>

function openFile({ onError, program, unlock, now, ...data }: OpenOptions): DeskStore {
  // Makes the file, or says what is wrong with it.
  const { database, secret } = openSqlite(data.databaseFile, data)
  database.close()
  const reading = new DatabaseSync(data.databaseFile, { readOnly: true, timeout: LONGEST_WAIT_MS })
  const thread = startWriterThread({ data, now, onError, program })
  const { takeBody, ...writes } = thread.writes
  let stopped: Promise<void> | undefined

  async function stop(): Promise<void> {
    // The last to close moves what is in the write-ahead log into the file, which this connection could not.
    reading.close()
    await thread.stop()
    unlock()
  }

  return {
    takeBody,
    opened: Promise.resolve(),
    store: {
      ...createSqliteReader(reading),
      ...writes,
      secret,
      stop: () => (stopped ??= stop()),
    },
  }
}

type OpenOptions = SqliteDeskStoreOptions & { readonly unlock: () => void }

/** What keeps a reader waiting is over at once, or somebody has locked the file. */
const LONGEST_WAIT_MS = 20
