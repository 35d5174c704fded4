import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import { decodeOtlp, encodeOtlp } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { describe, expect, test } from 'vitest'

const reference = mintReference()
const traceId = traceIdOf(reference)
const FOREIGN = '4bf92f3577b34da6a3ce929d0e0e4736'

const full: Step = {
  id: mintSpanId(),
  parentId: mintSpanId(),
  reference,
  traceId,
  hop: 'worker',
  service: 'refund-worker',
  name: 'process refund',
  at: 1_790_000_000_123.456,
  durationMs: 30_000.25,
  status: 'error',
  attempt: 2,
  maxAttempts: 3,
  jobId: '7f1c',
  error: { type: 'timeout', message: 'no answer' },
  effect: 'held',
  remains: 'refund pending review',
  action: 'failed',
  deadLetter: true,
  repeatable: true,
  failure: 'render',
  session: 's-1',
  person: 'C-2041',
  facts: { order: 'A-1001' },
  attributes: { 'gen_ai.request.model': 'gpt', 'gen_ai.usage.input_tokens': 12 },
}

function wire(span: object, resource: object[] = []): unknown {
  return { resourceSpans: [{ resource: { attributes: resource }, scopeSpans: [{ spans: [span] }] }] }
}

const text = (key: string, stringValue: string): object => ({ key, value: { stringValue } })
const span = {
  traceId,
  spanId: mintSpanId(),
  name: 'x',
  startTimeUnixNano: '1790000000123456000',
  endTimeUnixNano: '1790000001123456000',
}

describe('OTLP', () => {
  test('carries a step there and back, to the microsecond', () => {
    const { steps, rejected } = decodeOtlp(JSON.parse(JSON.stringify(encodeOtlp([full]))))
    expect(rejected).toBe(0)
    expect(steps).toHaveLength(1)
    const { durationMs, ...rest } = steps[0]!
    expect(rest).toEqual({ ...full, startedFor: undefined, durationMs: undefined })
    expect(durationMs).toBeCloseTo(30_000.25, 2)
  })

  test('groups by service and keeps every step', () => {
    const steps = ['a', 'b', 'a'].map((service) => ({ ...full, id: mintSpanId(), service }))
    expect(encodeOtlp(steps).resourceSpans).toHaveLength(2)
    expect(
      decodeOtlp(encodeOtlp(steps))
        .steps.map((each) => each.id)
        .toSorted(),
    ).toEqual(steps.map((each) => each.id).toSorted())
  })

  test('reads spans of stock OpenTelemetry SDKs by the semantic conventions', () => {
    const cases: [object, string][] = [
      [{ kind: 2 }, 'api'],
      [{ kind: 'SPAN_KIND_PRODUCER', attributes: [text('messaging.system', 'rabbitmq')] }, 'queue'],
      [{ kind: 5, attributes: [text('messaging.system', 'rabbitmq')] }, 'worker'],
      [{ kind: 3, attributes: [text('gen_ai.operation.name', 'chat')] }, 'model'],
      [{ attributes: [text('gen_ai.operation.name', 'execute_tool')] }, 'tool'],
      [{ kind: 3, attributes: [text('db.system.name', 'postgresql')] }, 'database'],
    ]
    for (const [over, hop] of cases) expect(decodeOtlp(wire({ ...span, ...over })).steps[0]?.hop).toBe(hop)
    const web = wire({ ...span, kind: 3 }, [text('telemetry.sdk.language', 'webjs')])
    expect(decodeOtlp(web).steps[0]?.hop).toBe('browser')
    const refused = { ...span, kind: 2, attributes: [{ key: 'http.response.status_code', value: { intValue: '503' } }] }
    expect(decodeOtlp(wire(refused)).steps[0]).toMatchObject({ status: 'error', error: { type: '503' } })
    const thrown = {
      ...span,
      status: { code: 'STATUS_CODE_ERROR' },
      events: [{ attributes: [text('exception.type', 'Oops')] }],
    }
    expect(decodeOtlp(wire(thrown)).steps[0]?.error).toEqual({ type: 'Oops', message: undefined })
  })

  test('keeps a foreign trace-id as it is under the reference it names, and rejects a span that names two', () => {
    const named = wire({ ...span, traceId: FOREIGN, attributes: [text('waybill.reference', reference)] })
    expect(decodeOtlp(named).steps[0]).toMatchObject({ reference, traceId: FOREIGN })
    expect(decodeOtlp(wire({ ...span, traceId: FOREIGN }), { referenceOfAlias: () => reference }).steps).toHaveLength(1)
    const two = wire({ ...span, attributes: [text('waybill.reference', mintReference())] })
    expect(decodeOtlp(two)).toMatchObject({
      steps: [],
      rejected: 1,
      reasons: [expect.stringContaining('two references')],
    })
  })

  test('keeps no attribute outside its allow-list', () => {
    const secrets = [
      'gen_ai.input.messages',
      'gen_ai.tool.call.arguments',
      'url.full',
      'http.request.header.cookie',
      'custom',
    ]
    const { steps } = decodeOtlp(wire({ ...span, attributes: secrets.map((key) => text(key, 'secret-value')) }))
    expect(JSON.stringify(steps)).not.toContain('secret-value')
  })

  test.each([
    null,
    [],
    'x',
    { resourceSpans: {} },
    { resourceSpans: [null, { scopeSpans: [null, { spans: [null, 7] }] }] },
    wire({ ...span, traceId: 7 }),
    wire({ ...span, spanId: '0000000000000000' }),
    wire({ ...span, startTimeUnixNano: '-5' }),
    wire({ ...span, startTimeUnixNano: Number.NaN }),
    wire({ ...span, attributes: [null, { key: '__proto__', value: { stringValue: 'x' } }, { key: 1 }] }),
  ])('reads malformed input %# without throwing', (body) => {
    expect(decodeOtlp(body).steps.length).toBeLessThan(2)
  })

  test('makes log forging harmless in every text it keeps', () => {
    const forged = wire({ ...span, name: 'x\nlevel=error', attributes: [text('waybill.remains', 'a\r\nb')] })
    expect(decodeOtlp(forged).steps[0]).toMatchObject({ name: 'x level=error', remains: 'a  b' })
  })
})
