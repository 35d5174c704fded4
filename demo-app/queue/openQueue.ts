import { openBossQueue } from './bossQueue.ts'
import type { Queue, QueueOptions } from './Queue.ts'

/** The queue that `--queue` named. */
export async function openQueue({ redis, ...options }: QueueOptions): Promise<Queue> {
  if (!redis) return openBossQueue(options)
  // Only whoever asks for BullMQ needs it.
  const { openBullQueue } = await import('./bullQueue.ts')
  return openBullQueue({ ...options, redis })
}
