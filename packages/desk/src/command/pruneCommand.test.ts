import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import { runWaybill } from '../../fixtures/waybillProcess.ts'
import { createSqliteStore } from '../store/sqlite/sqliteStore.ts'

test('waybill prune forgets nothing by a clock that is far ahead, and with --force all that is due, beside a running desk', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-prune-'))
  const databaseFile = join(folder, 'desk.db')
  const store = createSqliteStore({ databaseFile, now: () => Date.now() - 60 * 86_400_000 })
  const { servers, reference } = refundTrail()
  await store.append(servers.map((step) => ({ ...step, person: undefined })))
  const refused = await runWaybill(['prune', '--database', databaseFile])
  expect(refused).toMatchObject({ code: 1, out: '0 forgotten, 1 left that are older than 30 days\n' })
  expect(refused.errors).toMatch(/^\[waybill\] The clock is (59|60) days ahead .* If it is right, add --force\.\n$/)
  expect(await store.known([reference])).toEqual([reference])
  const forced = await runWaybill(['prune', '--database', databaseFile, '--force'])
  expect(forced).toEqual({ code: 0, out: '1 forgotten, 0 left that are older than 30 days\n', errors: '' })
  expect(await store.known([reference])).toEqual([])
  await store.stop()
  rmSync(folder, { recursive: true })
})
