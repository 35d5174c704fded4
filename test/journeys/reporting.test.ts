import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDesk } from '@waybill/desk'
import { createWaybill } from '@waybill/server'
import { expect, test } from 'vitest'
import { storedCount, storedSteps } from '../../packages/desk/fixtures/dayFiles.ts'

test('a burst of 20 000 steps reaches a real desk whole, compressed and several requests at a time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-reporting-'))
  const databaseFile = join(folder, 'desk.sqlite')
  const desk = await startDesk({
    database: databaseFile,
    readToken: 'token-for-reading',
    ingestKeys: ['secret-key-for-servers'],
    port: 0,
  })
  const faults: string[] = []
  const recorded: string[] = []
  const waybill = createWaybill({
    service: 'shop-api',
    deliverTo: desk.url,
    key: 'secret-key-for-servers',
    onStep: (step) => recorded.push(step.id),
    onError: (error) => faults.push(String(error)),
  })
  for (let i = 0; i < 20_000; i++) {
    const step = waybill.begin({ hop: 'api', name: 'GET /hello/:name', facts: { order: `A-${i}` } })
    step.set({ attributes: { 'http.route': '/hello/:name', 'http.response.status_code': 200 } })
    step.end()
  }
  // `stop` gives up after five seconds, which a busy machine may need.
  await expect.poll(() => storedCount(databaseFile), { timeout: 60_000 }).toBe(20_000)
  await waybill.stop()
  const stored = await storedSteps(databaseFile)
  await desk.stop()
  await rm(folder, { recursive: true })
  expect(faults).toEqual([])
  expect(stored.map(({ id }) => id).toSorted()).toEqual(recorded.toSorted())
})
