import { performance } from 'node:perf_hooks'
import type {
  InsertOptions,
  JobInsert,
  JobWithMetadata,
  PgBoss,
  ScheduleOptions,
  SendOptions,
  WorkOptions,
} from 'pg-boss'
import type { Reference } from '@waybill/reference'
import { openEnvelope, sealEnvelope } from './messages/jobEnvelope.ts'
import { processMessage } from './messages/processMessage.ts'
import { sendMessage } from './messages/sendMessage.ts'
import { withoutContent } from './messages/withoutContent.ts'
import type { OpenStep } from './step/openStep.ts'
import type { ServerWaybill } from './ServerWaybill.ts'

/**
 * pg-boss with the reference on every job. Sending is a step of hop `queue`; each attempt is one of hop `worker`, seen while
 * it goes on. The reference travels under the key `_waybill` of the job's data, so retries keep it, and so does the job's copy in
 * a dead-letter queue, which is worked on like any other queue, under the customer's reference.
 */
export function tracedQueue(
  waybill: ServerWaybill,
  boss: Pick<PgBoss, 'send' | 'insert' | 'publish' | 'schedule' | 'work'>,
): TracedQueue {
  const sending = (destination: string) => ({ system: 'pg-boss', destination })

  async function attempt<Data>(
    job: JobWithMetadata,
    handler: JobHandler<Data>,
    onGiveUp: GiveUpHandler<Data> | undefined,
  ): Promise<unknown> {
    const { carrier, data } = openEnvelope(job.data)
    // The type is the word of whoever calls `work`, as it is in pg-boss itself.
    const traced: TracedJob<Data> = {
      ...job,
      data: data as Data,
      attempt: job.retryCount + 1,
      maxAttempts: job.retryLimit + 1,
    }
    const message = {
      system: 'pg-boss',
      destination: job.name,
      carrier,
      repeats: carrier[REPEATS] === true,
      identity: job.sourceRootId ?? job.sourceId ?? job.id,
      jobId: job.id,
      attempt: traced.attempt,
      maxAttempts: traced.maxAttempts,
      // Set on what pg-boss moved to a dead-letter queue, whatever that is called.
      deadLetter: job.sourceId !== null && job.sourceId !== undefined,
    }
    let reference: Reference | undefined
    try {
      return await processMessage(waybill, message, async (step) => {
        ;({ reference } = step.context)
        try {
          return await untilClaimEnds(job, handler(traced, step))
        } catch (error) {
          if (traced.attempt >= traced.maxAttempts) await onGiveUp?.({ job: traced, error, step })
          throw error
        }
      })
    } catch (error) {
      throw withoutContent(error, reference)
    }
  }

  return {
    send: (queue, data, options) =>
      sendMessage(waybill, sending(queue), async (carrier, step) => {
        const jobId = await boss.send(queue, sealEnvelope(data, carrier), options)
        if (jobId) step.set({ jobId })
        return jobId
      }),
    insert: (queue, jobs, options) =>
      sendMessage(waybill, sending(queue), (carrier, step) => {
        step.set({ attributes: { 'messaging.batch.message_count': jobs.length } })
        const sealed = jobs.map((job) => ({ ...job, data: sealEnvelope(job.data ?? null, carrier) }))
        return boss.insert(queue, sealed, options)
      }),
    publish: (event, data, options) =>
      sendMessage(waybill, sending(event), (carrier) => boss.publish(event, sealEnvelope(data, carrier), options)),
    schedule: (queue, cron, data, options) =>
      sendMessage(waybill, sending(queue), (carrier) =>
        boss.schedule(queue, cron, sealEnvelope(data, { ...carrier, [REPEATS]: true }), options),
      ),
    work<Data>(queue: string, { onGiveUp, ...options }: TracedWorkOptions<Data>, handler: JobHandler<Data>) {
      const whole = { ...options, batchSize: 1, includeMetadata: true } as const
      return boss.work<object, unknown, typeof whole>(
        queue,
        whole,
        async ([job]) => job && attempt(job, handler, onGiveUp),
      )
    },
  }
}

export interface TracedQueue {
  /**
   * `boss.send`; null when pg-boss declined the job, as for a singleton. With `{ startAfter }` it is `sendAfter`, with
   * `{ singletonSeconds, singletonKey }` `sendThrottled`, and with `singletonNextSlot` beside those `sendDebounced`.
   */
  send(queue: string, data: object | null, options?: SendOptions): Promise<string | null>
  /** `boss.insert`: many jobs by one step. */
  insert(queue: string, jobs: JobInsert[], options?: InsertOptions): Promise<string[] | null>
  /** `boss.publish`: a job in each queue that subscribed to the event. */
  publish(event: string, data: object | null, options?: SendOptions): Promise<void>
  /**
   * `boss.schedule`. Each run has a reference of its own, with a link to the context that set it up, and never that context's.
   * What is set up by `boss.schedule` itself has no link.
   */
  schedule(queue: string, cron: string, data: object | null, options?: ScheduleOptions): Promise<void>
  /**
   * `boss.work`, one job at a time (`localConcurrency` for more). What the handler throws decides on the retry as before; pg-boss
   * stores its class and the reference only, because the errors of model libraries hold prompts and answers.
   */
  work<Data>(queue: string, options: TracedWorkOptions<Data>, handler: JobHandler<Data>): Promise<string>
}

export type JobHandler<Data> = (job: TracedJob<Data>, step: OpenStep) => Promise<unknown>

/** In the carrier of what a clock repeats. */
const REPEATS = 'repeats'

/** A job with its metadata, its data as they were sent, and the number of its attempt, from 1. */
export type TracedJob<Data> = JobWithMetadata<Data> & { readonly attempt: number; readonly maxAttempts: number }

export type TracedWorkOptions<Data> = Omit<
  WorkOptions,
  'batchSize' | 'includeMetadata' | 'perJobResults' | 'transactional'
> & {
  /**
   * Called in the last attempt's context when it has failed: the place to declare how the work is left. A process that dies
   * skips it; what must happen belongs into a worker on the dead-letter queue.
   */
  readonly onGiveUp?: GiveUpHandler<Data> | undefined
}

type GiveUpHandler<Data> = (last: {
  readonly job: TracedJob<Data>
  readonly error: unknown
  readonly step: OpenStep
}) => void | Promise<void>

/** The handler's result, unless pg-boss takes the job back first: expired, or the worker is shutting down. */
async function untilClaimEnds<T>(job: JobWithMetadata, handling: Promise<T>): Promise<T> {
  const { signal, expireInSeconds } = job
  const startedAt = performance.now()
  let onAbort: (() => void) | undefined
  const ended = new Promise<never>((_, reject) => {
    onAbort = () => {
      // pg-boss aborts without a reason; only the clock tells an expired job from one that was interrupted. Its own began somewhat earlier.
      const expired = performance.now() - startedAt >= expireInSeconds * 900
      reject(new DOMException('[waybill] pg-boss took the job back.', expired ? 'TimeoutError' : 'AbortError'))
    }
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([handling, ended])
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort)
  }
}
