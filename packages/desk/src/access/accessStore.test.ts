import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, test } from 'vitest'
import type { AccessLine, StoredToken } from './AccessStore.ts'
import { sqliteAccessStore } from './sqliteAccessStore.ts'

const folder = mkdtempSync(join(tmpdir(), 'waybill-access-'))
afterAll(() => rmSync(folder, { recursive: true }))

const DAY_MS = 86_400_000
const line = (fields: Partial<AccessLine> = {}): AccessLine => ({
  at: Date.now(),
  event: 'look-up',
  who: 'jane',
  via: 'token',
  address: '10.0.0.1',
  kind: null,
  matches: 0,
  ...fields,
})
const token = (fields: Partial<StoredToken> = {}): StoredToken => ({
  id: 'a1',
  name: 'jane',
  hash: 'hash-1',
  scopes: ['read', 'link'],
  origins: [],
  createdAt: 1000,
  expiresAt: null,
  revokedAt: null,
  ...fields,
})

let files = 0
const newFile = (): string => join(folder, `${files++}.access`)

describe.each([
  ['a SQLite file', newFile],
  ['SQLite in memory', () => ':memory:'],
])('the contract of an access store, kept by %s', (_, file) => {
  test('a token is found by its hash and its id, as it was kept', async () => {
    const store = sqliteAccessStore({ file: file() })
    const browser = token({
      id: 'b2',
      name: 'web',
      hash: 'hash-2',
      scopes: ['browser'],
      origins: ['https://a.example'],
    })
    expect(await store.addToken(token({ expiresAt: 5000 }), line())).toBe(true)
    expect(await store.addToken(browser, line())).toBe(true)
    expect(await store.tokenByHash('hash-1')).toEqual(token({ expiresAt: 5000 }))
    expect(await store.tokenById('b2')).toEqual(browser)
    expect(await store.tokenByHash('hash-3')).toBeUndefined()
    await store.stop()
  })

  test('a name is given once, until its token is revoked', async () => {
    const store = sqliteAccessStore({ file: file() })
    await store.addToken(token(), line({ event: 'token-create' }))
    expect(await store.addToken(token({ id: 'b2', hash: 'hash-2' }), line({ event: 'token-create' }))).toBe(false)
    expect(await store.revokeToken('a1', line({ event: 'token-revoke', at: 7000 }))).toBe(true)
    expect(await store.revokeToken('a1', line({ event: 'token-revoke' }))).toBe(false)
    expect(await store.revokeToken('c3', line({ event: 'token-revoke' }))).toBe(false)
    expect((await store.tokenById('a1'))?.revokedAt).toBe(7000)
    expect(await store.addToken(token({ id: 'b2', hash: 'hash-2' }), line({ event: 'token-create' }))).toBe(true)
    expect((await store.tokens()).map(({ id }) => id)).toEqual(['b2', 'a1'])
    // What did not happen is in no line.
    const events = (await store.log({ limit: 10 })).map(({ event }) => event)
    expect(events).toEqual(['token-create', 'token-revoke', 'token-create'])
    await store.stop()
  })

  test('a sign-in is there until it is ended', async () => {
    const store = sqliteAccessStore({ file: file() })
    const signIn = { hash: 'cookie', tokenId: 'a1', seal: null, expiresAt: Date.now() + 1000 }
    await store.addSignIn(signIn)
    expect(await store.signInByHash('cookie')).toEqual(signIn)
    await store.endSignIn('cookie')
    expect(await store.signInByHash('cookie')).toBeUndefined()
    await store.addSignIn({ ...signIn, seal: 'sealed' })
    await store.prune(Date.now() + 500)
    expect(await store.signInByHash('cookie')).toEqual({ ...signIn, seal: 'sealed' })
    await store.prune(Date.now() + 2000)
    expect(await store.signInByHash('cookie')).toBeUndefined()
    await store.stop()
  })

  test('the log is read from its end, a page at a time', async () => {
    const store = sqliteAccessStore({ file: file() })
    for (let matches = 0; matches < 5; matches++) await store.append(line({ matches }))
    const first = await store.log({ limit: 2 })
    expect(first.map(({ matches }) => matches)).toEqual([4, 3])
    const second = await store.log({ limit: 10, before: first[1]!.id })
    expect(second.map(({ matches }) => matches)).toEqual([2, 1, 0])
    expect(second[0]).toEqual({ ...line({ matches: 2, at: second[0]!.at }), id: expect.any(Number) })
    await store.stop()
  })

  test('lines past their time are forgotten, a day’s share at once', async () => {
    const store = sqliteAccessStore({ file: file(), keepLogDays: 30 })
    const now = Date.now()
    for (const days of [33, 32.5, 31.5, 29, 0]) await store.append(line({ at: now - days * DAY_MS }))
    expect(await store.prune(now)).toBe(2)
    expect(await store.prune(now)).toBe(1)
    expect(await store.prune(now)).toBe(0)
    expect(await store.log({ limit: 10 })).toHaveLength(2)
    await store.stop()
  })

  test('what another held is taken over once, and revoked tokens are revoked', async () => {
    const store = sqliteAccessStore({ file: file() })
    const signIn = { hash: 'cookie', tokenId: 'a1', seal: 'sealed', expiresAt: Date.now() + 60_000 }
    const lines = [3, 5, 9].map((id) => ({ ...line({ at: id, matches: id }), id }))
    const records = { sourceId: 'old', tokens: [token()], signIns: [signIn], lines }
    for (const some of [records, records, { ...records, lines: lines.slice(1) }]) await store.takeOver(some)
    await store.takeOver({ ...records, sourceId: 'other', lines: lines.slice(0, 1) })
    await store.takeOver({
      ...records,
      tokens: [token({ revokedAt: 7000 })],
      lines: [{ ...line({ matches: 10 }), id: 10 }],
    })
    expect(await store.tokens()).toEqual([token({ revokedAt: 7000 })])
    expect(await store.signInByHash('cookie')).toEqual(signIn)
    expect((await store.log({ limit: 10 })).map(({ matches }) => matches)).toEqual([10, 3, 9, 5, 3])
    await store.takeOver({ ...records, lines: [] })
    expect((await store.tokenById('a1'))?.revokedAt).toBe(7000)
    await store.takeOver({ ...records, tokens: [token({ id: 'b2', hash: 'hash-2' })] })
    const third = token({ id: 'c3', hash: 'hash-3' })
    await expect(store.takeOver({ ...records, tokens: [third], lines: [{ ...line(), id: 11 }] })).rejects.toThrow(
      TypeError,
    )
    expect(await store.log({ limit: 10 })).toHaveLength(5)
    await store.stop()
  })
})

describe('the file', () => {
  test('is its owner’s only, also where it was open to others before', async () => {
    const file = newFile()
    writeFileSync(file, '', { mode: 0o644 })
    const store = sqliteAccessStore({ file })
    await store.append(line())
    if (process.platform !== 'win32')
      for (const each of [file, `${file}-wal`, `${file}-shm`]) expect(statSync(each).mode & 0o777, each).toBe(0o600)
    await store.stop()
  })

  test('lets nobody change a line, replace one, or take away one that is young', async () => {
    const file = newFile()
    const store = sqliteAccessStore({ file, keepLogDays: 30 })
    await store.append(line())
    await store.stop()
    const other = new DatabaseSync(file)
    for (const sql of [
      "UPDATE log SET who = 'nobody'",
      'DELETE FROM log',
      "INSERT OR REPLACE INTO log SELECT id, at, event, 'nobody', via, address, kind, matches FROM log",
    ])
      expect(() => other.exec(sql), sql).toThrow('append-only')
    other.close()
    const again = sqliteAccessStore({ file })
    expect(await again.log({ limit: 10 })).toMatchObject([{ who: 'jane' }])
    await again.stop()
  })

  test('is left alone where it is another program’s, no database, or of a newer version', () => {
    const foreign = newFile()
    const shop = new DatabaseSync(foreign)
    shop.exec('CREATE TABLE orders (id INTEGER)')
    expect(() => sqliteAccessStore({ file: foreign })).toThrow('[waybill]')
    expect(shop.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'orders' }])
    shop.close()
    const text = newFile()
    writeFileSync(text, 'not a database at all'.repeat(100))
    expect(() => sqliteAccessStore({ file: text })).toThrow('not a database')
    const newer = newFile()
    const store = sqliteAccessStore({ file: newer })
    void store.stop()
    const database = new DatabaseSync(newer)
    database.exec('PRAGMA user_version = 99')
    database.close()
    expect(() => sqliteAccessStore({ file: newer })).toThrow('newer version')
  })

  test('is written while another process writes, without holding this one up', async () => {
    const file = newFile()
    const store = sqliteAccessStore({ file })
    const other = new DatabaseSync(file)
    other.exec('BEGIN IMMEDIATE')
    let isWritten = false
    const written = store.append(line()).then(() => (isWritten = true))
    // The event loop turns while the write waits, or this would never end it.
    await new Promise((resolve) => setImmediate(resolve))
    expect(isWritten).toBe(false)
    expect(await store.tokens()).toEqual([])
    other.exec('COMMIT')
    await written
    expect(await store.log({ limit: 10 })).toHaveLength(1)
    other.close()
    await store.stop()
  })

  test('of a log that is to be kept for no time is refused', () => {
    for (const keepLogDays of [0, -1, 1.5, Number.NaN])
      expect(() => sqliteAccessStore({ file: ':memory:', keepLogDays })).toThrow(TypeError)
  })
})
