import { setting } from '../launch/childSide.ts'
import type { QueueOptions } from './Queue.ts'

/** What the main process says of the queue. */
export function queueSettings(): Pick<QueueOptions, 'databaseUrl' | 'redis' | 'stallMs'> {
  const url = setting('REDIS_URL')
  return {
    databaseUrl: setting('DATABASE_URL'),
    redis: url ? { url, prefix: setting('REDIS_PREFIX') } : undefined,
    stallMs: Number(setting('STALL_MS')),
  }
}
