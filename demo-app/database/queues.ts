import { PgBoss } from 'pg-boss'
import { QUEUE_SCHEMA } from './schema.ts'

export const REFUNDS = 'refunds'
export const REFUNDS_DEAD = 'refunds-dead'
export const NIGHTLY_SYNC = 'nightly-sync'

/** Makes the queue's tables and its queues where they are missing. A refund is tried three times, then dead-lettered. */
export async function createQueues(options: QueueOptions): Promise<void> {
  const boss = await openQueues(options)
  await boss.createQueue(REFUNDS_DEAD)
  // An attempt asks the model twice at most; the queue takes the job back only after both could have timed out.
  const expireInSeconds = Math.ceil(options.stallMs / 500) + 30
  await boss.createQueue(REFUNDS, { retryLimit: 2, retryDelay: 1, expireInSeconds, deadLetter: REFUNDS_DEAD })
  await boss.createQueue(NIGHTLY_SYNC, { retryLimit: 1 })
  await boss.stop({ graceful: false })
}

/**
 * Connects to the queues. They have to exist: pg-boss reads them when it starts, and one that it must look up later, from
 * within somebody's transaction, would wait for ever on a database with a single session.
 */
export async function openQueues({ url, onError, schedule = false }: QueueOptions): Promise<PgBoss> {
  const boss = new PgBoss({ connectionString: url, schema: QUEUE_SCHEMA, max: 3, schedule })
  boss.on('error', onError)
  await boss.start()
  return boss
}

export interface QueueOptions {
  readonly url: string
  /** How long the worker waits for the model, milliseconds. */
  readonly stallMs: number
  readonly onError: (error: Error) => void
  /** Whether this process watches the clock for scheduled jobs; one is enough. @default false */
  readonly schedule?: boolean
}
