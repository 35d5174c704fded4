import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { setTimeout as sleep } from 'node:timers/promises'
import { context, isSpanContextValid, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import type { Context } from '@opentelemetry/api'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { mintReference, mintSpanId, parseTraceparent, referenceOfTraceId } from '@waybill/reference'
import { traceIdOf, traceparentOf } from '@waybill/reference'
import { createWaybill } from '@waybill/server'
import { besideOpenTelemetry } from '@waybill/server/otel'
import type { Step } from '@waybill/trail'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startDesk } from '../fixtures/startDesk.ts'

const namespace = 'acme-shop/test'
const beside = besideOpenTelemetry({ namespace })
const exporter = new InMemorySpanExporter()
const provider = new TracerProvider({
  idGenerator: beside.idGenerator,
  spanProcessors: [beside.spanProcessor, new SimpleSpanProcessor({ exporter })],
})
trace.setGlobalTracerProvider(provider)
// As the SDK for Node does it. With that whole, and its instrumentations, a process of its own is tried in test/besideOpenTelemetry.
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
let steps: Step[] = []
const waybill = createWaybill({
  service: 'shop-api',
  namespace,
  beside,
  onStep: (step) => steps.push(step),
})
const tracer = trace.getTracer('test')
const foreign = '0af7651916cd43dd8448eb211c80319c'

afterAll(() => provider.shutdown())
beforeEach(() => {
  steps = []
  exporter.reset()
})

/** Does `fn` within a span, as an instrumentation does; a given parent is a caller's. */
async function inSpan<T>(name: string, fn: () => Promise<T> | T, parent?: { traceId: string; spanId: string }) {
  const above = parent
    ? trace.setSpanContext(ROOT_CONTEXT, { ...parent, traceFlags: 1, isRemote: true })
    : context.active()
  return tracer.startActiveSpan(name, {}, above, async (span) => {
    try {
      return { ...span.spanContext(), result: await fn() }
    } finally {
      span.end()
    }
  })
}

const references = (): unknown[] => exporter.getFinishedSpans().map((span) => span.attributes['waybill.reference'])

describe('besideOpenTelemetry', () => {
  test('makes ids of roots that stand for references, each of them, and valid span ids', () => {
    const ids = Array.from({ length: 10_000 }, () => beside.idGenerator.generateTraceId())
    const read = ids.map((id) => referenceOfTraceId(id, { namespace }))
    expect(read.filter((each) => each?.level !== 'full')).toEqual([])
    expect(new Set(ids).size).toBe(10_000)
    expect(isSpanContextValid({ traceId: ids[0]!, spanId: beside.idGenerator.generateSpanId(), traceFlags: 1 })).toBe(
      true,
    )
    const longer = besideOpenTelemetry({ length: 12 }).idGenerator.generateTraceId()
    expect(referenceOfTraceId(longer)?.reference).toMatch(/^\w{4}-\w{4}-\w{4}$/)
  })

  test('reads the active span: current, log fields, and what goes along with a message', async () => {
    expect(waybill.current()).toBeUndefined()
    const { traceId, spanId, result } = await inSpan('GET /', async () => {
      await sleep(1)
      return { current: waybill.current(), fields: waybill.logFields(), sent: waybill.inject({ traceparent: '' }) }
    })
    const reference = referenceOfTraceId(traceId, { namespace })?.reference
    expect(result.current).toEqual({ reference, traceId, spanId })
    expect(result.fields).toEqual({ reference, trace_id: traceId, span_id: spanId })
    expect(parseTraceparent(result.sent.traceparent)).toMatchObject({ traceId, spanId })
    expect(references()).toEqual([reference])
    expect(waybill.current()).toBeUndefined()
  })

  test('hangs steps under the newest of spans and steps, whichever that is', async () => {
    const outer = await inSpan('outer', () =>
      waybill.run({ hop: 'worker', name: 'a', attempt: 2 }, async () => {
        await waybill.run({ hop: 'worker', name: 'b' }, () => undefined)
        return inSpan('inner', () =>
          waybill.run({ hop: 'worker', name: 'c' }, () => waybill.run({ hop: 'worker', name: 'd' }, () => undefined)),
        )
      }),
    )
    const by = Object.fromEntries(steps.map((step) => [step.name, step]))
    expect(by['a']?.parentId).toBe(outer.spanId)
    expect(by['b']?.parentId).toBe(by['a']?.id)
    expect(by['c']?.parentId).toBe(outer.result.spanId)
    expect(by['d']?.parentId).toBe(by['c']?.id)
    expect(new Set(steps.map(({ traceId }) => traceId))).toEqual(new Set([outer.traceId]))
    expect(steps.map(({ attempt }) => attempt)).toEqual([2, 2, 2, 2])
  })

  test('joins what a request claims to the span that the SDK made of the same request', async () => {
    const reference = mintReference()
    const traceId = traceIdOf(reference, { namespace })
    const caller = mintSpanId()
    const headers = { traceparent: traceparentOf(traceId, { spanId: caller }), 'Trace-Reference': reference }
    const served = await inSpan('POST', () => waybill.accept({ ...headers, 'Trace-Attempt': '3' }), {
      traceId,
      spanId: caller,
    })
    expect(served.result).toEqual({ reference, traceId, spanId: served.spanId, attempt: 3 })
    // A message's own trace is not that of the span in which it is read.
    const read = await inSpan('receive', () => waybill.accept(headers))
    expect(read.result).toEqual({ reference, traceId, spanId: caller })
    const row = await inSpan('receive', () => waybill.accept({ 'Trace-Reference': reference }))
    expect(row.result).toEqual({ reference, traceId })
  })

  test('takes the trace of the span where a request claims nothing', async () => {
    const served = await inSpan('POST', () => waybill.accept({}))
    const { traceId, spanId } = served
    expect(served.result).toEqual({ reference: referenceOfTraceId(traceId, { namespace })?.reference, traceId, spanId })
    const refused = await inSpan('POST', () => waybill.accept({ 'Trace-Reference': 'evil' }))
    expect(refused.result).toMatchObject({ traceId: refused.traceId, refused: true })
  })

  test('does not follow a caller whose two names contradict one another', async () => {
    const traceId = traceIdOf(mintReference(), { namespace })
    const parent = { traceId, spanId: mintSpanId() }
    const headers = { traceparent: traceparentOf(traceId, parent), 'Trace-Reference': mintReference() }
    const { result } = await inSpan('POST', () => waybill.accept(headers), parent)
    expect(result).toMatchObject({ refused: true })
    expect([traceId]).not.toContain(result.traceId)
  })

  test('gives a foreign trace one reference, the one that its caller names if he names one', async () => {
    const parent = { traceId: foreign, spanId: mintSpanId() }
    const first = await inSpan('POST', () => [waybill.accept({ traceparent: traceparentOf(foreign, parent) })], parent)
    const second = await inSpan('POST', () => waybill.current(), parent)
    expect(second.result).toMatchObject({ reference: first.result[0]?.reference, traceId: foreign })
    expect(references()).toEqual([first.result[0]?.reference, second.result?.reference])
    const named = { traceId: foreign.replace('0', 'f'), spanId: mintSpanId() }
    const reference = mintReference()
    await inSpan(
      'POST',
      () => waybill.accept({ traceparent: traceparentOf(named.traceId, named), 'Trace-Reference': reference }),
      named,
    )
    expect(references().at(-1)).toBe(reference)
  })

  test('keeps a context of another trace that is resumed within a span', async () => {
    const job = waybill.mint()
    await inSpan('receive', () =>
      waybill.resume(job, async () => {
        await sleep(1)
        expect(waybill.current()).toEqual(job)
        await waybill.run({ hop: 'worker', name: 'a' }, () => undefined)
      }),
    )
    expect(steps).toMatchObject([{ reference: job.reference, traceId: job.traceId }])
  })

  test('reports steps without spans for its own requests', async () => {
    const desk = await startDesk()
    const reporting = createWaybill({ service: 'shop-api', namespace, beside, deliverTo: desk.url })
    const traced: boolean[] = []
    const created = (): void => void traced.push(tracer.startSpan('report').isRecording())
    subscribe('undici:request:create', created)
    await inSpan('GET /', () => reporting.run({ hop: 'worker', name: 'a' }, () => undefined))
    await inSpan('GET /', () => reporting.stop())
    unsubscribe('undici:request:create', created)
    await desk.stop()
    expect(traced).toEqual([false])
    expect(JSON.stringify(desk.resourceSpans)).toContain('"a"')
  })

  test('keeps 300 interleaved spans apart', async () => {
    const wrong = await Promise.all(
      Array.from({ length: 300 }, () =>
        inSpan('GET', async () => {
          const before = waybill.current()?.reference
          await sleep(Math.random() * 5)
          return [before, waybill.current()?.reference]
        }),
      ),
    )
    const differs = wrong.filter(({ traceId, result }) =>
      result.some((each) => each !== referenceOfTraceId(traceId, { namespace })?.reference),
    )
    expect(differs).toEqual([])
    expect(new Set(wrong.map(({ result }) => result[0])).size).toBe(300)
  })
})
