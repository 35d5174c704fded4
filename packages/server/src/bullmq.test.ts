import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createWaybill } from '@waybill/server'
import { contextOfJob, queueTelemetry, tracedFlow, tracedProcessor } from '@waybill/server/bullmq'
import { outcomeOf } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { DelayedError, FlowProducer, Queue, UnrecoverableError, WaitingChildrenError, Worker } from 'bullmq'
import type { Job, Processor, QueueOptions, WorkerOptions } from 'bullmq'
import { Redis } from 'ioredis'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { describeKilledWorker } from '../fixtures/describeKilledWorker.ts'
import { describeQueue } from '../fixtures/describeQueue.ts'
import { missingServices } from '../fixtures/missingServices.ts'
import { CONNECTION } from '../fixtures/queues/bullmqConnection.ts'
import { openKillable } from '../fixtures/queues/bullmqKillable.ts'
import { bullmqQueue } from '../fixtures/queues/bullmqQueue.ts'
import { startDesk } from '../fixtures/startDesk.ts'

const missing = await missingServices()

if (!missing.has('Redis')) {
  describeQueue('the queue of BullMQ', bullmqQueue)
  describeKilledWorker('a killed worker of BullMQ', openKillable, 'bullmqKillable.ts')
}

describe.skipIf(missing.has('Redis'))('BullMQ', () => {
  let steps: Step[] = []
  const api = createWaybill({ service: 'shop-api', onStep: (step) => steps.push(step) })
  const worker = createWaybill({ service: 'refund-worker', onStep: (step) => steps.push(step) })
  const telemetry = queueTelemetry(api)
  const options = { connection: CONNECTION, prefix: `waybill-test-${randomBytes(6).toString('hex')}` }
  const opened: { close(): Promise<void> }[] = []
  const open = <T extends { close(): Promise<void> }>(each: T): T => {
    opened.unshift(each)
    return each
  }
  const newName = (): string => randomBytes(6).toString('hex')
  const openQueue = (name: string, more: Partial<QueueOptions> = {}): Queue =>
    open(new Queue(name, { ...options, telemetry, ...more }))
  const work = (name: string, processor: Processor | string, more: Partial<WorkerOptions> = {}): Worker =>
    open(new Worker(name, processor, { ...options, drainDelay: 1, ...more }))
  const ended = (): Step[] => steps.filter(({ hop, startedFor }) => hop === 'worker' && !startedFor)
  const endedOf = (count: number): Promise<unknown> =>
    Promise.resolve(expect.poll(() => ended().length, { timeout: 15_000 }).toBe(count))
  const told = (): unknown[] => ended().map((step) => [step.attempt, step.maxAttempts, step.status, step.error?.type])

  beforeEach(() => {
    steps = []
  })
  afterAll(async () => {
    for (const each of opened) await each.close()
    const redis = new Redis(CONNECTION)
    const keys = await redis.keys(`${options.prefix}:*`)
    if (keys.length > 0) await redis.del(keys)
    await redis.quit()
  })

  test('keeps the reference in bulk and in flows, whose children are caused by their parents’ steps', async () => {
    const [parent, child] = [newName(), newName()]
    const handled: unknown[] = []
    const processor = tracedProcessor(worker, async (job: Job) => {
      handled.push([job.name, worker.current()?.reference])
    })
    work(parent, processor)
    work(child, processor)
    const context = api.mint()
    await api.resume(context, async () => {
      await openQueue(child).addBulk([
        { name: 'bulk', data: 1 },
        { name: 'bulk', data: 2, opts: { attempts: 2 } },
      ])
      const flow = {
        name: 'whole',
        queueName: parent,
        children: [
          { name: 'part', queueName: child, children: [{ name: 'leaf', queueName: child }] },
          { name: 'part', queueName: child, opts: { attempts: 2 } },
        ],
      }
      await open(new FlowProducer({ ...options, telemetry })).add(tracedFlow(flow))
    })
    await endedOf(6)
    const names = ['bulk', 'bulk', 'leaf', 'part', 'part', 'whole']
    expect(handled).toHaveLength(6)
    expect(handled).toEqual(expect.arrayContaining(names.map((name) => [name, context.reference])))
    const queued = new Map(steps.filter((step) => step.hop === 'queue').map((step) => [step.id, step]))
    expect(ended().every((step) => queued.has(step.parentId ?? ''))).toBe(true)
    const bulk = [...queued.values()].filter((step) => step.attributes?.['messaging.batch.message_count'] === 2)
    expect(bulk).toMatchObject([{ name: child, reference: context.reference }])
    expect(new Set(steps.map((step) => step.reference))).toEqual(new Set([context.reference]))
    expect(outcomeOf(steps).state).toBe('succeeded')
  })

  test('leaves what puts a job off to BullMQ, and counts none of it as a failure', async () => {
    const [name, child] = [newName(), newName()]
    const queue = openQueue(name)
    const phases: unknown[] = []
    const running = work(
      name,
      tracedProcessor(worker, async (job: Job, token) => {
        phases.push([job.data.phase, worker.current()?.reference])
        const next = (phase: number): Promise<void> => job.updateData({ phase })
        if (job.data.phase === 0) {
          await next(1)
          await job.moveToDelayed(Date.now() + 20, token)
          throw new DelayedError()
        }
        if (job.data.phase === 1) {
          await next(2)
          await running.rateLimit(20)
          throw Worker.RateLimitError()
        }
        if (job.data.phase === 2) {
          await next(3)
          const parent = { id: String(job.id), queue: job.queueQualifiedName }
          await openQueue(child, { telemetry: queueTelemetry(worker) }).add('part', {}, { parent })
          if (await job.moveToWaitingChildren(String(token))) throw new WaitingChildrenError()
        }
        return 'done'
      }),
      { limiter: { max: 100, duration: 1000 } },
    )
    work(
      child,
      tracedProcessor(worker, async () => undefined),
    )
    const context = api.mint()
    const job = await api.resume(context, () => queue.add('refund', { phase: 0 }, { attempts: 2 }))
    await endedOf(5)
    expect(phases).toEqual([0, 1, 2, 3].map((phase) => [phase, context.reference]))
    const own = ended().filter((step) => step.name === name)
    expect(own.map((step) => [step.jobId, step.attempt, step.maxAttempts, step.status])).toEqual(
      own.map(() => [job.id, 1, 2, 'ok']),
    )
    expect(ended().find((step) => step.name === child)?.reference).toBe(context.reference)
    await expect.poll(() => job.getState()).toBe('completed')
    expect((await queue.getJob(String(job.id)))?.failedReason).toBeUndefined()
    expect(outcomeOf(steps).state).toBe('succeeded')
  })

  test('ends a job that cannot recover at once, and says so', async () => {
    const name = newName()
    const queue = openQueue(name)
    const lastWords: unknown[] = []
    const processor: Processor = async () => {
      throw new UnrecoverableError('no card 4111 1111 1111 1111')
    }
    const failed = Promise.withResolvers<Error>()
    const onGiveUp = ({ error }: { error: unknown }): unknown => lastWords.push(error)
    work(name, tracedProcessor(worker, processor, { onGiveUp: (last) => void onGiveUp(last) })).on(
      'failed',
      (_, error) => failed.resolve(error),
    )
    const added = await api.resume(api.mint(), () => queue.add('refund', {}, { attempts: 3 }))
    const error = await failed.promise
    expect(error).toMatchObject({ name: 'UnrecoverableError', cause: lastWords[0] })
    expect(told()).toEqual([[1, 1, 'error', 'UnrecoverableError']])
    expect(outcomeOf(steps).state).toBe('failed')
    const job = await queue.getJob(String(added.id))
    expect([await job?.getState(), JSON.stringify([job?.failedReason, job?.stacktrace])]).toEqual([
      'failed',
      expect.not.stringContaining('4111 1111'),
    ])
  })

  test('tells listeners whose a job was, a run of a scheduler included', async () => {
    const name = newName()
    const queue = openQueue(name)
    const seen: unknown[] = []
    const process = tracedProcessor(worker, async (job: Job) => {
      seen.push(worker.current()?.reference)
      if (job.data.fails) throw new Error('no')
    })
    const listen = (job: Job | undefined): unknown => job && seen.push(contextOfJob(worker, job).reference)
    work(name, process).on('failed', listen).on('completed', listen)
    const context = api.mint()
    await api.resume(context, async () => {
      await queue.add('refund', { fails: true })
      await queue.upsertJobScheduler('nightly', { every: 60_000, limit: 1 }, { data: {} })
    })
    await openQueue(name, { telemetry: undefined! }).add('refund', {})
    await expect.poll(() => seen.length).toBe(6)
    const counts = Object.entries(Object.groupBy(seen, String)).map(([reference, each]) => [reference, each?.length])
    expect(counts.map(([, count]) => count)).toEqual([2, 2, 2])
    expect(seen).toContain(context.reference)
  })

  test('lets a listener set a job aside whose worker has died too often, which ends its trail', async () => {
    const name = newName()
    const queue = openQueue(name)
    const dead = openQueue(`${name}-dead`, { telemetry: queueTelemetry(worker) })
    // It never ends and does not keep its lock, which is how a dead worker looks to BullMQ.
    const lost = { concurrency: 2, lockDuration: 300, lockRenewTime: 60_000, stalledInterval: 200, maxStalledCount: 0 }
    const stuck = new Worker(
      name,
      tracedProcessor(worker, () => new Promise(() => undefined)),
      { ...options, ...lost },
    )
    opened.unshift({ close: () => stuck.close(true) })
    stuck.on('failed', (job) => {
      if (job?.finishedOn) void worker.resume(contextOfJob(worker, job), () => dead.add('refund', job.data))
    })
    work(
      dead.name,
      tracedProcessor(worker, async () => worker.effect('held', 'refund pending review'), { deadLetter: true }),
    )
    const context = api.mint()
    await api.resume(context, () => queue.add('refund', {}))
    await endedOf(1)
    expect(new Set(steps.map((step) => step.reference))).toEqual(new Set([context.reference]))
    expect(ended()).toMatchObject([{ name: dead.name, deadLetter: true }])
    expect(outcomeOf(steps)).toMatchObject({ state: 'failed', advice: 'manual-fix', remains: 'refund pending review' })
  })

  test('takes no harm from telemetry on the worker, nor from an action that creates it', async () => {
    const name = newName()
    const queue = openQueue(name, { defaultJobOptions: { attempts: 2 } })
    const action = api.mint()
    const references: unknown[] = []
    const heard: unknown[] = []
    await worker.resume(action, async () => {
      const processor: Processor = async (job) => {
        references.push(worker.current()?.reference)
        if (job.attemptsMade === 0) throw new Error('once')
      }
      const created = work(name, tracedProcessor(worker, processor), { telemetry: queueTelemetry(worker) })
      created.on('failed', () => heard.push(worker.current()))
    })
    const context = api.mint()
    await api.resume(context, () => queue.add('refund', {}))
    await queue.add('refund', {})
    await endedOf(4)
    const queued = steps.filter((step) => step.hop === 'queue')
    expect(queued).toHaveLength(1)
    const own = ended().filter((step) => step.reference === context.reference)
    expect(own.map((step) => [step.attempt, step.parentId])).toEqual([
      [1, queued[0]?.id],
      [2, queued[0]?.id],
    ])
    expect(new Set(references).size).toBe(2)
    expect(references).not.toContain(action.reference)
    expect(heard).toEqual([undefined, undefined])
  })

  test('keeps the number of a processor’s parameters, by which BullMQ knows who listens to its signal', async () => {
    const lengths = [
      tracedProcessor(worker, async () => 1),
      tracedProcessor(worker, async (job, token, signal) => [job, token, signal]),
    ].map((processor) => processor.length)
    expect(lengths).toEqual([2, 3])
    const name = newName()
    const signals: unknown[] = []
    work(
      name,
      tracedProcessor(worker, async (_job, _token, signal) => signals.push(signal)),
    )
    await openQueue(name).add('refund', {})
    await expect.poll(() => signals).toEqual([expect.any(AbortSignal)])
  })

  test('tells no id in which an application put what a customer wrote', async () => {
    const name = newName()
    work(
      name,
      tracedProcessor(worker, async () => undefined),
    )
    const ids = ['jane.doe@example.com', 'card-4111111111111111', 'refund-R-1', '00000000-0000-4000-8000-411111111111']
    await api.resume(api.mint(), async () => {
      for (const jobId of ids) await openQueue(name).add('refund', {}, { jobId })
    })
    await endedOf(4)
    expect(JSON.stringify(steps)).not.toMatch(/jane|4111111111111111/)
    expect(new Set(steps.map((step) => step.jobId))).toEqual(new Set([undefined, ...ids.slice(2)]))
  })

  test('adds jobs also where a fault of ours comes between', async () => {
    const name = newName()
    const faults: unknown[] = []
    const broken = createWaybill({ service: 'shop-api', onError: (error) => faults.push(error) })
    const begin = (): never => {
      throw new Error('of ours')
    }
    const queue = openQueue(name, { telemetry: queueTelemetry({ ...broken, begin }) })
    const job = await broken.resume(broken.mint(), () => queue.add('refund', { n: 1 }))
    expect([job.data, String(faults[0])]).toEqual([{ n: 1 }, 'Error: of ours'])
  })

  test.each(['process', 'thread'] as const)(
    'has the reference in force in a sandboxed %s too',
    async (kind) => {
      const desk = await startDesk()
      const name = newName()
      const queue = openQueue(name, { defaultJobOptions: { attempts: 2 } })
      process.env['WAYBILL_TEST_DESK'] = desk.url
      const file = join(import.meta.dirname, '../fixtures/queues/sandboxed.ts')
      const sandboxed = work(name, file, { useWorkerThreads: kind === 'thread', concurrency: 2 })
      const failed: Error[] = []
      sandboxed.on('failed', (_, error) => failed.push(error))
      const context = api.mint()
      const [traced, other] = [
        await api.resume(context, () => queue.add('refund', { fails: 'jane.doe@example.com 4111 1111 1111 1111' })),
        await queue.add('refund', {}),
      ]
      const result = async (job: Job): Promise<unknown> => (await queue.getJob(String(job.id)))?.returnvalue
      await expect.poll(() => result(traced), { timeout: 20_000 }).toEqual({ reference: context.reference, attempt: 2 })
      await expect.poll(() => result(other), { timeout: 20_000 }).toMatchObject({ attempt: 1 })
      expect(await result(other)).not.toMatchObject({ reference: context.reference })
      const sent = (): string => JSON.stringify(desk.resourceSpans)
      await expect.poll(() => sent().match(/"worker"/g)?.length).toBe(6)
      expect(sent()).toContain(context.reference)
      const kept = JSON.stringify(await queue.getJob(String(traced.id)))
      const { failedReason, stacktrace } = JSON.parse(kept)
      expect(failedReason).toContain(context.reference)
      expect(sent() + failedReason + stacktrace).not.toMatch(/jane|4111 1111/)
      expect(failed).toHaveLength(1)
      await sandboxed.close()
      await desk.stop()
    },
    40_000,
  )
})
