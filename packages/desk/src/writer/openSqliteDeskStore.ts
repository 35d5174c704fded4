import { createAliasHash } from '../store/sqlite/aliases/createAliasHash.ts'
import { createDays } from '../store/sqlite/days/createDays.ts'
import { openDayFolder } from '../store/sqlite/days/DayFolder.ts'
import type { DayFile } from '../store/sqlite/days/DayFolder.ts'
import { lockDatabase } from '../store/sqlite/lockDatabase.ts'
import { createSqliteReader } from '../store/sqlite/sqliteReader.ts'
import { openSqlite } from '../store/sqlite/sqliteSchema.ts'
import { createWriter } from './createWriter.ts'
import type { DeskStore, DeskStoreOptions } from './DeskStore.ts'
import { startWriterThread } from './startWriterThread.ts'

/**
 * The store of a desk in SQLite files. They belong to one desk at a time; they are written by a thread of its own, and read here by connections that
 * only read, so that whoever looks something up never waits for a write. What is kept in `:memory:` is read and written here, for one
 * connection alone can see it.
 *
 * @throws Error when another desk has the file, or it cannot be opened.
 */
export function openSqliteDeskStore({ onError, program, ...options }: SqliteDeskStoreOptions): DeskStore {
  if (options.databaseFile === ':memory:')
    return { ...createWriter({ ...options, database: options.databaseFile }), opened: Promise.resolve() }
  const unlock = lockDatabase(options.databaseFile)
  try {
    return openFile({ ...options, onError, program, unlock })
  } catch (error) {
    unlock()
    throw error
  }
}

export interface SqliteDeskStoreOptions extends Omit<DeskStoreOptions, 'database'> {
  /** A path, or `:memory:`. */
  readonly databaseFile: string
}

function openFile({ onError, program, unlock, now, ...data }: OpenOptions): DeskStore {
  // Makes the file, or says what is wrong with it.
  const { database, secret } = openSqlite(data.databaseFile, data)
  database.close()
  const { namespace = '' } = data.identity
  const hash = createAliasHash(secret)
  const folder = openDayFolder(data.databaseFile)
  const days = createDays({
    folder,
    hash,
    timeoutMs: LONGEST_WAIT_MS,
    onDamage: (file, error) => onError(damaged(file, error)),
  })
  const thread = startWriterThread({ data: { ...data, database: data.databaseFile }, now, onError, program })
  const { takeBody, ...writes } = thread.writes
  let stopped: Promise<void> | undefined

  async function stop(): Promise<void> {
    days.close()
    await thread.stop()
    unlock()
  }

  return {
    takeBody,
    opened: Promise.resolve(),
    store: {
      ...createSqliteReader({ days, hash, namespace }),
      ...writes,
      secret,
      stop: () => (stopped ??= stop()),
    },
  }
}

interface OpenOptions extends SqliteDeskStoreOptions {
  readonly unlock: () => void
}

/** What keeps a reader waiting is over at once, or somebody has locked the file. */
const LONGEST_WAIT_MS = 250

function damaged({ path }: DayFile, cause: unknown): Error {
  return new Error(
    `[waybill] The day file ${path} cannot be read, so the trails in it are missing from every answer. Check the disk, and put the file back from a backup; otherwise it goes when it is as old as the desk keeps trails.`,
    { cause },
  )
}
