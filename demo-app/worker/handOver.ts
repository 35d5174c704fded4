import { SCHEMA } from '../database/schema.ts'
import type { JobStep, RefundAttempt } from '../queue/Queue.ts'
import type { Worker } from './Worker.ts'

/** Takes up a refund that all attempts failed for: it stays pending review, and is now a person's to decide. */
export async function handOver({ database, log }: Worker, { data }: RefundAttempt, step: JobStep): Promise<void> {
  step.note({ refund: data.refundId, order: data.orderId })
  await database.transaction('hand the refund over', (client) =>
    client.query(`UPDATE ${SCHEMA}.refunds SET handed_over = true WHERE id = $1`, [data.refundId]),
  )
  step.effect('held', 'refund pending review')
  log.warn({ refund: data.refundId }, 'refund handed over to a person')
}
