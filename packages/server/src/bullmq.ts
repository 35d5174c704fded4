import type { FlowJob, Job, Processor, Telemetry } from 'bullmq'
import { contextOfMessage } from './messages/contextOfMessage.ts'
import type { MessageOrigin } from './messages/contextOfMessage.ts'
import { plainDestination } from './messages/plainDestination.ts'
import { plainId } from './messages/plainId.ts'
import { processMessage } from './messages/processMessage.ts'
import { withoutContent } from './messages/withoutContent.ts'
import { errorTypeOf } from './step/errorType.ts'
import type { OpenStep } from './step/openStep.ts'
import type { ServerWaybill } from './ServerWaybill.ts'
import type { TraceContext } from './context/TraceContext.ts'

/**
 * What lets each job that a BullMQ queue or flow producer adds carry the reference in force, by a step of hop `queue`. Outside of a
 * context nothing is added. A worker does without it: `tracedProcessor` reads what the job carries.
 *
 * ```ts
 * const queue = new Queue('refunds', { connection, telemetry: queueTelemetry(waybill) })
 * new Worker('refunds', tracedProcessor(waybill, (job) => review(job.data)), { connection })
 * ```
 */
export function queueTelemetry(waybill: ServerWaybill): Telemetry<TraceContext | undefined> {
  const startSpan = (kind: number | undefined): Span => {
    // What a worker's loop does belongs to no action, even where an action created the worker.
    if (kind === CONSUMER) return { ...UNTOLD, setSpanOnContext: () => undefined }
    if (kind !== PRODUCER || !waybill.current()) return UNTOLD
    const attributes = { 'messaging.system': SYSTEM, 'messaging.operation.type': 'send' }
    const step = waybill.begin({ hop: 'queue', name: 'add', attributes })
    const set = (told: Readonly<Record<string, unknown>>): void => {
      const { [QUEUE]: queue, [JOB]: job, [BULK]: count } = told
      const name = typeof queue === 'string' && queue ? plainDestination(queue) : undefined
      const size = typeof count === 'number' ? count : undefined
      const attributes = { 'messaging.destination.name': name, 'messaging.batch.message_count': size }
      // A scheduler's first job belongs to the run that it will be, not to whoever sets it up.
      step.set({ name, jobId: SCHEDULER in told ? undefined : plainId(job), attributes })
    }
    return {
      ...UNTOLD,
      setSpanOnContext: () => step.context,
      setAttribute: (key, value) => set({ [key]: value }),
      setAttributes: set,
      recordException: (error) => step.set({ errorType: errorTypeOf(error) }),
      end: () => step.end(),
    }
  }
  return {
    tracer: { startSpan: (_, options) => waybill.guard(() => startSpan(options?.kind)) ?? UNTOLD },
    contextManager: {
      active: () => waybill.current(),
      with: (context, fn) => waybill.storage.run(context, fn),
      getMetadata: (context) => (context ? JSON.stringify(waybill.resume(context, () => waybill.inject({}))) : ''),
      fromMetadata: () => undefined,
    },
  }
}

/**
 * A processor for BullMQ's `Worker`, or the export of a sandboxed processor's file, whose jobs are worked under the reference they
 * carry: each attempt is a step of hop `worker`, seen while it goes on. What it throws decides on the retry as before; BullMQ stores
 * its class and the reference only, and listeners of `failed` find the error itself as `cause`.
 */
export function tracedProcessor<Data = unknown, Result = unknown, Name extends string = string>(
  waybill: ServerWaybill,
  processor: Processor<Data, Result, Name>,
  { deadLetter, onGiveUp }: TracedProcessorOptions<Data, Result, Name> = {},
): Processor<Data, Result, Name> {
  const attempt: Processor<Data, Result, Name> = async (job, token, signal) => {
    const { attemptsMade, stalledCounter } = job
    const planned = Math.max(job.opts.attempts ?? 1, attemptsMade + 1)
    const message = {
      ...originOf(job),
      destination: job.queueName,
      // A scheduler's jobs have its id and a time for one.
      jobId: job.repeatJobKey === undefined ? plainId(job.id) : plainId(job.repeatJobKey) && job.id,
      // A worker that died counts as an attempt, though BullMQ has a limit of its own for that.
      attempt: attemptsMade + stalledCounter + 1,
      maxAttempts: planned + stalledCounter,
      deadLetter,
    }
    let context: TraceContext | undefined
    try {
      const done = await processMessage(waybill, message, async (step) => {
        ;({ context } = step)
        try {
          return { result: await processor(job, token, signal) }
        } catch (error) {
          if (isPutOff(error)) return { error }
          if (attemptsMade + 1 >= planned || isUnrecoverable(error)) {
            step.set({ maxAttempts: message.attempt })
            await onGiveUp?.({ job, error, step })
          }
          throw error
        }
      })
      if ('error' in done) throw done.error
      return done.result
    } catch (error) {
      if (isPutOff(error)) throw error
      const bare = Object.assign(withoutContent(error, context?.reference), { cause: error })
      if (isUnrecoverable(error)) bare.name = UNRECOVERABLE
      throw bare
    }
  }
  // By the number of parameters BullMQ knows whether a processor listens to a signal.
  return processor.length >= 3 ? attempt : (job, token) => attempt(job, token)
}

export interface TracedProcessorOptions<Data, Result, Name extends string> {
  /** The queue is where the application sets jobs aside that it has given up. @default false */
  readonly deadLetter?: boolean | undefined
  /**
   * Called in the last attempt's context when it has failed: the place to declare how the work is left, and to add the job to a queue of
   * dead letters. A process that dies skips it; BullMQ's event `failed` comes then too, see `contextOfJob`.
   */
  readonly onGiveUp?:
    | ((last: {
        readonly job: Job<Data, Result, Name>
        readonly error: unknown
        readonly step: OpenStep
      }) => void | Promise<void>)
    | undefined
}

/**
 * Whose a job is, for listeners, which run outside of it:
 * `worker.on('failed', (job) => job && waybill.resume(contextOfJob(waybill, job), () => dead.add(job.name, job.data)))`.
 */
export function contextOfJob(waybill: ServerWaybill, job: JobOrigin): TraceContext {
  return contextOfMessage(waybill, originOf(job)).parent
}

/** The flow with options on each of its jobs: BullMQ lets those that have none carry nothing. */
export function tracedFlow(flow: FlowJob): FlowJob {
  return { ...flow, opts: flow.opts ?? {}, ...(flow.children && { children: flow.children.map(tracedFlow) }) }
}

/** What of a job says whose it is. */
export type JobOrigin = Pick<Job, 'queueQualifiedName' | 'id' | 'timestamp' | 'opts' | 'repeatJobKey'>

function originOf({ queueQualifiedName, id, timestamp, opts, repeatJobKey }: JobOrigin): MessageOrigin {
  const identity = `${queueQualifiedName} ${id} ${timestamp}`
  return { system: SYSTEM, carrier: carrierIn(opts.telemetry?.metadata), identity, repeats: repeatJobKey !== undefined }
}

function carrierIn(metadata: unknown): unknown {
  if (typeof metadata !== 'string') return undefined
  try {
    return JSON.parse(metadata)
  } catch {
    // What is no carrier cannot be believed either, and is said to have been refused.
    return { traceparent: metadata }
  }
}

/** By these BullMQ learns that the job is to come back later, which is no failure; nothing of them is stored. */
function isPutOff(error: unknown): boolean {
  const { name, message } = Object(error)
  return PUT_OFF.has(name) || message === 'bullmq:rateLimitExceeded'
}

function isUnrecoverable(error: unknown): boolean {
  return Object(error).name === UNRECOVERABLE
}

const PUT_OFF: ReadonlySet<unknown> = new Set(['DelayedError', 'WaitingError', 'WaitingChildrenError'])
const UNRECOVERABLE = 'UnrecoverableError'
const SYSTEM = 'bullmq'
/** Of BullMQ's `SpanKind`, which would load it. */
const PRODUCER = 3
const CONSUMER = 4
const QUEUE = 'bullmq.queue.name'
const JOB = 'bullmq.job.id'
const BULK = 'bullmq.job.bulk.count'
const SCHEDULER = 'bullmq.job.scheduler.id'

type Span = ReturnType<Telemetry<TraceContext | undefined>['tracer']['startSpan']>

const UNTOLD: Span = {
  setSpanOnContext: (context: TraceContext | undefined) => context,
  setAttribute: () => undefined,
  setAttributes: () => undefined,
  addEvent: () => undefined,
  recordException: () => undefined,
  end: () => undefined,
}
