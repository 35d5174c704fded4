import { createOpenAI } from '@ai-sdk/openai'
import { createWaybill } from '@waybill/server'
import { traceModels } from '@waybill/server/ai'
import { traceOutgoing } from '@waybill/server/http-out'
import { waybillMixin } from '@waybill/server/pino'
import { tracedDatabase } from '@waybill/server/sql'
import { pino } from 'pino'
import { createPool } from '../database/pool.ts'
import { runAsChild, setting } from '../launch/childSide.ts'
import { openQueue } from '../queue/openQueue.ts'
import { queueSettings } from '../queue/queueSettings.ts'
import { handOver } from './handOver.ts'
import { nightlySync } from './nightlySync.ts'
import { reviewRefund } from './reviewRefund.ts'
import type { Worker } from './Worker.ts'

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
  const queue = await openQueue({
    waybill,
    role: 'worker',
    ...queueSettings(),
    pool,
    onError: (error) => log.error({ error: error.name }, 'queue'),
  })
  await queue.work({
    reviewRefund: (job, step) => reviewRefund(worker, job, step),
    handOver: (job, step) => handOver(worker, job, step),
    nightlySync: () => nightlySync(worker),
  })
  return {
    stop: async () => {
      await queue.stop()
      stopModels()
      stopHttp()
      await waybill.stop()
      await pool.end()
    },
  }
})
