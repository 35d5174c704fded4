import { setTimeout as sleep } from 'node:timers/promises'
import { parseTraceparent } from '@waybill/reference'
import { createWaybill } from '@waybill/server'
import { tracedQueue } from '@waybill/server/pg-boss'
import type { TracedJob } from '@waybill/server/pg-boss'
import { tracedDatabase } from '@waybill/server/sql'
import { outcomeOf } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import type pg from 'pg'
import { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { describeKilledWorker } from '../fixtures/describeKilledWorker.ts'
import { describeQueue } from '../fixtures/describeQueue.ts'
import { DATABASES, missingDatabases, openDatabase } from '../fixtures/openDatabase.ts'
import type { TestDatabase } from '../fixtures/openDatabase.ts'
import { openKillable } from '../fixtures/queues/pgBossKillable.ts'
import { pgBossQueue } from '../fixtures/queues/pgBossQueue.ts'

interface RefundJob {
  readonly refundId: string
}

let steps: Step[] = []
const api = createWaybill({ service: 'shop-api', onStep: (step) => steps.push(step) })
const worker = createWaybill({ service: 'refund-worker', onStep: (step) => steps.push(step) })
const quick = { pollingIntervalSeconds: 0.5 }
const missing = await missingDatabases()

beforeEach(() => {
  steps = []
})

if (!missing.has('PostgreSQL')) {
  describeQueue('the queue of pg-boss', pgBossQueue('PostgreSQL'))
  describeKilledWorker('a killed worker of pg-boss', openKillable, 'pgBossKillable.ts')
}

for (const kind of DATABASES) {
  describe.skipIf(missing.has(kind))(`pg-boss on ${kind}`, () => {
    let database: TestDatabase
    let pool: pg.Pool
    let boss: PgBoss

    beforeAll(async () => {
      database = await openDatabase(kind)
      pool = database.openPool(2)
      boss = new PgBoss({
        connectionString: database.url,
        schema: database.schema,
        max: 4,
        supervise: false,
        schedule: false,
      })
      boss.on('error', (error) => console.error(error))
      await boss.start()
      for (const queue of ['dead', 'plain', 'slow']) await boss.createQueue(queue)
      await boss.createQueue('refunds', { retryLimit: 2, retryDelay: 0, deadLetter: 'dead' })
      await pool.query("create table refunds (id text primary key, status text default 'pending')")
    }, 30_000)
    afterAll(async () => {
      await boss.stop({ graceful: false })
      await database.close()
    }, 30_000)

    async function rowsOf(queue: string): Promise<{ id: string; data: Record<string, unknown>; output: unknown }[]> {
      return (await pool.query('select id, data, output from job where name = $1', [queue])).rows
    }

    test('keeps one reference over three attempts and the dead letter, where the refund’s state is set under it', async () => {
      await pool.query("insert into refunds (id) values ('R-1')")
      const attempts: [TracedJob<RefundJob>, string | undefined][] = []
      const lastWords: number[] = []
      await tracedQueue(worker, boss).work<RefundJob>(
        'refunds',
        {
          ...quick,
          onGiveUp({ job, step }) {
            lastWords.push(job.attempt)
            step.effect('held', 'refund pending review')
          },
        },
        async (job) => {
          attempts.push([job, worker.current()?.reference])
          throw Object.assign(new Error('the model wrote: Dear Jane'), { prompt: 'jane@example.com was charged twice' })
        },
      )
      let deadLetter: (value: TracedJob<RefundJob>) => void
      const dead = new Promise<TracedJob<RefundJob>>((resolve) => (deadLetter = resolve))
      await tracedQueue(worker, boss).work<RefundJob>('dead', quick, async (job, step) => {
        await tracedDatabase(worker, pool).transaction('refund set aside', (client) =>
          client.query("update refunds set status = 'pending review' where id = $1", [job.data.refundId]),
        )
        step.effect('held', 'refund pending review')
        deadLetter(job)
      })

      const context = api.mint()
      const jobId = await api.resume(context, () => tracedQueue(api, boss).send('refunds', { refundId: 'R-1' }))
      const { id: deadId, data, sourceId } = await dead
      await expect.poll(() => steps.filter((step) => step.jobId === deadId).length).toBe(2)

      expect(attempts.map(([job, reference]) => [job.id, job.attempt, job.maxAttempts, reference])).toEqual(
        [1, 2, 3].map((attempt) => [jobId, attempt, 3, context.reference]),
      )
      expect(attempts[0]?.[0].data).toEqual({ refundId: 'R-1' })
      expect(lastWords).toEqual([3])
      expect([data, sourceId]).toEqual([{ refundId: 'R-1' }, jobId])
      expect((await pool.query('select status from refunds')).rows).toEqual([{ status: 'pending review' }])

      const rows = [...(await rowsOf('refunds')), ...(await rowsOf('dead'))]
      expect(rows.map((row) => row.data['_waybill'])).toEqual(
        rows.map(() => ({ traceparent: expect.any(String), 'Trace-Reference': context.reference })),
      )
      expect(JSON.stringify(rows)).not.toMatch(/jane|charged/i)

      expect(new Set(steps.map((step) => step.reference))).toEqual(new Set([context.reference]))
      const queued = steps.find((step) => step.hop === 'queue')
      expect(queued).toMatchObject({ name: 'refunds', service: 'shop-api', jobId, status: 'ok' })
      const tried = steps.filter((step) => step.jobId === jobId && step.hop === 'worker' && !step.startedFor)
      expect(
        tried.map(({ attempt, maxAttempts, parentId, status }) => [attempt, maxAttempts, parentId, status]),
      ).toEqual([1, 2, 3].map((attempt) => [attempt, 3, queued?.id, 'error']))
      expect(tried.at(-1)).toMatchObject({ effect: 'held', remains: 'refund pending review' })
      const markers = steps.filter((step) => step.startedFor)
      expect(markers.map((marker) => marker.startedFor).slice(0, 3)).toEqual(tried.map((step) => step.id))
      const deadLetters = steps.filter((step) => step.deadLetter).map((step) => step.jobId)
      expect(new Set(deadLetters)).toEqual(new Set([deadId]))
      expect(outcomeOf(steps)).toMatchObject({
        state: 'failed',
        hop: 'worker',
        advice: 'manual-fix',
        sentence: expect.stringContaining('After its last attempt the job was set aside for a person (dead-lettered).'),
      })
      expect(JSON.stringify(steps)).not.toMatch(/jane|charged/i)
    }, 30_000)

    test('gives jobs of untraced senders a reference of their own, and believes no forged envelope', async () => {
      const seen: [unknown, string | undefined, boolean | undefined][] = []
      await tracedQueue(worker, boss).work('plain', quick, async (job) => {
        seen.push([job.data, worker.current()?.reference, undefined])
      })
      await boss.send('plain', { n: 1 })
      await boss.send('plain', { n: 2, _waybill: { 'Trace-Reference': 'RF7-K29-QXQ', traceparent: ['x'] } })
      await boss.send('plain', null)
      await tracedQueue(api, boss).send('plain', null)
      await expect.poll(() => seen.length).toBe(4)
      expect(seen.map(([data]) => data)).toEqual([{ n: 1 }, { n: 2 }, null, null])
      const references = seen.map(([, reference]) => reference)
      expect(new Set(references).size).toBe(4)
      expect(references).not.toContain('RF7-K29-QXQ')
      const refused = steps.filter((step) => step.attributes?.['waybill.claim.refused'] && !step.startedFor)
      expect(refused.map((step) => step.reference)).toEqual([references[1]])
    }, 20_000)

    test('ends the step of a job that expires, as a time-out, whatever its handler does', async () => {
      await tracedQueue(worker, boss).work('slow', quick, () => sleep(60_000, undefined, { ref: false }))
      const options = { expireInSeconds: 1, retryLimit: 0 }
      await tracedQueue(api, boss).send('slow', { refundId: 'R-2' }, options)
      const ended = (): Step | undefined => steps.find((step) => step.hop === 'worker' && !step.startedFor)
      await expect.poll(ended).toMatchObject({ status: 'error', error: { type: 'timeout' } })
    }, 20_000)

    test('sends many jobs by one step, to subscribers of an event, later, and one of many', async () => {
      const queue = tracedQueue(api, boss)
      const events = ['plain', 'slow'] as const
      for (const name of events) await boss.subscribe('refunded', name)
      const context = api.mint()
      await api.resume(context, async () => {
        expect(await queue.insert('refunds', [{ data: { n: 1 } }, { data: { n: 2 }, startAfter: 3600 }, {}])).toBeNull()
        await queue.publish('refunded', { n: 3 }, { startAfter: 3600 })
        const throttled = { startAfter: 3600, singletonSeconds: 3600, singletonKey: 'one' }
        const ids = [await queue.send('slow', { n: 4 }, throttled), await queue.send('slow', { n: 5 }, throttled)]
        expect(ids).toEqual([expect.any(String), null])
      })
      const { rows } = await pool.query(`select name, data from job where data::text like $1`, [
        `%${context.reference}%`,
      ])
      const own = rows.map(({ name, data: { _waybill: carrier, ...data } }) => [name, data, carrier['Trace-Reference']])
      expect(own).toHaveLength(6)
      expect(own).toEqual(
        expect.arrayContaining([
          ['refunds', { n: 1 }, context.reference],
          ['refunds', { n: 2 }, context.reference],
          ['refunds', {}, context.reference],
          ['plain', { n: 3 }, context.reference],
          ['slow', { n: 3 }, context.reference],
          ['slow', { n: 4 }, context.reference],
        ]),
      )
      const queued = steps.filter((step) => step.hop === 'queue').map(({ name, attributes }) => [name, attributes])
      const count = 'messaging.batch.message_count'
      expect(queued.map(([name]) => name)).toEqual(['refunds', 'refunded', 'slow', 'slow'])
      expect(queued[0]?.[1]).toMatchObject({ [count]: 3, 'messaging.system': 'pg-boss' })
      await boss.deleteAllJobs('refunds')
      for (const name of events) await boss.unsubscribe('refunded', name)
    })

    test('hands the sender’s position on: the queue’s step is the cause of the worker’s', async () => {
      const jobId = await tracedQueue(api, boss).send('refunds', { refundId: 'R-3' }, { startAfter: 3600 })
      const row = (await rowsOf('refunds')).find((each) => each.id === jobId)
      const carrier = Object(row?.data['_waybill'])
      expect(parseTraceparent(carrier.traceparent)?.spanId).toBe(steps[0]?.id)
    })
  })
}
