import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, test } from 'vitest'
import { dayFiles } from '../../../fixtures/dayFiles.ts'
import { refundTrail } from '../../../fixtures/refundTrail.ts'
import { stepOf } from '../../../fixtures/stepOf.ts'
import { createAliasHash } from './aliases/createAliasHash.ts'
import { createDays } from './days/createDays.ts'
import { openDayFolder } from './days/DayFolder.ts'
import { createSqliteReader } from './sqliteReader.ts'
import { APPLICATION_ID } from './sqliteSchema.ts'
import { createSqliteStore } from './sqliteStore.ts'

const folder = mkdtempSync(join(tmpdir(), 'waybill-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('forgetting a trail leaves no file of it behind', async () => {
  const databaseFile = join(folder, 'pruned.db')
  let now = 0
  const store = createSqliteStore({ databaseFile, now: () => now })
  const { browser, servers } = refundTrail()
  await store.append([...browser.map((step) => ({ ...step, person: undefined, claimed: true })), ...servers])
  const rows = (): unknown[] => {
    const database = new DatabaseSync(dayFiles(databaseFile)[0]!, { readOnly: true })
    const counts = ['trail', 'block', 'run', 'chunk'].map(
      (table) => database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'],
    )
    database.close()
    return counts
  }
  expect(rows()).not.toContain(0)
  now += 2 * 86_400_000
  expect(await store.retain({ keepDays: 1 })).toEqual({ state: 'done', forgotten: 1, due: 0 })
  expect(dayFiles(databaseFile)).toEqual([])
  await store.stop()
})

test('a file of a newer version is left alone', () => {
  const newer = join(folder, 'newer.db')
  const database = new DatabaseSync(newer)
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 99`)
  database.close()
  expect(() => createSqliteStore({ databaseFile: newer })).toThrow(
    '[waybill] The desk database was made by a newer version',
  )
})

test('a value that shares its number with another leads to nobody else’s trail', async () => {
  const databaseFile = join(folder, 'numbers.db')
  const store = createSqliteStore({ databaseFile })
  const [server, claim] = [stepOf({ facts: { order: 'A-1' } }), stepOf({ facts: { order: 'A-1' }, claimed: true })]
  await store.append([server, claim])
  const hash = createAliasHash(store.secret)
  // All values have the number of the one.
  const alike = { ...hash, of: (value: string) => hash.of(value.startsWith(' ') ? ' a-1' : 'a-1') }
  const days = createDays({ folder: openDayFolder(databaseFile), hash, onDamage: console.error, timeoutMs: 1000 })
  const reader = createSqliteReader({ days, hash: alike, namespace: '' })
  expect(await reader.find(['a-1'], { limit: 5 })).toMatchObject([{ reference: server.reference }])
  expect(await reader.find(['b-2'], { limit: 5 })).toEqual([])
  expect((await reader.findClaims(['a-1'], { limit: 5 })).found).toMatchObject([{ reference: claim.reference }])
  expect((await reader.findClaims(['b-2'], { limit: 5 })).found).toEqual([])
  days.close()
  await store.stop()
})
