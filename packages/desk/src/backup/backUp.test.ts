import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dayFiles, storedSteps } from '../../fixtures/dayFiles.ts'
import { openDesk } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import { runWaybill, startDeskCommand } from '../../fixtures/waybillProcess.ts'
import { stepOf } from '../../fixtures/stepOf.ts'
import { createSqliteStore } from '../store/sqlite/sqliteStore.ts'
import { openDeskStore } from '../writer/openDeskStore.ts'
import { backUp } from './backUp.ts'

let folder: string
let databaseFile: string
let backups: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-backup-'))
  databaseFile = join(folder, 'desk.db')
  backups = join(folder, 'backups', 'today')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a backup made under load, restored after the desk was killed, holds every step acknowledged before, and the tokens', async () => {
  const acknowledged: string[] = []
  const before: string[] = []
  const whole = refundTrail().servers.length
  {
    await using desk = await startDeskCommand(databaseFile)
    const access = new DatabaseSync(`${databaseFile}.access`)
    access.exec(
      "PRAGMA journal_mode = WAL; CREATE TABLE made_for_this_test (name TEXT); INSERT INTO made_for_this_test VALUES ('a token')",
    )
    const over = new AbortController()
    const write = async (): Promise<void> => {
      while (!over.signal.aborted) {
        const { servers, reference } = refundTrail()
        if ((await desk.sendAsServer(servers)) === 200) acknowledged.push(reference)
      }
    }
    const writers = Array.from({ length: 2 }, write)
    await expect.poll(() => acknowledged.length).toBeGreaterThan(20)
    before.push(...acknowledged)
    const backup = await runWaybill(['backup', backups, '--database', databaseFile])
    expect(backup).toMatchObject({ code: 0, errors: '' })
    expect(backup.out).toContain(`${join(backups, 'desk.db')} is whole`)
    expect(backup.out).toContain(`Keep a copy of ${databaseFile}.secret`)
    expect(acknowledged.length).toBeGreaterThan(before.length)
    await desk.end('SIGKILL')
    over.abort()
    await Promise.all(writers)
    access.close()
  }
  expect(readdirSync(backups).toSorted()).toEqual(['desk.db', 'desk.db.access', 'desk.db.days'])
  for (const file of readdirSync(backups)) {
    expect(statSync(join(backups, file)).mode & 0o777).toBe(file.endsWith('.days') ? 0o700 : 0o600)
  }
  for (const file of dayFiles(join(backups, 'desk.db'))) expect(statSync(file).mode & 0o777).toBe(0o600)
  const tokens = new DatabaseSync(join(backups, 'desk.db.access'))
  expect(tokens.prepare('SELECT name FROM made_for_this_test').get()?.['name']).toBe('a token')
  tokens.close()
  const restored = join(folder, 'restored')
  mkdirSync(restored)
  for (const file of ['desk.db', 'desk.db.days']) cpSync(join(backups, file), join(restored, file), { recursive: true })
  copyFileSync(`${databaseFile}.secret`, join(restored, 'desk.db.secret'))
  await using desk = openDesk({ database: join(restored, 'desk.db'), limits: { lookUpsPerMinute: 1e6 } })
  for (const reference of before) {
    expect((await desk.lookUp(reference)).matches[0]?.steps).toHaveLength(whole)
  }
  expect((await desk.lookUp('C-2041')).matches).not.toEqual([])
})

test('a backup made while trails move from file to file misses none, and holds none twice', async () => {
  let now = Date.UTC(2026, 5, 1)
  const store = openDeskStore({ database: databaseFile, identity: {}, now: () => now, onError: console.error }).store
  const trails = Array.from({ length: 60 }, () => [stepOf()])
  await store.append(trails.flat())
  const over = new AbortController()
  const move = async (): Promise<void> => {
    for (let turn = 0; !over.signal.aborted; turn++) {
      if (turn % 4 === 0) now += 86_400_000
      const some = trails.filter((_, index) => index % 4 === turn % 4)
      const steps = some.map(([first]) => stepOf({ reference: first!.reference }))
      await store.append(steps)
      some.forEach((trail, index) => trail.push(steps[index]!))
    }
  }
  const moved = move()
  for (let round = 0; round < 5; round++) {
    const days = dayFiles(databaseFile).length
    await expect.poll(() => dayFiles(databaseFile).length).toBeGreaterThan(days + 1)
    const before = trails.map((trail) => trail.map(({ id }) => id))
    const copy = await backUp({ databaseFile, folder: join(backups, String(round)) })
    const kept = (await storedSteps(copy)).map(({ id }) => id)
    expect(before.flat().filter((id) => !kept.includes(id))).toEqual([])
    expect(kept.length).toBe(new Set(kept).size)
    writeFileSync(`${copy}.secret`, readFileSync(`${databaseFile}.secret`))
    const restored = createSqliteStore({ databaseFile: copy, now: () => now })
    expect(await restored.size()).toMatchObject({ trails: 60 })
    await restored.append([stepOf({ reference: trails[round]![0]!.reference })])
    expect((await restored.trail(trails[round]![0]!.reference)).length).toBeGreaterThan(before[round]!.length)
    await restored.stop()
  }
  over.abort()
  await moved
  await store.stop()
})

test('tells how far it is, and overwrites no backup', async () => {
  await fill()
  const done: number[] = []
  const before = process.umask(0)
  const copy = await backUp({ databaseFile, folder: backups, onProgress: (share) => done.push(share) })
  process.umask(before)
  expect([statSync(copy).mode & 0o777, statSync(backups).mode & 0o777]).toEqual([0o600, 0o700])
  expect(done.every((share) => share >= 0 && share <= 1)).toBe(true)
  const made = statSync(copy).mtimeMs
  await expect(backUp({ databaseFile, folder: backups })).rejects.toThrow('a backup overwrites none')
  expect(statSync(copy).mtimeMs).toBe(made)
})

test('a damaged database leaves no backup', async () => {
  await fill()
  // Its beginning is as it should be, so that only a look through all of it finds the damage.
  const [file] = dayFiles(databaseFile) as [string]
  writeFileSync(file, readFileSync(file).fill(0xff, 3 * 4096, 8 * 4096))
  await expect(backUp({ databaseFile, folder: backups })).rejects.toThrow()
  expect(readdirSync(backups)).toEqual([])
})

test('what is not there is said in words', async () => {
  const { code, errors } = await runWaybill(['backup', backups, '--database', join(folder, 'missing.db')])
  expect([code, errors]).toEqual([
    2,
    expect.stringMatching(/^\[waybill\] There is no desk database at .*missing\.db\. Say where/),
  ])
  expect(existsSync(backups)).toBe(false)
})

async function fill(): Promise<void> {
  await using desk = openDesk({ database: databaseFile })
  await desk.sendAsServer(refundTrail().servers)
}
