import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, test } from 'vitest'
import { accessLine, describeAccessStore } from '../../fixtures/describeAccessStore.ts'
import { sqliteAccessStore } from './sqliteAccessStore.ts'

const folder = mkdtempSync(join(tmpdir(), 'waybill-access-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
const newFile = (): string => join(folder, `${files++}.access`)

describeAccessStore('a SQLite file', (options) => sqliteAccessStore({ file: newFile(), ...options }))
describeAccessStore('SQLite in memory', (options) => sqliteAccessStore({ file: ':memory:', ...options }))

describe('the file', () => {
  test('is its owner’s only, also where it was open to others before', async () => {
    const file = newFile()
    writeFileSync(file, '', { mode: 0o644 })
    const store = sqliteAccessStore({ file })
    await store.append(accessLine())
    if (process.platform !== 'win32')
      for (const each of [file, `${file}-wal`, `${file}-shm`]) expect(statSync(each).mode & 0o777, each).toBe(0o600)
    await store.stop()
  })

  test('lets nobody change a line, replace one, or take away one that is young', async () => {
    const file = newFile()
    const store = sqliteAccessStore({ file, keepLogDays: 30 })
    await store.append(accessLine())
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
    const written = store.append(accessLine()).then(() => (isWritten = true))
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
