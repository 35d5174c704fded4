import { createWaybill } from '@waybill/server'
import { contextOfJob, queueTelemetry, tracedProcessor } from '@waybill/server/bullmq'
import { Queue, Worker } from 'bullmq'

const waybill = createWaybill({ service: 'refund-worker' })
const connection = { url: 'redis://127.0.0.1:6379', maxRetriesPerRequest: null }
const telemetry = queueTelemetry(waybill)

export const refunds = new Queue<{ refundId: string }>('refunds', { connection, telemetry })
const dead = new Queue<{ refundId: string }>('refunds-dead', { connection, telemetry })

const review = tracedProcessor<{ refundId: string }>(
  waybill,
  async (job) => waybill.note({ refund: job.data.refundId }),
  {
    onGiveUp: ({ step }) => step.effect('held', 'refund pending review'),
  },
)
export const reviewer = new Worker('refunds', review, { connection })

// BullMQ has no dead letters of its own: this makes some. Listeners run outside of the job, so they are told whose it was.
reviewer.on('failed', (job) => {
  if (job?.finishedOn) void waybill.resume(contextOfJob(waybill, job), () => dead.add('refund', job.data))
})
const handOver = tracedProcessor(waybill, async () => waybill.effect('held', 'refund pending review'), {
  deadLetter: true,
})
export const person = new Worker('refunds-dead', handOver, { connection })
