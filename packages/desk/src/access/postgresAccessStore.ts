import type { PoolClient } from 'pg'
import { createOpening } from '../store/postgres/createOpening.ts'
import { createPostgresPool } from '../store/postgres/createPostgresPool.ts'
import { inPostgresTransaction } from '../store/postgres/inPostgresTransaction.ts'
import { postgresAddress } from '../store/postgres/postgresAddress.ts'
import { postgresFault } from '../store/postgres/postgresFault.ts'
import { createPostgresMeta } from '../store/postgres/postgresMeta.ts'
import { openPostgresSchema } from '../store/postgres/postgresSchema.ts'
import { storableText } from '../store/postgres/storableText.ts'
import type { Scope } from './Access.ts'
import { nameTakenTwice } from './AccessStore.ts'
import type { AccessLine, AccessStore, LoggedLine, StoredToken } from './AccessStore.ts'
import { checkKeepLogDays } from './checkKeepLogDays.ts'

/**
 * Keeps tokens, sign-ins and the access log beside the trails in PostgreSQL, so that all desks on one database have the same. What is asked before the database is
 * there waits for it.
 *
 * @throws TypeError when `keepLogDays` is no number of days, or the address is none.
 */
export function postgresAccessStore({ url, keepLogDays }: PostgresAccessStoreOptions): AccessStore {
  checkKeepLogDays(keepLogDays)
  const address = postgresAddress(url)
  const pool = createPostgresPool(address, { most: 3, statementTimeoutMs: 10_000 })
  const meta = createPostgresMeta(pool)
  let stopped: Promise<void> | undefined

  async function open(): Promise<void> {
    await openPostgresSchema(pool, address)
    if (keepLogDays !== undefined) await meta.set('log_keep_ms', keepLogDays * DAY_MS)
  }
  const opening = createOpening(open)
  const opened = opening().catch(() => {})

  async function asked<Result>(ask: () => Promise<Result>): Promise<Result> {
    await opening()
    try {
      return await ask()
    } catch (error) {
      throw postgresFault(error)
    }
  }

  const rowsOf = (sql: string, values: readonly unknown[]): Promise<Row[]> =>
    asked(async () => (await pool.query<Row>(sql, [...values])).rows)
  const inTransaction = <Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> =>
    asked(() => inPostgresTransaction(pool, work))

  return {
    addToken: ({ id, name, hash, scopes, origins, createdAt, expiresAt }, line) =>
      inTransaction(async (client) => {
        const { rowCount } = await client.query(
          `INSERT INTO token (id, name, hash, scopes, origins, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (name) WHERE revoked_at IS NULL DO NOTHING`,
          [id, name, hash, scopes, origins, createdAt, expiresAt],
        )
        if (rowCount === 0) return false
        await addLine(client, line)
        return true
      }),
    tokens: async () => (await rowsOf(`${TOKEN} ORDER BY created_at DESC, place DESC`, [])).map(tokenIn),
    tokenByHash: async (hash) => someToken(await rowsOf(`${TOKEN} WHERE hash = $1`, [hash])),
    tokenById: async (id) => someToken(await rowsOf(`${TOKEN} WHERE id = $1`, [id])),
    revokeToken: (id, line) =>
      inTransaction(async (client) => {
        const { rowCount } = await client.query(
          'UPDATE token SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL',
          [line.at, id],
        )
        if (rowCount === 0) return false
        await addLine(client, line)
        return true
      }),

    async addSignIn({ hash, tokenId, seal, expiresAt }) {
      await rowsOf('INSERT INTO sign_in (hash, token_id, seal, expires_at) VALUES ($1, $2, $3, $4)', [
        hash,
        tokenId,
        seal,
        expiresAt,
      ])
    },
    async signInByHash(hash) {
      const [row] = await rowsOf('SELECT token_id, seal, expires_at FROM sign_in WHERE hash = $1', [hash])
      if (!row) return undefined
      const seal = typeof row['seal'] === 'string' ? row['seal'] : null
      return { hash, tokenId: String(row['token_id']), seal, expiresAt: Number(row['expires_at']) }
    },
    async endSignIn(hash) {
      await rowsOf('DELETE FROM sign_in WHERE hash = $1', [hash])
    },

    append: (line) => asked(() => addLine(pool, line)),
    async log({ before = Number.MAX_SAFE_INTEGER, who, limit }) {
      const rows = await rowsOf(
        `SELECT id, at, event, who, via, address, kind, matches FROM log
         WHERE id < $1 AND ($2::text IS NULL OR who = $2) ORDER BY id DESC LIMIT $3`,
        [before, who === undefined ? null : storableText(who), limit],
      )
      return rows.map(lineIn)
    },
    prune: (now) =>
      asked(async () => {
        await pool.query('DELETE FROM sign_in WHERE expires_at <= $1', [now])
        const keptMs = (await meta.number('log_keep_ms')) ?? 365 * DAY_MS
        const { rows } = await pool.query('SELECT at FROM log ORDER BY id LIMIT 1')
        if (rows.length === 0) return 0
        // A clock that is wrong for a while takes no more than this.
        const before = Math.min(now - keptMs, Number(rows[0].at) + DAY_MS)
        let all = 0
        for (let some = BATCH; some === BATCH; all += some) {
          const { rowCount } = await pool.query(
            `DELETE FROM log WHERE at < $1 AND id IN (SELECT id FROM log ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)`,
            [before],
          )
          some = rowCount ?? 0
        }
        return all
      }),
    takeOver: ({ sourceId, tokens, signIns, lines }) =>
      inTransaction(async (client) => {
        for (const token of tokens) await takeToken(client, token)
        await client.query(
          `INSERT INTO sign_in (hash, token_id, seal, expires_at)
           SELECT * FROM json_to_recordset($1) AS s (hash text, "tokenId" text, seal text, "expiresAt" bigint) ON CONFLICT DO NOTHING`,
          [JSON.stringify(signIns)],
        )
        const key = `taken ${sourceId}` as const
        await client.query("INSERT INTO meta (key, value) VALUES ($1, '0') ON CONFLICT DO NOTHING", [key])
        // Whoever takes over the same at the same time waits here.
        const { rows } = await client.query('SELECT value FROM meta WHERE key = $1 FOR UPDATE', [key])
        const last = Number(rows[0]?.['value'])
        await client.query(
          `INSERT INTO log (at, event, who, via, address, kind, matches) SELECT at, event, who, via, address, kind, matches FROM json_to_recordset($1)
           AS l (id bigint, at bigint, event text, who text, via text, address text, kind text, matches integer) WHERE id > $2 ORDER BY id`,
          [JSON.stringify(lines), last],
        )
        await meta.set(key, Math.max(last, lines.at(-1)?.id ?? 0), client)
      }),
    stop: () => (stopped ??= opened.then(() => pool.end())),
  }
}

export interface PostgresAccessStoreOptions {
  /** See `PostgresStoreOptions`. */
  readonly url: URL
  /** Days until a line of the log is forgotten. @default what it was before, at first 365 */
  readonly keepLogDays?: number | undefined
}

const DAY_MS = 86_400_000
/** So many lines go at once, so that nobody waits long behind it. */
const BATCH = 1000
const TOKEN = 'SELECT id, name, hash, scopes, origins, created_at, expires_at, revoked_at FROM token'

type Row = Readonly<Record<string, unknown>>

async function addLine(client: Pick<PoolClient, 'query'>, line: AccessLine): Promise<void> {
  const { at, event, who, via, address, kind, matches } = line
  await client.query(
    'INSERT INTO log (at, event, who, via, address, kind, matches) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [at, event, who, via, address, kind ?? null, matches ?? 0],
  )
}

async function takeToken(client: PoolClient, token: StoredToken): Promise<void> {
  const { id, name, hash, scopes, origins, createdAt, expiresAt, revokedAt } = token
  const { rows } = await client.query('SELECT 1 FROM token WHERE name = $1 AND id <> $2 AND revoked_at IS NULL', [
    name,
    id,
  ])
  if (rows.length > 0 && revokedAt === null) throw nameTakenTwice(name)
  await client.query(
    `INSERT INTO token (id, name, hash, scopes, origins, created_at, expires_at, revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (id) DO UPDATE SET revoked_at = coalesce(token.revoked_at, excluded.revoked_at)`,
    [id, name, hash, scopes, origins, createdAt, expiresAt, revokedAt],
  )
}

function someToken([row]: readonly Row[]): StoredToken | undefined {
  return row && tokenIn(row)
}

/** The columns hold only what this store wrote. */
function tokenIn(row: Row): StoredToken {
  return {
    id: String(row['id']),
    name: String(row['name']),
    hash: String(row['hash']),
    scopes: row['scopes'] as Scope[],
    origins: row['origins'] as string[],
    createdAt: Number(row['created_at']),
    expiresAt: numberOrNull(row['expires_at']),
    revokedAt: numberOrNull(row['revoked_at']),
  }
}

function lineIn(row: Row): LoggedLine {
  return {
    ...(row as unknown as LoggedLine),
    id: Number(row['id']),
    at: Number(row['at']),
    matches: Number(row['matches']),
  }
}

function numberOrNull(column: unknown): number | null {
  return column === null ? null : Number(column)
}
