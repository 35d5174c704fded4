import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openDesk, SERVER_KEY, TOKEN } from '../../../fixtures/openDesk.ts'
import { refundTrail } from '../../../fixtures/refundTrail.ts'
import { startDeskProcess } from '../../../fixtures/startDeskProcess.ts'
import { createSqliteStore } from './sqliteStore.ts'

const folder = mkdtempSync(join(tmpdir(), 'waybill-lock-'))
afterAll(() => rmSync(folder, { recursive: true }))
const options = { readToken: TOKEN, ingestKeys: [SERVER_KEY] }

test('a database belongs to one desk, until that is stopped or killed', async () => {
  const databaseFile = join(folder, 'desk.db')
  const running = await startDeskProcess({ database: databaseFile, ...options })
  await expect(startDeskProcess({ database: databaseFile, ...options })).rejects.toThrow(
    '[waybill] Another desk runs on this database',
  )
  const otherName = join(folder, 'other-name.db')
  symlinkSync(databaseFile, otherName)
  for (const name of [databaseFile, otherName])
    expect(() => openDesk({ database: name })).toThrow('Another desk runs on this database')
  await running.kill()
  {
    await using desk = openDesk({ database: databaseFile })
    expect((await desk.sendAsServer(refundTrail().servers)).status).toBe(200)
    expect(() => openDesk({ database: otherName })).toThrow('Another desk runs on this database')
  }
  await openDesk({ database: otherName })[Symbol.asyncDispose]()
})

test('tools may open the database of a running desk, and every desk has a memory of its own', async () => {
  const databaseFile = join(folder, 'with-tools.db')
  await using desk = openDesk({ database: databaseFile })
  const [sent, added] = [refundTrail(), refundTrail()]
  await desk.sendAsServer(sent.servers)
  const tool = createSqliteStore({ databaseFile })
  expect(await tool.trail(sent.reference)).toHaveLength(sent.servers.length)
  await tool.append(added.servers.map((step) => ({ ...step, person: undefined })))
  await tool.stop()
  expect((await desk.lookUp(added.reference)).matches).toHaveLength(1)
  await using first = openDesk()
  await using second = openDesk()
  await first.sendAsServer(sent.servers)
  expect((await second.lookUp(sent.reference)).matches).toEqual([])
})
