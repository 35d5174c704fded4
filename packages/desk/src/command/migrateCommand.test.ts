import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mintReference } from '@waybill/reference'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { makeVersion2 } from '../../fixtures/makeVersion2.ts'
import type { Version2Trail } from '../../fixtures/makeVersion2.ts'
import { TOKEN } from '../../fixtures/openDesk.ts'
import { openSchemas } from '../../fixtures/openSchemas.ts'
import { stepOf } from '../../fixtures/stepOf.ts'
import { runWaybill, spawnWaybill, startDeskCommand } from '../../fixtures/waybillProcess.ts'
import { createTokens } from '../access/createTokens.ts'
import { accessFileOf } from '../access/openAccessFile.ts'
import { sqliteAccessStore } from '../access/sqliteAccessStore.ts'
import { personHash } from '../store/personHash.ts'
import { lockDatabase } from '../store/sqlite/lockDatabase.ts'
import { versionOf } from '../store/sqlite/sqliteSchema.ts'

const schemas = await openSchemas()
afterAll(() => schemas?.close())

let folder: string
let old: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-migrate-'))
  old = join(folder, 'old.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const SECRET = Buffer.alloc(32, 'a secret of this test')
const HASH_SECRET = SECRET.toString('base64')

/** An old database of so many trails, one in a hundred of the same customer, and a token. */
async function fillOld(count: number) {
  const seenHour = Math.floor(Date.now() / 3_600_000)
  const ada = personHash('ada-7', SECRET)
  const trails = Array.from({ length: count }, (_, index): Version2Trail => {
    const reference = mintReference()
    const of = { reference, facts: { order: `A-${index}` }, ...(index % 100 === 0 && { personHash: ada }) }
    const { person: _person, ...first } = stepOf({ ...of, hop: 'api', name: 'POST /api/refunds' })
    const { person: _other, ...second } = stepOf({ ...of, hop: 'worker', jobId: `job-${index}` })
    return { reference, steps: [first, second], seenHour: seenHour - Math.floor((count - index) / 300) }
  })
  makeVersion2({ databaseFile: old, trails, secret: SECRET })
  const store = sqliteAccessStore({ file: accessFileOf(old) })
  const by = { who: 'root', via: 'command', address: 'local' } as const
  const { value } = await createTokens({ store, by }).create({ name: 'jane', scopes: ['read', 'admin'] })
  await store.stop()
  return { trails, token: value }
}

test('killed again and again a move into PostgreSQL goes on, and a desk there answers as the old one did', async ({
  skip,
}) => {
  if (!schemas) {
    skip()
    return
  }
  const { trails, token } = await fillOld(6000)
  const place = await schemas.make()
  const env = { WAYBILL_HASH_SECRET: HASH_SECRET, WAYBILL_DATABASE: place.address }
  try {
    const moved = async (): Promise<number> => {
      const sql = `SELECT value FROM "${place.schema}".meta WHERE key LIKE 'migration %'`
      const [row] = await schemas.query(sql).catch(() => [])
      return row ? (JSON.parse(String(row['value'])) as { done: { trails: number } }).done.trails : 0
    }
    let before = 0
    for (let kills = 0; kills < 3; kills++) {
      const child = spawnWaybill(['migrate', old], env)
      const ended = once(child, 'exit')
      await expect.poll(moved, { timeout: 60_000, interval: 5 }).toBeGreaterThan(before)
      child.kill('SIGKILL')
      await ended
      before = await moved()
      expect(before).toBeLessThan(trails.length)
    }
    const { code, out, errors } = await runWaybill(['migrate', old, '--verify', '--quiet'], { env })
    expect([code, errors]).toEqual([0, ''])
    expect(out).toContain('looked  for 6000 trails, compared 6000: all there')
    const [steps] = await schemas.query(`SELECT count(*) AS count FROM "${place.schema}".step`)
    expect(Number(steps!['count'])).toBe(12_000)

    await using desk = await startDeskCommand(place.address, { WAYBILL_HASH_SECRET: HASH_SECRET })
    const ask = async (path: string): Promise<unknown> => {
      const answer = await fetch(desk.url + path, { headers: { authorization: `Bearer ${token}` } })
      expect(answer.status, path).toBe(200)
      return await answer.json()
    }
    for (const index of [0, 2500, 5999]) {
      const { reference } = trails[index]!
      for (const anything of [reference, `A-${index}`, `job-${index}`])
        expect(JSON.stringify(await ask(`/api/trails/${encodeURIComponent(anything)}`))).toContain(reference)
    }
    const person = (await ask('/api/trails/Ada-7')) as { matches: { reference: string }[] }
    expect(person.matches[0]).toMatchObject({ reference: trails[5900]!.reference })
    const { entries } = (await ask('/api/log')) as {
      entries: { event: string; kind: string | null; matches: number }[]
    }
    expect(entries).toContainEqual(expect.objectContaining({ event: 'token-create', kind: 'jane: read admin' }))
    expect(entries).toContainEqual(expect.objectContaining({ event: 'migrate', via: 'command', matches: 6000 }))
    expect(entries.filter(({ event }) => event === 'token-create')).toHaveLength(1)
  } finally {
    await place.remove()
  }
})

test('an old file becomes a new one beside it, with its secret and keys, and a desk takes only the new one', async () => {
  const { trails } = await fillOld(50)
  const fresh = join(folder, 'new.db')
  const refused = await runWaybill(['desk', '--port', '0', '--database', old])
  expect(refused).toMatchObject({ code: 1, errors: expect.stringContaining(`waybill migrate ${old} <new file>`) })
  const tried = await runWaybill(['migrate', old, fresh, '--dry-run'])
  expect(tried).toMatchObject({ code: 0, errors: '' })
  expect(tried.out).toContain('50 trails, 100 steps, in one file of an older version')
  expect(existsSync(fresh)).toBe(false)
  const done = await runWaybill(['migrate', old, fresh])
  expect(done).toMatchObject({ code: 0, errors: '' })
  expect(done.out).toContain(`wrote   ${fresh}.secret`)
  expect(done.out).toContain('all there')
  expect([versionOf(old), versionOf(fresh)]).toEqual([2, 3])
  await using desk = await startDeskCommand(fresh)
  for (const anything of [trails[7]!.reference, 'A-7', 'ada-7']) expect((await desk.lookUp(anything)).status).toBe(200)
  const found = await fetch(`${desk.url}/api/trails/ada-7`, { headers: { authorization: `Bearer ${TOKEN}` } })
  expect(JSON.stringify(await found.json())).toContain(trails[0]!.reference)
})

test('nothing is moved from under a running desk, into another secret, into itself or to nowhere', async () => {
  await fillOld(3)
  const fresh = join(folder, 'new.db')
  const run = (args: readonly string[], env?: Record<string, string>) => runWaybill(['migrate', ...args], { env })
  const unlock = lockDatabase(old)
  expect(await run([old, fresh])).toMatchObject({ code: 1, errors: expect.stringMatching(/^\[waybill\] A desk, or/) })
  unlock()
  expect(await run([old, old])).toMatchObject({ code: 2, errors: expect.stringContaining('these two are one') })
  expect(await run([join(folder, 'none.db'), fresh])).toMatchObject({ code: 2, errors: expect.stringContaining('no ') })
  expect(await run([old])).toMatchObject({ code: 2, errors: expect.stringContaining('WAYBILL_DATABASE') })
  expect(await run(['postgres://db/waybill', fresh])).toMatchObject({ code: 2 })
  const other = Buffer.alloc(32, 'another secret').toString('base64')
  expect(await run([old, fresh], { WAYBILL_HASH_SECRET: other })).toMatchObject({
    code: 1,
    errors: expect.stringContaining('is not the one that this database'),
  })
  expect(existsSync(fresh)).toBe(false)
  await using desk = await startDeskCommand(fresh)
  expect(desk.url).not.toBe('')
  expect(await run([old, fresh, '--dry-run'])).toMatchObject({
    code: 1,
    errors: expect.stringContaining('another hash'),
  })
})

test('a password is in no word of any command, and one in an argument is warned of', async () => {
  await fillOld(1)
  const address = 'postgres://desk:hunter2@127.0.0.1:9/waybill'
  for (const [args, code] of [
    [['migrate', old, address], 1],
    [['prune', '--database', address], 1],
    [['token', 'list', '--database', address], 1],
    [['backup', folder, '--database', address], 1],
    [['desk', '--port', '0', '--database', address], 1],
    [['desk', '--check-config', '--database', address], 0],
  ] as const) {
    const env = { WAYBILL_HASH_SECRET: HASH_SECRET, WAYBILL_DESK_TOKEN: TOKEN }
    const ended = await runWaybill(args, { env })
    expect([ended.code, args], ended.errors).toEqual([code, args])
    expect(`${ended.out}${ended.errors}`).not.toContain('hunter2')
    expect(ended.errors, args[0]).toContain('WAYBILL_DATABASE instead')
  }
})
