import { Writable } from 'node:stream'
import { createOpenAI } from '@ai-sdk/openai'
import { mintReference, mintSpanId, parseTraceparent, traceIdOf, traceparentOf } from '@waybill/reference'
import { createWaybill } from '@waybill/server'
import { traceModels } from '@waybill/server/ai'
import { waybillMiddleware } from '@waybill/server/hono'
import { traceOutgoing } from '@waybill/server/http-out'
import { tracedQueue } from '@waybill/server/pg-boss'
import { waybillMixin } from '@waybill/server/pino'
import { auditSql, auditTriggerSql, referenceColumnSql, tracedDatabase } from '@waybill/server/sql'
import { decodeOtlp, orderSteps, outcomeOf } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { generateText, isStepCount, tool } from 'ai'
import { Hono } from 'hono'
import pino from 'pino'
import { PgBoss } from 'pg-boss'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { DATABASES, missingDatabases, openDatabase } from '../fixtures/openDatabase.ts'
import { startDesk } from '../fixtures/startDesk.ts'
import { calls, startModelServer } from '../fixtures/startModelServer.ts'

const missing = await missingDatabases()

test.each(DATABASES.filter((kind) => !missing.has(kind)))(
  'a refund that stalls keeps its reference from the API to the dead letter, on %s',
  async (kind) => {
    const database = await openDatabase(kind)
    const desk = await startDesk()
    const model = await startModelServer()
    const pool = database.openPool(3)
    const delivery = { deliverTo: desk.url, key: 'k' }
    const api = createWaybill({ service: 'shop-api', ...delivery })
    const worker = createWaybill({ service: 'refund-worker', ...delivery })
    const lines: Record<string, unknown>[] = []
    const sink = new Writable({
      write(chunk: Buffer, _, done) {
        lines.push(JSON.parse(chunk.toString()))
        done()
      },
    })
    const apiLog = pino({ name: 'api', mixin: waybillMixin(api) }, sink)
    const workerLog = pino({ name: 'worker', mixin: waybillMixin(worker) }, sink)
    const boss = new PgBoss({
      connectionString: database.url,
      schema: database.schema,
      max: 4,
      supervise: false,
      schedule: false,
    })
    const stops = [traceModels(worker), traceOutgoing(worker, { origins: [model.url] })]
    try {
      await pool.query("create table refunds (id text primary key, email text, status text default 'pending')")
      await pool.query(auditSql())
      await pool.query(auditTriggerSql({ on: 'refunds' }))
      await pool.query(referenceColumnSql({ on: 'refunds' }))
      await boss.start()
      await boss.createQueue('refunds-dead')
      await boss.createQueue('refunds', { retryLimit: 2, retryDelay: 0, deadLetter: 'refunds-dead' })

      const app = new Hono()
      app.use('/api/*', waybillMiddleware(api))
      app.post('/api/orders/:id/refund', async (c) => {
        api.note({ order: c.req.param('id') })
        api.identify('C-2041')
        apiLog.info('refund requested')
        await tracedDatabase(api, pool).transaction('refund requested', (client) =>
          client.query("insert into refunds (id, email) values ('R-501', 'jane@example.com')"),
        )
        await tracedQueue(api, boss).send('refunds', { refundId: 'R-501' })
        return c.json({ refund: { id: 'R-501' } }, 202)
      })

      const checkCharge = tool({
        inputSchema: z.object({ refundId: z.string() }),
        execute: () => ({ charges: 2, card: '4242 4242 4242 4242' }),
      })
      const openai = createOpenAI({ baseURL: model.url, apiKey: 'k' })
      const polling = { pollingIntervalSeconds: 0.5 }
      await tracedQueue(worker, boss).work<{ refundId: string }>('refunds', polling, async (job) => {
        workerLog.info({ attempt: job.attempt }, 'checking the charge')
        model.replies.push(calls('checkCharge', job.data))
        await generateText({
          model: openai.chat('m-1'),
          prompt: 'Was jane@example.com charged twice?',
          tools: { checkCharge },
          stopWhen: isStepCount(3),
          maxRetries: 0,
          abortSignal: AbortSignal.timeout(300),
        })
      })
      const setAside = new Promise<void>((resolve) => {
        void tracedQueue(worker, boss).work<{ refundId: string }>('refunds-dead', polling, async (job, step) => {
          await tracedDatabase(worker, pool).transaction('refund set aside', (client) =>
            client.query("update refunds set status = 'pending review' where id = $1", [job.data.refundId]),
          )
          step.effect('held', 'refund pending review')
          workerLog.warn('refund set aside')
          resolve()
        })
      })

      const reference = mintReference()
      const browserSpan = mintSpanId()
      const headers = {
        traceparent: traceparentOf(traceIdOf(reference), { spanId: browserSpan }),
        'Trace-Reference': reference,
        'Trace-Attempt': '1',
      }
      const response = await app.request('/api/orders/A-1001/refund', { method: 'POST', headers })
      expect([response.status, response.headers.get('trace-reference')]).toEqual([202, reference])
      await setAside
      await boss.stop({ graceful: true, timeout: 5000 })
      await Promise.all([api.stop(), worker.stop()])

      expect(lines.map((line) => [line['name'], line['reference']])).toEqual(
        ['api', 'worker', 'worker', 'worker', 'worker'].map((name) => [name, reference]),
      )
      const received = model.requests.map(({ headers: sent }) => [
        parseTraceparent(sent.traceparent)?.traceId,
        sent['trace-reference'],
        sent['trace-attempt'],
      ])
      const expected = ['1', '1', '2', '2', '3', '3'].map((attempt) => [traceIdOf(reference), reference, attempt])
      expect(received).toEqual(expected)
      const refunds = await pool.query('select reference, status from refunds')
      expect(refunds.rows).toEqual([{ reference, status: 'pending review' }])
      const audit = await pool.query('select * from trace_audit order by id')
      expect(audit.rows).toMatchObject([
        { table_name: 'refunds', row_id: 'R-501', operation: 'insert', reference },
        { table_name: 'refunds', row_id: 'R-501', operation: 'update', reference },
      ])
      const jobs = await pool.query('select name, data, output from job order by name')
      expect(jobs.rows.map((row) => [row.name, row.data['_waybill']['Trace-Reference']])).toEqual([
        ['refunds', reference],
        ['refunds-dead', reference],
      ])

      const { steps, rejected } = decodeOtlp({ resourceSpans: desk.resourceSpans })
      const trail: Step[] = orderSteps(steps)
      expect([rejected, new Set(trail.map((step) => step.reference))]).toEqual([0, new Set([reference])])
      expect(trail.map((step) => step.hop).filter((hop, i, all) => hop !== all[i - 1])).toEqual([
        'api',
        'database',
        'queue',
        ...[1, 2, 3].flatMap(() => ['worker', 'model', 'tool', 'model']),
        'worker',
        'database',
      ])
      expect(trail[0]).toMatchObject({ parentId: browserSpan, person: 'C-2041', facts: { order: 'A-1001' } })
      const attempts = trail.filter((step) => step.hop === 'worker' && step.name === 'refunds')
      expect(attempts.map((step) => [step.attempt, step.error?.type])).toEqual([1, 2, 3].map((n) => [n, 'timeout']))
      const outcome = outcomeOf(steps)
      expect(outcome).toMatchObject({ state: 'failed', hop: 'model', advice: 'manual-fix' })
      expect(outcome.sentence).toMatch(/timed out .*pending review/)
      const written = JSON.stringify([lines, audit.rows, jobs.rows, desk.resourceSpans])
      expect(written).not.toMatch(/jane|charged|4242 4242|charges/i)
    } finally {
      for (const stop of stops) stop()
      await model.stop()
      await boss.stop({ graceful: false })
      await Promise.all([api.stop(), worker.stop()])
      await desk.stop()
      await database.close()
    }
  },
  60_000,
)
