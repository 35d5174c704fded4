import { tracedQueue } from '@waybill/server/pg-boss'
import { PgBoss } from 'pg-boss'
import { QUEUE_SCHEMA } from '../database/schema.ts'
import { NIGHTLY_SYNC, REFUNDS, REFUNDS_DEAD } from './Queue.ts'
import type { Queue, QueueOptions, RefundJob } from './Queue.ts'

/** pg-boss in the shop's own database, so that a job can be a part of the transaction that it is about. */
export async function openBossQueue({
  waybill,
  role,
  databaseUrl,
  stallMs,
  onError,
}: Omit<QueueOptions, 'redis'>): Promise<Queue> {
  // One process watches the clock for scheduled jobs.
  const connect = (): Promise<PgBoss> => startBoss({ databaseUrl, onError, schedule: role === 'worker' })
  if (role === 'shop') await createQueues(await connect(), stallMs)
  // The queues have to exist: pg-boss reads them when it starts, and one that it must look up later, from within somebody's
  // transaction, would wait for ever on a database with a single session.
  const boss = await connect()
  const queue = tracedQueue(waybill, boss)
  return {
    async sendRefund(client, refund) {
      await queue.send(REFUNDS, refund, { db: { executeSql: (text, values) => client.query(text, values) } })
    },
    async sendNightlySync() {
      await queue.send(NIGHTLY_SYNC, {})
    },
    async work({ reviewRefund, handOver, nightlySync }) {
      const often = { pollingIntervalSeconds: 0.5 }
      await queue.work<RefundJob>(
        REFUNDS,
        { ...often, localConcurrency: 20, onGiveUp: ({ step }) => step.effect('held', 'refund pending review') },
        reviewRefund,
      )
      await queue.work<RefundJob>(REFUNDS_DEAD, { ...often, localConcurrency: 4 }, handOver)
      await queue.work(NIGHTLY_SYNC, often, nightlySync)
      // What the clock sends carries no reference, so that each night's run begins its own.
      await boss.schedule(NIGHTLY_SYNC, '0 2 * * *')
    },
    stop: () => boss.stop({ graceful: false }),
  }
}

/** Makes the queues where they are missing. */
async function createQueues(boss: PgBoss, stallMs: number): Promise<void> {
  await boss.createQueue(REFUNDS_DEAD)
  // An attempt asks the model twice at most; the queue takes the job back only after both could have timed out.
  const expireInSeconds = Math.ceil(stallMs / 500) + 30
  await boss.createQueue(REFUNDS, { retryLimit: 2, retryDelay: 1, expireInSeconds, deadLetter: REFUNDS_DEAD })
  await boss.createQueue(NIGHTLY_SYNC, { retryLimit: 1 })
  await boss.stop({ graceful: false })
}

async function startBoss({
  databaseUrl,
  onError,
  schedule,
}: Pick<QueueOptions, 'databaseUrl' | 'onError'> & { schedule: boolean }): Promise<PgBoss> {
  const boss = new PgBoss({ connectionString: databaseUrl, schema: QUEUE_SCHEMA, max: 3, schedule })
  boss.on('error', onError)
  await boss.start()
  return boss
}
