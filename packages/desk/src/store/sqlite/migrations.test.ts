import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { mintReference } from '@waybill/reference'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { APPLICATION_ID, VERSION } from './sqliteSchema.ts'
import { createSqliteStore } from './sqliteStore.ts'

let folder: string
let databaseFile: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-migrations-'))
  databaseFile = join(folder, 'desk.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What version 1 wrote. */
const VERSION_1 = `
PRAGMA journal_mode = WAL;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refs (
  id INTEGER PRIMARY KEY AUTOINCREMENT, ref TEXT NOT NULL UNIQUE, seen_hour INTEGER NOT NULL,
  steps INTEGER NOT NULL DEFAULT 0, claims INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS refs_seen ON refs (seen_hour);
CREATE TABLE IF NOT EXISTS ev (id INTEGER PRIMARY KEY, ref_id INTEGER NOT NULL, step TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS ev_ref ON ev (ref_id);
CREATE TABLE IF NOT EXISTS alias (
  value TEXT NOT NULL, ref_id INTEGER NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (value, ref_id, kind)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS evicted (
  ref_id INTEGER NOT NULL, span TEXT NOT NULL, PRIMARY KEY (ref_id, span)
) WITHOUT ROWID;
PRAGMA user_version = 1;
COMMIT;
`
const SECRET = 'the secret of version 1: 32 byte'
const HOUR = Math.floor(Date.UTC(2026, 5, 1) / 3_600_000)

function makeVersion1(): { reference: ReturnType<typeof mintReference>; database: DatabaseSync } {
  const reference = mintReference()
  const step = {
    id: '00f067aa0ba902b7',
    reference,
    traceId: 'ab'.repeat(16),
    hop: 'api',
    service: 'shop',
    name: 'step',
  }
  const database = new DatabaseSync(databaseFile)
  database.exec(VERSION_1)
  database.prepare("INSERT INTO meta VALUES ('secret', ?)").run(Buffer.from(SECRET))
  database.prepare('INSERT INTO refs (ref, seen_hour, steps) VALUES (?, ?, 1)').run(reference, HOUR)
  database.prepare('INSERT INTO ev (ref_id, step) VALUES (1, ?)').run(JSON.stringify(step))
  database.prepare("INSERT INTO alias VALUES (?, 1, 'span')").run(step.id)
  return { reference, database }
}

function numberIn(pragma: string): unknown {
  const database = new DatabaseSync(databaseFile, { readOnly: true })
  const value = Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]
  database.close()
  return value
}

test.each(['closed', 'killed'])(
  'a database of version 1 whose desk was %s is brought up with its trails',
  async (how) => {
    const { reference, database } = makeVersion1()
    if (how === 'closed') database.close()
    const store = createSqliteStore({ databaseFile, now: () => HOUR * 3_600_000 + 40 * 86_400_000 })
    expect(await store.trail(reference)).toMatchObject([{ name: 'step', reference }])
    expect(await store.find(['00f067aa0ba902b7'], { limit: 1 })).toMatchObject([{ reference }])
    // It does not know when retention last ran, so what was last added to says it.
    expect(await store.retain({ keepDays: 30 })).toMatchObject({ state: 'refused', due: 1, daysAhead: 40 })
    await store.stop()
    if (how === 'killed') database.close()
    expect([numberIn('user_version'), numberIn('application_id')]).toEqual([VERSION, APPLICATION_ID])
  },
)

test('the secret of a database of version 1 moves into a file, and its bytes are gone from the database', async () => {
  makeVersion1().database.close()
  const store = createSqliteStore({ databaseFile })
  expect(Buffer.from(store.secret).toString()).toBe(SECRET)
  expect(bytesOf('desk.db', 'desk.db-wal', 'desk.db-shm').includes(SECRET)).toBe(false)
  await store.stop()
  expect(bytesOf('desk.db').includes(SECRET)).toBe(false)
  expect(Buffer.from(bytesOf('desk.db.secret').toString(), 'base64url').toString()).toBe(SECRET)
  const again = createSqliteStore({ databaseFile })
  expect(Buffer.from(again.secret).toString()).toBe(SECRET)
  await again.stop()
})

test('the secret of a database of version 1 stays where it is while another database’s file lies there', () => {
  makeVersion1().database.close()
  writeFileSync(`${databaseFile}.secret`, Buffer.alloc(32, 7).toString('base64url'))
  expect(() => createSqliteStore({ databaseFile })).toThrow('[waybill] The hash secret in')
  expect(bytesOf('desk.db').includes(SECRET)).toBe(true)
})

test.each([
  { what: 'another SQLite file', sql: 'CREATE TABLE users (name TEXT); INSERT INTO users VALUES (1)' },
  { what: 'one in WAL mode', sql: 'PRAGMA journal_mode = WAL; CREATE TABLE users (name TEXT)' },
  { what: 'one of the same version', sql: 'CREATE TABLE refs (id); PRAGMA user_version = 1' },
  { what: 'another program’s by its mark', sql: `${VERSION_1} PRAGMA application_id = 7` },
  { what: 'a text', sql: null },
  { what: 'zeros', sql: undefined },
])('$what is refused and left as it is', ({ sql }) => {
  if (typeof sql === 'string') {
    const database = new DatabaseSync(databaseFile)
    database.exec(sql)
    database.close()
  } else writeFileSync(databaseFile, sql === null ? 'a text\n' : Buffer.alloc(4096))
  const before = bytesOf('desk.db')
  expect(() => createSqliteStore({ databaseFile })).toThrow('is not a database of the desk’s'.replace('’', "'"))
  expect(bytesOf('desk.db').equals(before)).toBe(true)
  expect(readdirSync(folder)).toEqual(['desk.db'])
})

test('a database of a newer version is refused and left as it is', async () => {
  await createSqliteStore({ databaseFile }).stop()
  const database = new DatabaseSync(databaseFile)
  database.exec('PRAGMA user_version = 99')
  database.close()
  const before = bytesOf('desk.db')
  expect(() => createSqliteStore({ databaseFile })).toThrow('[waybill] The desk database was made by a newer version')
  expect(bytesOf('desk.db').equals(before)).toBe(true)
  expect(readdirSync(folder).toSorted()).toEqual(['desk.db', 'desk.db.secret'])
})

test('an empty file becomes a database, marked as the desk’s before it holds a step', async () => {
  writeFileSync(databaseFile, '')
  const store = createSqliteStore({ databaseFile })
  // In the file itself: a desk that is killed now leaves a file that is known for its own.
  expect(readFileSync(databaseFile).readUInt32BE(68)).toBe(APPLICATION_ID)
  await store.stop()
})

function bytesOf(...files: string[]): Buffer {
  return Buffer.concat(files.map((file) => readFileSync(join(folder, file))))
}
