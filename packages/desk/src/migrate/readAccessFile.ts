import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import type { LoggedLine, StoredSignIn, StoredToken } from '../access/AccessStore.ts'
import { lineIn, tokenIn } from '../access/sqliteAccessStore.ts'

/** Reads what is in a file of tokens, sign-ins and access log, and changes nothing; undefined when there is no such file. */
export function readAccessFile(file: string): AccessFile | undefined {
  if (!existsSync(file)) return undefined
  const url = pathToFileURL(file)
  // Without a log beside it not even an empty one is made then.
  if (!existsSync(`${file}-wal`)) url.searchParams.set('immutable', '1')
  const database = new DatabaseSync(url, { readOnly: true, timeout: 5000 })
  const linesAfter = database.prepare(
    'SELECT id, at, event, who, via, address, kind, matches FROM log WHERE id > ? ORDER BY id LIMIT ?',
  )
  return {
    keepLogDays: Number(database.prepare("SELECT value FROM meta WHERE key = 'log_keep_ms'").get()?.['value']) / DAY_MS,
    tokens: database.prepare('SELECT * FROM tokens ORDER BY rowid').all().map(tokenIn),
    signIns: database
      .prepare('SELECT hash, token_id AS tokenId, seal, expires_at AS expiresAt FROM sign_ins')
      .all()
      .map((row) => row as unknown as StoredSignIn),
    *lines() {
      for (let last = 0; ;) {
        const some = linesAfter.all(last, AT_ONCE).map(lineIn)
        if (some.length === 0) return
        yield some
        last = some.at(-1)!.id
      }
    },
    close: () => database.close(),
  }
}

export interface AccessFile {
  readonly keepLogDays: number
  /** The oldest first. */
  readonly tokens: readonly StoredToken[]
  readonly signIns: readonly StoredSignIn[]
  /** All of the log, the oldest first, some at a time. */
  lines(): Iterable<readonly LoggedLine[]>
  close(): void
}

const DAY_MS = 86_400_000
const AT_ONCE = 2000
