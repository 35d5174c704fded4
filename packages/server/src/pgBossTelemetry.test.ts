import { AsyncLocalStorage } from 'node:async_hooks'
import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import type { Context, TextMapPropagator } from '@opentelemetry/api'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { parseTraceparent, referenceOfTraceId, traceparentOf } from '@waybill/reference'
import { createWaybill } from '@waybill/server'
import { besideOpenTelemetry } from '@waybill/server/otel'
import { tracedQueue } from '@waybill/server/pg-boss'
import type { Step } from '@waybill/trail'
import { PgBoss } from 'pg-boss'
import { afterAll, describe, expect, test } from 'vitest'
import { missingDatabases, openDatabase } from '../fixtures/openDatabase.ts'

const beside = besideOpenTelemetry()
const exporter = new InMemorySpanExporter()
const tracerProvider = new TracerProvider({
  idGenerator: beside.idGenerator,
  spanProcessors: [beside.spanProcessor, new SimpleSpanProcessor({ exporter })],
})
const contexts = new AsyncLocalStorage<Context>()
context.setGlobalContextManager({
  active: () => contexts.getStore() ?? ROOT_CONTEXT,
  with: (within, fn, self, ...args) => contexts.run(within, () => fn.apply(self as ThisParameterType<typeof fn>, args)),
  bind: (_, target) => target,
  enable() {
    return this
  },
  disable() {
    return this
  },
})
/** As an SDK has it, for `traceparent` alone. */
const propagator: TextMapPropagator = {
  fields: () => ['traceparent'],
  inject(within, carrier, setter) {
    const span = trace.getSpanContext(within)
    if (span) setter.set(carrier, 'traceparent', traceparentOf(span.traceId, { spanId: span.spanId }))
  },
  extract(within, carrier, getter) {
    const parent = parseTraceparent(getter.get(carrier, 'traceparent'))
    const { traceId, spanId } = parent ?? {}
    return traceId && spanId ? trace.setSpanContext(within, { traceId, spanId, traceFlags: 1, isRemote: true }) : within
  },
}
const missing = await missingDatabases()

afterAll(() => tracerProvider.shutdown())

describe.skipIf(missing.has('PostgreSQL'))('pg-boss with its own OpenTelemetry', () => {
  test.each([true, false])(
    'keeps the reference beside it, with propagateContext: %s',
    async (propagateContext) => {
      const database = await openDatabase('PostgreSQL')
      const steps: Step[] = []
      const waybill = createWaybill({ service: 'shop', beside, onStep: (step) => steps.push(step) })
      const boss = new PgBoss({
        connectionString: database.url,
        schema: database.schema,
        supervise: false,
        cronMonitorIntervalSeconds: 1,
        cronWorkerIntervalSeconds: 1,
        openTelemetry: { tracerProvider, propagateContext, propagator },
      })
      boss.on('error', (error) => console.error(error))
      await boss.start()
      await boss.createQueue('dead')
      await boss.createQueue('refunds', { retryLimit: 1, retryDelay: 0, deadLetter: 'dead' })
      await boss.createQueue('nightly')
      const queue = tracedQueue(waybill, boss)
      const seen: Record<string, unknown[]> = { refunds: [], dead: [], nightly: [] }
      for (const name of Object.keys(seen)) {
        await queue.work(name, { pollingIntervalSeconds: 0.5 }, async (job) => {
          seen[name]?.push([job.data, waybill.current()?.reference])
          if (name === 'refunds') throw new Error('the model wrote: Dear jane.doe@example.com')
        })
      }
      const reference = await tracerProvider.getTracer('test').startActiveSpan('request', async (span) => {
        await queue.send('refunds', { n: 1 })
        await queue.schedule('nightly', 'FREQ=SECONDLY', { n: 2 })
        span.end()
        return referenceOfTraceId(span.spanContext().traceId)?.reference
      })
      await expect
        .poll(() => [seen['refunds']?.length, seen['dead']?.length, seen['nightly']?.length])
        .toEqual([2, 1, 2])
      await boss.stop({ graceful: false })
      await database.close()

      const told = exporter
        .getFinishedSpans()
        .map(({ name, attributes, events, status }) => [name, attributes, events, status])
      expect(JSON.stringify(told)).not.toContain('jane')
      expect([...seen['refunds']!, ...seen['dead']!]).toEqual(Array.from({ length: 3 }, () => [{ n: 1 }, reference]))
      const runs = new Set(seen['nightly']?.map((each) => Object(each)[1]))
      expect(runs.size).toBe(2)
      expect(runs).not.toContain(reference)
      // In one trace its span is the newest cause; where it begins another, ours goes on from the sender's step.
      const queued = steps.find((step) => step.hop === 'queue' && step.name === 'refunds')
      const processed = exporter.getFinishedSpans().map((span) => span.spanContext().spanId)
      for (const { name, parentId, links, traceId } of steps.filter(
        (step) => step.hop === 'worker' && !step.startedFor,
      )) {
        if (name === 'nightly') expect(links).toMatchObject([{ rel: 'parent', reference }])
        if (name !== 'refunds') continue
        expect(traceId).toBe(queued?.traceId)
        if (propagateContext) expect(processed).toContain(parentId)
        else expect(parentId).toBe(queued?.id)
      }
    },
    40_000,
  )
})
