import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { mintReference } from '@waybill/reference'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { APPLICATION_ID } from './sqliteSchema.ts'
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

test.each(['closed', 'killed'])(
  'a database of version 1 whose desk was %s is refused, with what to do, and left as it is',
  (how) => {
    const { database } = makeVersion1()
    if (how === 'closed') database.close()
    const before = bytesOf('desk.db')
    const files = readdirSync(folder)
    expect(() => createSqliteStore({ databaseFile })).toThrow(
      `older version of the desk, which kept everything in one file, so it was left as it is. Move its trails into a new one with \`waybill migrate ${databaseFile} <new file>\``,
    )
    expect(bytesOf('desk.db').equals(before)).toBe(true)
    expect(readdirSync(folder)).toEqual(files)
    if (how === 'killed') database.close()
  },
)

test('a database of version 2 is refused the same way', () => {
  const { database } = makeVersion1()
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 2`)
  database.close()
  expect(() => createSqliteStore({ databaseFile })).toThrow(
    '[waybill] ' + databaseFile + ' was made by an older version',
  )
  expect(readdirSync(folder)).toEqual(['desk.db'])
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
