import type { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import type { Scope } from './Access.ts'
import { nameTakenTwice } from './AccessStore.ts'
import type { AccessLine, AccessStore, LoggedLine, StoredToken } from './AccessStore.ts'
import { inTransaction } from '../store/sqlite/inTransaction.ts'
import { checkKeepLogDays } from './checkKeepLogDays.ts'
import { openAccessFile } from './openAccessFile.ts'

/**
 * Keeps tokens, sign-ins and the access log in a SQLite file of its own, readable by its owner only. While another process writes it, a
 * write tries again without holding the event loop. A line outlives the process that wrote it; a loss of power may take the last ones, because
 * waiting for the disk would hold up every look-up.
 *
 * @throws TypeError when `keepLogDays` is no number of days; Error when the file cannot be opened, is not one of these, or was made by a newer version.
 */
export function sqliteAccessStore({ file, keepLogDays }: SqliteAccessStoreOptions): AccessStore {
  checkKeepLogDays(keepLogDays)
  const database = openAccessFile(file, { keepLogDays })
  const statements = prepare(database)

  async function write<Result>(work: () => Result): Promise<Result> {
    for (let tries = 1; ; tries++) {
      try {
        return inTransaction(database, work)
      } catch (error) {
        if (!isBusy(error) || tries === MOST_TRIES) throw error
        await setTimeout(WAIT_MS)
      }
    }
  }

  const add = (line: AccessLine): void => {
    const { at, event, who, via, address, kind, matches } = line
    statements.addLine.run(at, event, who, via, address, kind ?? null, matches ?? 0)
  }

  return {
    addToken: ({ id, name, hash, scopes, origins, createdAt, expiresAt }, line) =>
      write(() => {
        if (statements.named.get(name)) return false
        statements.addToken.run(id, name, hash, scopes.join(' '), origins.join(' '), createdAt, expiresAt)
        add(line)
        return true
      }),
    tokens: async () => statements.tokens.all().map(tokenIn),
    tokenByHash: async (hash) => someToken(statements.tokenByHash.get(hash)),
    tokenById: async (id) => someToken(statements.tokenById.get(id)),
    revokeToken: (id, line) =>
      write(() => {
        const isRevoked = Number(statements.revoke.run(line.at, id).changes) > 0
        if (isRevoked) add(line)
        return isRevoked
      }),

    addSignIn: ({ hash, tokenId, seal, expiresAt }) =>
      write(() => void statements.addSignIn.run(hash, tokenId, seal, expiresAt)),
    async signInByHash(hash) {
      const row = statements.signIn.get(hash)
      if (!row) return undefined
      const seal = row['seal'] === null ? null : String(row['seal'])
      return { hash, tokenId: String(row['token_id']), seal, expiresAt: Number(row['expires_at']) }
    },
    endSignIn: (hash) => write(() => void statements.endSignIn.run(hash)),

    append: (line) => write(() => add(line)),
    async log({ before = Number.MAX_SAFE_INTEGER, who, limit }) {
      const rows = who === undefined ? statements.log.all(before, limit) : statements.logOf.all(who, before, limit)
      return rows.map(lineIn)
    },
    async prune(now) {
      await write(() => void statements.endSignIns.run(now))
      const kept = now - Number(statements.keptMs.get()?.['value'])
      const first = statements.oldest.get()
      // A clock that is wrong for a while takes no more than this.
      const before = first ? Math.min(kept, Number(first['at']) + DAY_MS) : kept
      let all = 0
      for (let some = BATCH; some === BATCH && database.isOpen; all += some) {
        some = await write(() => Number(statements.forget.run(before, BATCH).changes))
      }
      return all
    },
    takeOver: ({ sourceId, tokens, signIns, lines }) =>
      write(() => {
        for (const token of tokens) {
          const { id, name, hash, scopes, origins, createdAt, expiresAt, revokedAt } = token
          const named = statements.named.get(name)
          if (revokedAt === null && named && named['id'] !== id) throw nameTakenTwice(name)
          const lists = [scopes.join(' '), origins.join(' ')]
          statements.takeToken.run(id, name, hash, ...lists, createdAt, expiresAt, revokedAt)
        }
        for (const { hash, tokenId, seal, expiresAt } of signIns)
          statements.takeSignIn.run(hash, tokenId, seal, expiresAt)
        const last = Number(statements.taken.get(takenKey(sourceId))?.['value'] ?? 0)
        for (const line of lines) if (line.id > last) add(line)
        const end = lines.at(-1)?.id ?? 0
        if (end > last) statements.setTaken.run(takenKey(sourceId), end)
      }),
    async stop() {
      if (database.isOpen) database.close()
    },
  }
}

export interface SqliteAccessStoreOptions {
  /** Its path, or `:memory:`. */
  readonly file: string
  /** Days until a line of the log is forgotten. @default what it was before, at first 365 */
  readonly keepLogDays?: number | undefined
}

const DAY_MS = 86_400_000
const WAIT_MS = 20
/** Five seconds in all. */
const MOST_TRIES = 250
/** So many lines go in one transaction, so that nobody waits long behind it. */
const BATCH = 1000
const SQLITE_BUSY = 5

function prepare(database: DatabaseSync) {
  const line = 'SELECT id, at, event, who, via, address, kind, matches FROM log'
  const token = 'SELECT id, name, hash, scopes, origins, created_at, expires_at, revoked_at FROM tokens'
  return {
    addToken: database.prepare(
      'INSERT INTO tokens (id, name, hash, scopes, origins, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    named: database.prepare('SELECT id FROM tokens WHERE name = ? AND revoked_at IS NULL'),
    tokens: database.prepare(`${token} ORDER BY created_at DESC, rowid DESC`),
    tokenByHash: database.prepare(`${token} WHERE hash = ?`),
    tokenById: database.prepare(`${token} WHERE id = ?`),
    revoke: database.prepare('UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL'),
    takeToken: database.prepare(
      'INSERT INTO tokens (id, name, hash, scopes, origins, created_at, expires_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET revoked_at = coalesce(revoked_at, excluded.revoked_at)',
    ),
    takeSignIn: database.prepare(
      'INSERT INTO sign_ins (hash, token_id, seal, expires_at) VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING',
    ),
    taken: database.prepare('SELECT value FROM meta WHERE key = ?'),
    setTaken: database.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)'),
    addSignIn: database.prepare('INSERT INTO sign_ins (hash, token_id, seal, expires_at) VALUES (?, ?, ?, ?)'),
    signIn: database.prepare('SELECT token_id, seal, expires_at FROM sign_ins WHERE hash = ?'),
    endSignIn: database.prepare('DELETE FROM sign_ins WHERE hash = ?'),
    endSignIns: database.prepare('DELETE FROM sign_ins WHERE expires_at <= ?'),
    addLine: database.prepare(
      'INSERT INTO log (at, event, who, via, address, kind, matches) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    log: database.prepare(`${line} WHERE id < ? ORDER BY id DESC LIMIT ?`),
    logOf: database.prepare(`${line} WHERE who = ? AND id < ? ORDER BY id DESC LIMIT ?`),
    oldest: database.prepare('SELECT at FROM log ORDER BY id LIMIT 1'),
    keptMs: database.prepare("SELECT value FROM meta WHERE key = 'log_keep_ms'"),
    // Lines stand in the order of time, so the first that is too young ends it without a look at all the others.
    forget: database.prepare('DELETE FROM log WHERE at < ?1 AND id IN (SELECT id FROM log ORDER BY id LIMIT ?2)'),
  }
}

/** Holds the id of the last line that was taken over from there. */
function takenKey(sourceId: string): string {
  return `taken ${sourceId}`
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
}

type Row = Record<string, unknown>

function someToken(row: Row | undefined): StoredToken | undefined {
  return row && tokenIn(row)
}

/** The columns hold only what this store wrote. */
export function tokenIn(row: Row): StoredToken {
  return {
    id: String(row['id']),
    name: String(row['name']),
    hash: String(row['hash']),
    scopes: wordsIn(row['scopes']) as Scope[],
    origins: wordsIn(row['origins']),
    createdAt: Number(row['created_at']),
    expiresAt: numberOrNull(row['expires_at']),
    revokedAt: numberOrNull(row['revoked_at']),
  }
}

export function lineIn(row: Row): LoggedLine {
  return { ...(row as unknown as LoggedLine), id: Number(row['id']), at: Number(row['at']) }
}

function wordsIn(column: unknown): string[] {
  return String(column).split(' ').filter(Boolean)
}

function numberOrNull(column: unknown): number | null {
  return column === null ? null : Number(column)
}
