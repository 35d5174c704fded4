import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { dayFiles } from '../../fixtures/dayFiles.ts'
import { openDesk, TOKEN } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'

const folder = mkdtempSync(join(tmpdir(), 'waybill-damaged-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('where a day of the desk’s own cannot be read, no answer calls anything absent, and lists say so, too', async () => {
  const databaseFile = join(folder, 'desk.db')
  const { servers, reference } = refundTrail()
  {
    await using desk = openDesk({ database: databaseFile })
    await desk.sendAsServer(servers)
    expect(await desk.lookUp(reference)).toMatchObject({ complete: true, unseen: [] })
  }
  for (const file of dayFiles(databaseFile)) {
    const bytes = readFileSync(file)
    writeFileSync(file, bytes.fill(0x5a, 0, 4096))
  }
  await using desk = openDesk({ database: databaseFile, onError: () => {} })
  const unseen = [expect.objectContaining({ where: 'desk', reason: 'damaged' })]
  expect(await desk.lookUp(reference)).toMatchObject({ matches: [], complete: false, unseen })
  const headers = { authorization: `Bearer ${TOKEN}` }
  for (const path of ['/api/recent?since=1h', `/api/customers/${'ab'.repeat(8)}`]) {
    const answer = await desk.request(path, { headers })
    expect(await answer.json(), path).toMatchObject({ trails: [], unseen })
  }
})
