import { createWaybill } from '@waybill/server'
import { tracedQueue } from '@waybill/server/pg-boss'
import type { PgBoss } from 'pg-boss'

const waybill = createWaybill({ service: 'refund-worker' })

export async function startRefunds(boss: PgBoss): Promise<void> {
  await boss.createQueue('refunds-dead')
  await boss.createQueue('refunds', { retryLimit: 2, deadLetter: 'refunds-dead' })
  const queue = tracedQueue(waybill, boss)

  await queue.work<{ refundId: string }>('refunds', {}, async (job, step) => {
    step.note({ refund: job.data.refundId, attempt: job.attempt })
  })
  await queue.work<{ refundId: string }>('refunds-dead', {}, async (_, step) => {
    step.effect('held', 'refund pending review')
  })
  await queue.send('refunds', { refundId: 'R-501' })
}
