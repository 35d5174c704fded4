import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'
import type { Context } from '@temporalio/activity'
import { OpenTelemetryWorkflowClientInterceptor } from '@temporalio/interceptors-opentelemetry'
import { Inngest } from 'inngest'
import { serve } from 'inngest/edge'
import { createWaybill } from '@waybill/server'
import { besideOpenTelemetry } from '@waybill/server/otel'
import type { Step } from '@waybill/trail'
import { afterEach, expect, test } from 'vitest'
import { waybillMiddleware } from '../examples/inngest.ts'
import { activityInterceptors } from '../examples/temporal.ts'
import { listen } from '../fixtures/listen.ts'

const root = join(import.meta.dirname, '..')
let steps: Step[] = []
const onStep = (step: Step): unknown => steps.push(step)

afterEach(() => {
  steps = []
})

test.each([
  ['INNGEST.md', 'inngest.ts'],
  ['TEMPORAL.md', 'temporal.ts'],
  ['TRIGGER-DEV.md', 'triggerDev.ts'],
  ['QUEUES.md', 'bullmq.ts'],
  ['QUEUES.md', 'pgBoss.ts'],
  ['SQL.md', 'refundTransaction.ts'],
  ['SQL.md', 'workOnRefunds.ts'],
  ['SQL.md', 'refundOutbox.ts'],
  ['SQL.md', 'drizzleTransactions.ts'],
  ['SQL.md', 'drizzleOnMariaDb.ts'],
  ['SQL.md', 'kyselyTransactions.ts'],
  ['WEBHOOKS.md', 'stripeWebhook.ts'],
  ['WEBHOOKS.md', 'rememberDeliveries.ts'],
  ['WEBHOOKS.md', 'refundForm.ts'],
  ['QUEUES.md', 'rabbitmq.ts'],
  ['QUEUES.md', 'nats.ts'],
  ['QUEUES.md', 'sqs.ts'],
  ['QUEUES.md', 'sqsLambda.ts'],
  ['QUEUES.md', 'kafka.ts'],
  ['QUEUES.md', 'redisStream.ts'],
])('%s shows exactly %s, which the compiler has checked', (page, example) => {
  const code = readFileSync(join(root, 'examples', example), 'utf8')
  expect(readFileSync(join(root, page), 'utf8')).toContain(`\`\`\`ts\n${code}\`\`\`\n`)
})

test('Inngest’s own client hands the reference on, and each attempt of a step goes on under it', async () => {
  const sent: unknown[] = []
  const server = await listen(
    createServer(async (request, response) => {
      sent.push(await json(request))
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ids":["e-1"],"status":200}')
    }),
  )
  const api = createWaybill({ service: 'shop-api', onStep })
  const worker = createWaybill({ service: 'refund-worker', onStep })
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const options = { id: 'shop', isDev: true, baseUrl: server.origin, eventKey: 'test', logger: silent } as const
  const sender = new Inngest({ ...options, middleware: [waybillMiddleware(api)] })
  const client = new Inngest({ ...options, middleware: [waybillMiddleware(worker)] })
  const seen: unknown[] = []
  const refund = client.createFunction({ id: 'refund', triggers: [{ event: 'refund/asked' }] }, async ({ step }) => {
    seen.push(['between', worker.current()?.reference])
    await step.run('pay back', () => {
      seen.push(['step', worker.current()?.reference])
      throw new Error('jane@example.com')
    })
  })
  const handler = serve({ client, functions: [refund] })
  try {
    const { reference, ...rest } = api.mint()
    await api.resume({ reference, ...rest }, () => sender.send({ name: 'refund/asked', data: { order: 'A-1001' } }))
    const [event] = [sent[0]].flat()
    expect(event).toMatchObject({ data: { order: 'A-1001', _waybill: { 'Trace-Reference': reference } } })
    const ctx = { run_id: 'run-1', attempt: 1, max_attempts: 4, stack: { stack: [], current: 0 } }
    const request = new Request('http://localhost/api/inngest?fnId=shop-refund&stepId=step', {
      method: 'POST',
      headers: { host: 'localhost' },
      body: JSON.stringify({ version: 1, event, events: [event], steps: {}, ctx }),
    })
    const response = await handler(request)
    await response.text()
    expect(seen).toEqual([
      ['between', reference],
      ['step', reference],
    ])
    expect(steps.filter((step) => !step.startedFor)).toEqual([
      expect.objectContaining({
        hop: 'worker',
        reference,
        name: 'refund pay back',
        attempt: 2,
        maxAttempts: 4,
        status: 'error',
      }),
    ])
    expect(JSON.stringify(steps)).not.toContain('jane')
  } finally {
    await server.stop()
  }
})

test('Temporal’s own interceptors hand the trace on, and each attempt of an activity goes on under its reference', async () => {
  const namespace = 'acme-shop/test'
  const beside = besideOpenTelemetry({ namespace })
  const sdk = new NodeSDK({
    idGenerator: beside.idGenerator,
    spanProcessors: [beside.spanProcessor],
    autoDetectResources: false,
    metricReaders: [],
    logRecordProcessors: [],
  })
  sdk.start()
  const waybill = createWaybill({ service: 'shop', namespace, beside, onStep })
  try {
    let headers = {}
    const reference = await trace.getTracer('shop').startActiveSpan('POST /api/refunds', async (span) => {
      const input = { workflowType: 'refund', headers: {}, options: {} }
      const start = new OpenTelemetryWorkflowClientInterceptor()
      await start.startWithDetails(input as unknown as Parameters<typeof start.startWithDetails>[0], async (whole) => {
        ;({ headers } = whole)
        return { runId: 'run-1', eagerlyStarted: false }
      })
      span.end()
      return waybill.current()?.reference
    })
    const info = { activityType: 'payBack', activityId: '1', workflowExecution: { runId: 'run-1' }, attempt: 3 }
    type Execute = (input: object, next: (input: object) => Promise<unknown>) => Promise<unknown>
    const [outer, inner] = activityInterceptors(waybill).map(
      (make) => make({ info } as unknown as Context).inbound as unknown as { execute: Execute },
    )
    const input = { args: [], headers }
    const seen = await context.with(ROOT_CONTEXT, () =>
      outer?.execute(input, (given) => inner!.execute(given, async () => waybill.current()?.reference)),
    )
    expect(seen).toBe(reference)
    expect(steps.filter((step) => !step.startedFor)).toEqual([
      expect.objectContaining({ reference, name: 'payBack', jobId: 'run-1/1', attempt: 3, status: 'ok' }),
    ])
  } finally {
    await sdk.shutdown()
  }
})
