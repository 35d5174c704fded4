import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { createOpenAI } from '@ai-sdk/openai'
import { createWaybill } from '@waybill/server'
import { tracedDatabase } from '@waybill/server/sql'
import { outcomeOf } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { Hono } from 'hono'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listen } from '../../packages/server/fixtures/listen.ts'
import { missingServices, SERVICES } from '../../packages/server/fixtures/missingServices.ts'
import { openDatabase } from '../../packages/server/fixtures/openDatabase.ts'
import { createPool } from '../database/pool.ts'
import { SCHEMA, SETUP } from '../database/schema.ts'
import { createApp } from '../shop/createApp.ts'
import type { Shop } from '../shop/Shop.ts'
import { handOver } from '../worker/handOver.ts'
import { nightlySync } from '../worker/nightlySync.ts'
import { reviewRefund } from '../worker/reviewRefund.ts'
import type { Worker } from '../worker/Worker.ts'
import { openQueue } from './openQueue.ts'

const missing = await missingServices()

/** Shop and worker of the demo in one process, on an embedded database, with a model that never answers. */
async function startShop(kind: 'pg-boss' | 'bullmq') {
  const steps: Step[] = []
  const onStep = (step: Step): unknown => steps.push(step)
  const log = pino({ level: 'silent' })
  const database = await openDatabase('PGlite')
  const pool = database.openPool(4)
  await pool.query(SETUP)
  const model = await listen(createServer(() => undefined))
  const url = `redis://127.0.0.1:${SERVICES.Redis}`
  const prefix = `waybill-test-${randomBytes(6).toString('hex')}`
  const stallMs = 200
  const settings = { databaseUrl: database.url, redis: kind === 'bullmq' ? { url, prefix } : undefined, pool, stallMs }
  const api = createWaybill({ service: 'shop-api', onStep })
  const worker = createWaybill({ service: 'refund-worker', onStep })
  const onError = (error: Error): void => console.error(error)
  const sending = await openQueue({ ...settings, waybill: api, role: 'shop', onError })
  const working = await openQueue({ ...settings, waybill: worker, role: 'worker', onError })
  const job: Worker = {
    waybill: worker,
    pool,
    database: tracedDatabase(worker, pool),
    log,
    stallMs,
    model: createOpenAI({ baseURL: model.origin, apiKey: 'none' }).chat('refund-reviewer'),
  }
  await working.work({
    reviewRefund: (attempt, step) => reviewRefund(job, attempt, step),
    handOver: (attempt, step) => handOver(job, attempt, step),
    nightlySync: () => nightlySync(job),
  })
  const shop: Shop = {
    waybill: api,
    pool,
    database: tracedDatabase(api, pool),
    log,
    deskUrl: 'http://127.0.0.1:9',
    shopUrl: () => 'http://127.0.0.1:9',
    queue: sending,
  }
  return {
    steps,
    pool,
    sending,
    shop,
    app: createApp(shop, new Hono()),
    async stop() {
      await working.stop()
      await sending.stop()
      await model.stop()
      await database.close()
    },
  }
}

const KINDS = (['pg-boss', 'bullmq'] as const).filter((kind) => kind === 'pg-boss' || !missing.has('Redis'))

describe.each(KINDS)('the demo on %s', (kind) => {
  let demo: Awaited<ReturnType<typeof startShop>>
  beforeAll(async () => {
    demo = await startShop(kind)
  })
  afterAll(() => demo.stop())

  test('keeps a refund’s reference from its click to the person it is handed over to', async () => {
    const { steps, pool, app } = demo
    const orders = await app.request('/api/orders')
    const cookie = orders.headers.get('set-cookie')?.split(';')[0] ?? ''
    const { id: orderId } = (await orders.json()).orders[0]
    const asked = await app.request(`/api/orders/${orderId}/refund`, { method: 'POST', headers: { cookie } })
    expect(asked.status).toBe(202)
    const reference = asked.headers.get('trace-reference')
    const own = (): Step[] => steps.filter((step) => step.reference === reference)
    await expect.poll(() => own().filter((step) => step.deadLetter && !step.startedFor).length).toBe(1)

    const tried = own().filter((step) => step.hop === 'worker' && step.name === 'refunds' && !step.startedFor)
    expect(tried.map((step) => [step.attempt, step.maxAttempts, step.error?.type, step.facts?.['order']])).toEqual(
      [1, 2, 3].map((attempt) => [attempt, 3, 'timeout', orderId]),
    )
    expect(tried.at(-1)).toMatchObject({ effect: 'held', remains: 'refund pending review' })
    expect(new Set(tried.map((step) => step.jobId)).size).toBe(1)
    expect(outcomeOf(own())).toMatchObject({ state: 'failed', advice: 'manual-fix', remains: 'refund pending review' })
    const { rows } = await pool.query(`SELECT status, handed_over, trace_reference FROM ${SCHEMA}.refunds`)
    expect(rows).toEqual([{ status: 'pending review', handed_over: true, trace_reference: reference }])
  })

  test('queues nothing of a transaction that is rolled back, and syncs by a run of its own', async () => {
    const { steps, shop, sending } = demo
    const action = shop.waybill.mint()
    const failed = shop.waybill.resume(action, () =>
      shop.database.transaction('write the refund', async (client) => {
        await sending.sendRefund(client, { refundId: 'R-0', orderId: 'A-0' })
        throw new Error('no')
      }),
    )
    await expect(failed).rejects.toThrow('no')
    const run = shop.waybill.mint()
    await shop.waybill.resume(run, () => sending.sendNightlySync())
    await expect
      .poll(() => steps.some((step) => step.name === 'nightly sync' && step.reference === run.reference))
      .toBe(true)
    expect(steps.filter((step) => step.hop === 'worker' && step.reference === action.reference)).toEqual([])
  })
})

test('says in words that there is no Redis, and nothing of its password', async () => {
  const databaseUrl = 'postgres://127.0.0.1:9/none'
  const opening = openQueue({
    waybill: createWaybill({ service: 'shop-api' }),
    role: 'shop',
    databaseUrl,
    pool: createPool(databaseUrl),
    redis: { url: 'redis://user:secret@127.0.0.1:9', prefix: 'x' },
    stallMs: 1,
    onError: () => undefined,
  })
  const error = await opening.then(
    () => new Error('opened'),
    (reason: Error) => reason,
  )
  expect(error.message).toMatch(/^\[waybill\] No Redis answers at 127\.0\.0\.1:9, .*WAYBILL_DEMO_REDIS_URL/)
  expect(error.message).not.toContain('secret')
})
