import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { encodeOtlp } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { afterAll, expect, test } from 'vitest'
import { damageOf, dayFiles, storedSteps } from '../../fixtures/dayFiles.ts'
import { openDesk } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import type { BodyToTake } from '../intake/createBodyTaker.ts'
import { openDeskStore } from './openDeskStore.ts'

const folder = mkdtempSync(join(tmpdir(), 'waybill-writer-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
const newFile = (): string => join(folder, `desk-${++files}.db`)

test('when the thread that writes dies, what was under way is refused and told, and the next one goes on', async () => {
  const faults: unknown[] = []
  const program = new URL('../../fixtures/dyingWriter.ts', import.meta.url)
  const onError = (error: unknown): void => void faults.push(error)
  const { store, takeBody } = openDeskStore({ database: newFile(), identity: {}, now: Date.now, onError, program })
  const { servers, reference } = refundTrail()
  const take = () => takeBody(bodyOf(servers))
  expect(await take()).toMatchObject({ outcome: 'taken' })
  for (const death of [1, 2]) {
    const underWay = [store.shrinkTo(-1), take(), store.shrinkTo(0)]
    const died = {
      message: expect.stringContaining('[waybill] The thread that writes has died'),
      cause: expect.any(Error),
    }
    for (const each of underWay) await expect(each).rejects.toMatchObject(died)
    expect(faults).toHaveLength(death)
    // Until the next one is there nobody is left to wait.
    await expect(take()).rejects.toThrow('has died')
    expect(await store.trail(reference)).toHaveLength(servers.length)
    await expect.poll(() => take().catch(String)).toMatchObject({ outcome: 'taken' })
  }
  await store.stop()
  await expect(take()).rejects.toThrow()
})

test('while somebody else has locked the file look-ups go on, and intake waits, then asks to come again', async () => {
  const databaseFile = newFile()
  const faults: unknown[] = []
  await using desk = openDesk({
    database: databaseFile,
    limits: { lookUpsPerMinute: 1_000_000 },
    onError: (error) => faults.push(error),
  })
  const [first, second] = [refundTrail(), refundTrail()]
  expect((await desk.sendAsServer(first.servers)).status).toBe(200)
  const foreign = spawn(process.execPath, ['-e', LOCK, databaseFile], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(foreign.stdout, 'data')

  const answered = new AbortController()
  const sent = desk.sendAsServer(second.servers).finally(() => answered.abort())
  let lookUps = 0
  while (!answered.signal.aborted) {
    expect((await desk.lookUp(first.reference)).matches).toHaveLength(1)
    await new Promise((resolve) => setImmediate(resolve))
    lookUps++
  }
  expect(lookUps).toBeGreaterThan(10)
  const refused = await sent
  expect(refused.status).toBe(503)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(faults).toMatchObject([{ message: 'database is locked', errcode: 5 }])

  foreign.stdin.end()
  await once(foreign, 'exit')
  expect((await desk.sendAsServer(second.servers)).status).toBe(200)
  expect((await desk.lookUp(second.reference)).matches).toHaveLength(1)
})

const LOCK = `
const database = new (require('node:sqlite').DatabaseSync)(process.argv[1])
database.exec('BEGIN EXCLUSIVE')
console.log('locked')
process.stdin.resume().on('end', () => process.exit())`

test('a copy of the database files alone, without their logs, holds everything soon after it was written', async () => {
  const databaseFile = newFile()
  await using desk = openDesk({ database: databaseFile })
  const trails = Array.from({ length: 80 }, () => refundTrail())
  const copied = async (): Promise<unknown> => {
    const copy = newFile()
    cpSync(databaseFile, copy)
    mkdirSync(`${copy}.days`)
    for (const file of dayFiles(databaseFile)) cpSync(file, join(`${copy}.days`, basename(file)))
    const references = new Set((await storedSteps(copy)).map(({ reference }) => reference))
    return { trails: references.size, damage: [...new Set(damageOf(copy))] }
  }
  for (const half of [trails.slice(0, 40), trails.slice(40)]) {
    for (const { servers } of half) expect((await desk.sendAsServer(servers)).status).toBe(200)
    await expect.poll(copied).toEqual({ trails: half[0] === trails[0] ? 40 : 80, damage: ['ok'] })
  }
})

test('a clock that is set back or forth an hour keeps nothing from being written and found', async () => {
  let now = Date.now()
  const { store, takeBody } = openDeskStore({
    database: newFile(),
    identity: {},
    now: () => now,
    onError: console.error,
  })
  for (const hours of [0, -1, 1, 2, -2]) {
    now += hours * 3_600_000
    const { servers, reference } = refundTrail()
    expect(await takeBody(bodyOf(servers))).toMatchObject({ outcome: 'taken', rejected: 0 })
    expect(await store.trail(reference)).toHaveLength(servers.length)
    expect((await store.recent({ since: now - 1, limit: 1 })).references).toHaveLength(1)
  }
  await store.stop()
})

function bodyOf(steps: readonly Step[]): BodyToTake {
  return { bytes: Buffer.from(JSON.stringify(encodeOtlp(steps))), encoding: 'json', signal: 'traces', claimed: false }
}
