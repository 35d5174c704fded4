import { createOpenAI } from '@ai-sdk/openai'
import { createWaybill } from '@waybill/server'
import { traceModels } from '@waybill/server/ai'
import { traceOutgoing } from '@waybill/server/http-out'
import { tracedQueue } from '@waybill/server/pg-boss'
import { waybillMixin } from '@waybill/server/pino'
import { tracedDatabase } from '@waybill/server/sql'
import { pino } from 'pino'
import { createPool } from '../database/pool.ts'
import { NIGHTLY_SYNC, openQueues, REFUNDS, REFUNDS_DEAD } from '../database/queues.ts'
import { runAsChild, setting } from '../launch/childSide.ts'
import { handOver } from './handOver.ts'
import { nightlySync } from './nightlySync.ts'
import { reviewRefund } from './reviewRefund.ts'
import type { RefundJob, Worker } from './Worker.ts'

await runAsChild(async () => {
  const waybill = createWaybill({
    service: 'refund-worker',
    deliverTo: setting('DESK_URL'),
    key: setting('WAYBILL_INGEST_KEY'),
    onError: (error) => log.warn({ error: String(error) }, 'waybill'),
  })
  const log = pino({ mixin: waybillMixin(waybill) })
  const stallMs = Number(setting('STALL_MS'))
  const pool = createPool(setting('DATABASE_URL'))
  const modelUrl = setting('MODEL_URL')
  const stopHttp = traceOutgoing(waybill, { origins: [new URL(modelUrl).origin] })
  const stopModels = traceModels(waybill)
  const worker: Worker = {
    waybill,
    pool,
    database: tracedDatabase(waybill, pool),
    log,
    model: createOpenAI({ baseURL: modelUrl, apiKey: setting('MODEL_KEY') }).chat('refund-reviewer'),
    stallMs,
  }
  const boss = await openQueues({
    url: setting('DATABASE_URL'),
    stallMs,
    schedule: true,
    onError: (error) => log.error({ error: error.name }, 'queue'),
  })
  const queue = tracedQueue(waybill, boss)
  const often = { pollingIntervalSeconds: 0.5 }
  await queue.work<RefundJob>(
    REFUNDS,
    { ...often, localConcurrency: 20, onGiveUp: ({ step }) => step.effect('held', 'refund pending review') },
    (job, step) => reviewRefund(worker, job, step),
  )
  await queue.work<RefundJob>(REFUNDS_DEAD, { ...often, localConcurrency: 4 }, (job, step) =>
    handOver(worker, job, step),
  )
  await queue.work(NIGHTLY_SYNC, often, () => nightlySync(worker))
  // What the clock sends carries no reference, so that each night's run begins its own.
  await boss.schedule(NIGHTLY_SYNC, '0 2 * * *')
  return {
    stop: async () => {
      await boss.stop({ graceful: false })
      stopModels()
      stopHttp()
      await waybill.stop()
      await pool.end()
    },
  }
})
