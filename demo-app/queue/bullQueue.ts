import { contextOfJob, queueTelemetry, tracedProcessor } from '@waybill/server/bullmq'
import { Queue as BullQueue, Worker } from 'bullmq'
import type { Job } from 'bullmq'
import { Redis } from 'ioredis'
import { openOutbox } from './outbox.ts'
import type { Queue, QueueOptions, RefundAttempt, RefundJob } from './Queue.ts'
import { NIGHTLY_SYNC, REFUNDS, REFUNDS_DEAD } from './Queue.ts'

/**
 * BullMQ on Redis, which knows nothing of the shop's transactions: a refund's job is written into an outbox by the transaction, and added
 * to the queue once that is committed.
 */
export async function openBullQueue({
  waybill,
  role,
  pool,
  redis,
  onError,
}: QueueOptions & { redis: object }): Promise<Queue> {
  const { url, prefix } = redis
  await expectRedis(url)
  const options = { connection: { url, maxRetriesPerRequest: null }, prefix }
  const opened: (() => Promise<unknown>)[] = []
  const openQueue = <Data>(name: string): BullQueue<Data> => {
    const queue = new BullQueue<Data>(name, { ...options, telemetry: queueTelemetry(waybill) })
    queue.on('error', onError)
    // The keys are this run's, and the shop is the last to use them.
    opened.unshift(async () => {
      if (role === 'shop') await queue.obliterate({ force: true })
      await queue.close()
    })
    return queue
  }
  const openWorker = (worker: Worker): Worker => {
    opened.unshift(() => worker.close(true))
    return worker.on('error', onError)
  }
  const refunds = openQueue<RefundJob>(REFUNDS)
  const dead = openQueue<RefundJob>(REFUNDS_DEAD)
  const nightly = openQueue<object>(NIGHTLY_SYNC)
  const outbox = await openOutbox({
    waybill,
    pool,
    onError,
    // One that is sent twice, because its sender died in between, is one job all the same.
    send: (refund) => refunds.add(REFUNDS, refund, { ...RETRIED, jobId: refund.refundId }),
  })
  if (role === 'shop') opened.unshift(outbox.relay())

  return {
    sendRefund: (client, refund) => outbox.write(client, refund),
    async sendNightlySync() {
      await nightly.add(NIGHTLY_SYNC, {}, ONCE_MORE)
    },
    async work({ reviewRefund, handOver, nightlySync }) {
      const review = tracedProcessor<RefundJob, void>(waybill, (job) => reviewRefund(attemptOf(job), waybill), {
        onGiveUp: ({ step }) => step.effect('held', 'refund pending review'),
      })
      // A worker that died again and again gives up, too; BullMQ tells of both here, and only here of that.
      const setAside = (job: Job<RefundJob> | undefined): unknown =>
        job?.finishedOn &&
        waybill.resume(contextOfJob(waybill, job), () => dead.add(REFUNDS_DEAD, job.data)).catch(onError)
      openWorker(new Worker(REFUNDS, review, { ...options, concurrency: 20 })).on('failed', setAside)
      const giveToPerson = tracedProcessor<RefundJob, void>(waybill, (job) => handOver(attemptOf(job), waybill), {
        deadLetter: true,
      })
      openWorker(new Worker(REFUNDS_DEAD, giveToPerson, { ...options, concurrency: 4 }))
      openWorker(new Worker(NIGHTLY_SYNC, tracedProcessor(waybill, nightlySync), options))
      await nightly.upsertJobScheduler(NIGHTLY_SYNC, { pattern: '0 2 * * *' }, { name: NIGHTLY_SYNC, opts: ONCE_MORE })
    },
    async stop() {
      for (const stop of opened) await stop()
    },
  }
}

const RETRIED = { attempts: 3, backoff: { type: 'fixed', delay: 1000 } } as const
const ONCE_MORE = { attempts: 2 }

function attemptOf({ data, attemptsMade, stalledCounter }: Job<RefundJob>): RefundAttempt {
  return { data, attempt: attemptsMade + stalledCounter + 1 }
}

/** A queue would wait for it without a word. */
async function expectRedis(url: string): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: 3000, retryStrategy: () => null })
  // It is thrown by `connect` as well.
  redis.on('error', () => undefined)
  try {
    await redis.connect()
  } catch (cause) {
    const { host } = new URL(url)
    throw new Error(
      `[waybill] No Redis answers at ${host}, and --queue bullmq needs one. Start it, or name another by WAYBILL_DEMO_REDIS_URL=redis://HOST:PORT.`,
      { cause },
    )
  } finally {
    redis.disconnect()
  }
}
