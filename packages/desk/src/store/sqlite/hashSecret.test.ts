import { createHash, createHmac } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bytesIn, storedSteps } from '../../../fixtures/dayFiles.ts'
import { openDesk } from '../../../fixtures/openDesk.ts'
import { refundTrail } from '../../../fixtures/refundTrail.ts'
import { stepOf } from '../../../fixtures/stepOf.ts'
import { createSqliteStore } from './sqliteStore.ts'

let folder: string
let databaseFile: string
let secretFile: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-secret-'))
  databaseFile = join(folder, 'desk.db')
  secretFile = `${databaseFile}.secret`
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Digits of a customer's id. Six are tried with ID_DIGITS=6, which takes a minute. */
const DIGITS = Number(process.env['ID_DIGITS'] ?? 4)
const PERSON = '481516'.slice(0, DIGITS)

async function fill(options: { hashSecret?: string } = {}): Promise<void> {
  await using desk = openDesk({ database: databaseFile, ...options })
  const { browser, servers } = refundTrail({ person: PERSON })
  await desk.sendAsServer(servers)
  await desk.sendAsBrowser(browser)
  expect((await desk.lookUp(PERSON)).matches).not.toEqual([])
}

test('a copy of the database without its secret tells no customer’s id, though all there are be tried', async () => {
  await fill()
  const database = new DatabaseSync(databaseFile, { readOnly: true })
  const inside = database
    .prepare("SELECT value FROM meta WHERE typeof(value) = 'blob'")
    .all()
    .map(({ value }) => value as Uint8Array)
  database.close()
  const hashes = new Set((await storedSteps(databaseFile)).flatMap(({ personHash }) => personHash ?? []))
  expect(hashes.size).toBe(1)
  const secret = readFileSync(secretFile, 'utf8').trim()
  const key = Buffer.from(secret, 'base64url')
  const kept = Buffer.concat([readFileSync(databaseFile), bytesIn(`${databaseFile}.days`)])
  for (const form of [key, key.toString('hex'), key.toString('base64'), secret]) expect(kept.includes(form)).toBe(false)
  const keys = [Buffer.alloc(0), ...inside]
  const reversed: string[] = []
  for (let number = 0; number < 10 ** DIGITS; number++) {
    const id = String(number).padStart(DIGITS, '0')
    for (const each of keys) if (hashes.has(createHmac('sha256', each).update(id).digest('hex'))) reversed.push(id)
    if (hashes.has(createHash('sha256').update(id).digest('hex'))) reversed.push(id)
  }
  expect(reversed).toEqual([])
  // Whoever has both can, which shows that the search is a search.
  expect(hashes.has(createHmac('sha256', key).update(PERSON).digest('hex'))).toBe(true)
})

test('all files are for this user only from their first moment, though the umask would let everybody read', async () => {
  const before = process.umask(0)
  try {
    const store = createSqliteStore({ databaseFile })
    await store.append([stepOf()])
    const names = Object.keys(modes()).map((file) => file.replace(/[\d-]+\.1\.db/, 'day.db'))
    expect(names.map((file) => file.replace('desk.db.days/', ''))).toEqual([
      'desk.db',
      'desk.db-shm',
      'desk.db-wal',
      'day.db',
      'day.db-shm',
      'day.db-wal',
      'desk.db.secret',
    ])
    expect(new Set(Object.values(modes()))).toEqual(new Set(['600']))
    expect(statSync(join(folder, 'desk.db.days')).mode & 0o777).toBe(0o700)
    await store.stop()
  } finally {
    process.umask(before)
  }
})

test('files that others may read are closed to them', async () => {
  await fill()
  for (const file of Object.keys(modes())) chmodSync(join(folder, file), 0o644)
  const desk = openDesk({ database: databaseFile })
  await desk.lookUp('x')
  expect(new Set(Object.values(modes()))).toEqual(new Set(['600']))
  await desk[Symbol.asyncDispose]()
})

test('a database with trails does not start without its secret, and starts again with it', async () => {
  await fill()
  const secret = readFileSync(secretFile)
  rmSync(secretFile)
  expect(() => createSqliteStore({ databaseFile })).toThrow(
    /^\[waybill] The database has trails, but its hash secret is missing: there is no .*desk\.db\.secret, and WAYBILL_HASH_SECRET/,
  )
  expect(readdirSync(folder)).toEqual(['desk.db', 'desk.db.access', 'desk.db.days', 'desk.db.lock'])
  writeFileSync(secretFile, 'short')
  expect(() => createSqliteStore({ databaseFile })).toThrow('is damaged')
  writeFileSync(secretFile, Buffer.alloc(32, 1).toString('base64'))
  expect(() => createSqliteStore({ databaseFile })).toThrow('another database’s'.replace('’', "'"))
  writeFileSync(secretFile, secret)
  await using desk = openDesk({ database: databaseFile })
  expect((await desk.lookUp(PERSON)).matches).not.toEqual([])
})

test('a secret from the environment is written nowhere, and no other opens the database', async () => {
  const hashSecret = Buffer.alloc(32, 5).toString('base64')
  await fill({ hashSecret })
  expect(readdirSync(folder)).toEqual(['desk.db', 'desk.db.access', 'desk.db.days', 'desk.db.lock'])
  await fill({ hashSecret: Buffer.alloc(32, 5).toString('base64url') })
  const other = Buffer.alloc(32, 6).toString('base64')
  expect(() => createSqliteStore({ databaseFile, hashSecret: other })).toThrow('WAYBILL_HASH_SECRET is not the one')
  for (const weak of ['', 'secret', Buffer.alloc(31).toString('base64'), `${other} ${other}`]) {
    expect(() => createSqliteStore({ databaseFile, hashSecret: weak })).toThrow(
      '[waybill] WAYBILL_HASH_SECRET is too short',
    )
  }
})

test('a store in memory makes a secret of its own and no file', async () => {
  const [one, two] = [createSqliteStore({ databaseFile: ':memory:' }), createSqliteStore({ databaseFile: ':memory:' })]
  expect(one.secret.byteLength).toBe(32)
  expect(Buffer.from(one.secret).equals(two.secret)).toBe(false)
  await Promise.all([one.stop(), two.stop()])
  expect(readdirSync(folder)).toEqual([])
})

function modes(): Record<string, string> {
  const files = readdirSync(folder, { recursive: true }).map(String).toSorted()
  const modeOf = (file: string): string => (statSync(join(folder, file)).mode & 0o777).toString(8)
  return Object.fromEntries(files.filter((file) => !isFolder(file)).map((file) => [file, modeOf(file)]))
}

function isFolder(file: string): boolean {
  return statSync(join(folder, file)).isDirectory()
}
