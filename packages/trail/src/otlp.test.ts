import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import { decodeOtlp, encodeOtlp } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { describe, expect, test } from 'vitest'

const reference = mintReference()
const traceId = traceIdOf(reference)
const other = mintReference()
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
  background: true,
  session: 's-1',
  person: 'C-2041',
  facts: { order: 'A-1001' },
  links: [
    { rel: 'parent', reference: other, traceId: traceIdOf(other), spanId: mintSpanId() },
    { rel: 'child', reference: mintReference({ length: 9 }), traceId: FOREIGN, spanId: undefined },
  ],
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
  test('reads links of other tracers as leading to what came before, and none that lead nowhere or back', () => {
    const linked = { traceId: traceIdOf(other), spanId: mintSpanId() }
    const [step] = decodeOtlp(
      wire({
        ...span,
        links: [
          linked,
          { traceId: FOREIGN, spanId: mintSpanId() },
          { traceId, spanId: mintSpanId() },
          { ...linked, attributes: [text('waybill.reference', mintReference())] },
          { ...linked, traceId: 'nonsense' },
          null,
        ],
      }),
    ).steps
    expect(step?.links).toEqual([{ rel: 'parent', reference: other, ...linked }])
  })

  test('keeps 32 links, and says that there were more', () => {
    const links = Array.from({ length: 40 }, () => ({ traceId: traceIdOf(other), spanId: mintSpanId() }))
    const { steps, leftOut } = decodeOtlp(wire({ ...span, links }))
    expect(steps[0]?.links).toHaveLength(32)
    expect(leftOut).toEqual(['links beyond 32'])
  })

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

  test('takes time that grows with the steps, not with their square', () => {
    const steps = Array.from({ length: 20_000 }, () => full)
    const parts = Array.from({ length: 40 }, (_, i) => steps.slice(i * 500, (i + 1) * 500))
    // Processor time, the least of several runs: what else the machine does is not in it.
    const least = (encode: () => unknown): number =>
      Math.min(
        ...Array.from({ length: 4 }, () => {
          const before = process.cpuUsage()
          encode()
          const { user, system } = process.cpuUsage(before)
          return user + system
        }),
      )
    const inParts = least(() => parts.map(encodeOtlp))
    // Were it the square, this would be 40.
    expect(least(() => encodeOtlp(steps)) / inParts).toBeLessThan(8)
  })

  test('has each attribute once, what is told last where the first stood', () => {
    const attributes = { 'waybill.hop': 'mine', 'http.route': '/a', 'waybill.fact.order': 'no' }
    const [group] = encodeOtlp([{ ...full, attributes }]).resourceSpans
    const own = group?.scopeSpans[0]?.spans[0]?.attributes ?? []
    expect(own.map(({ key }) => key)).toHaveLength(new Set(own.map(({ key }) => key)).size)
    expect(own[1]).toEqual({ key: 'waybill.hop', value: { stringValue: 'mine' } })
    expect(own).toContainEqual({ key: 'waybill.fact.order', value: { stringValue: 'A-1001' } })
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

  test('makes log forging and turned text harmless in every text it keeps', () => {
    const forged = 'a\r\nb\u202ec\u2028d\ud83d'
    const named = [
      'waybill.remains',
      'messaging.message.id',
      'session.id',
      'user.id',
      'error.type',
      'waybill.fact.order',
    ]
    const attributes = [...named, 'http.route'].map((key) => text(key, forged))
    const status = { code: 2, message: forged }
    const [step] = decodeOtlp(wire({ ...span, name: forged, attributes, status }, [text('service.name', forged)])).steps
    const clean = 'a  bc d'
    expect(step).toMatchObject({
      name: clean,
      service: clean,
      remains: clean,
      jobId: clean,
      session: clean,
      person: clean,
      facts: { order: clean },
      error: { type: clean, message: clean },
      attributes: { 'http.route': clean },
    })
  })

  test('takes out of a message what is somebody’s own, also where invisible characters hide it', () => {
    const status = { code: 2, message: 'card 4242\u200b4242\u200b4242\u200b4242 declined' }
    expect(decodeOtlp(wire({ ...span, status })).steps[0]?.error?.message).toBe('card … declined')
  })

  test('takes numbers where texts are expected', () => {
    const attributes = ['user.id', 'messaging.message.id'].map((key) => ({ key, value: { intValue: '42' } }))
    expect(decodeOtlp(wire({ ...span, attributes })).steps[0]).toMatchObject({ person: '42', jobId: '42' })
  })

  test('leaves out a person whose id is too long to be told from another', () => {
    const { steps, leftOut } = decodeOtlp(wire({ ...span, attributes: [text('user.id', 'x'.repeat(201))] }))
    expect(steps[0]?.person).toBeUndefined()
    expect(leftOut).toEqual(["a person's id of more than 200 characters"])
  })
})

describe('facts of any sender', () => {
  test('are kept, however many attributes stand before them', () => {
    const many = Array.from({ length: 500 }, (_, i) => text(`custom.${i}`, 'x'))
    const { steps, leftOut } = decodeOtlp(wire({ ...span, attributes: [...many, text('waybill.fact.2fa', 'sms')] }))
    expect(steps[0]?.facts).toEqual({ '2fa': 'sms' })
    expect(leftOut).toEqual([])
  })

  test('are kept to the last digit and as truth values, and OTLP’s null says nothing', () => {
    const values = {
      big: { intValue: '9007199254740993' },
      small: { intValue: '-7' },
      price: { doubleValue: 1.5 },
      paid: { boolValue: false },
      none: {},
    }
    const attributes = Object.entries(values).map(([name, value]) => ({ key: `waybill.fact.${name}`, value }))
    const { steps, leftOut } = decodeOtlp(wire({ ...span, attributes }))
    expect(steps[0]?.facts).toEqual({ big: '9007199254740993', small: '-7', price: '1.5', paid: 'false' })
    expect(leftOut).toEqual([])
  })

  test.each([
    ['whose name is not', text('waybill.fact.order no', 'x')],
    ['whose name is not', text('waybill.fact.', 'x')],
    ['whose name is not', text('waybill.fact.__proto__', 'x')],
    ['that is no text', { key: 'waybill.fact.order', value: { arrayValue: { values: [] } } }],
    ['that is no text', { key: 'waybill.fact.order', value: { doubleValue: 'NaN' } }],
    ['of more than 200', text('waybill.fact.order', 'x'.repeat(201))],
  ])('that break the rule are left out of a step that is kept: a fact %s', (why, attribute) => {
    const { steps, rejected, leftOut } = decodeOtlp(wire({ ...span, attributes: [attribute, attribute] }))
    expect(steps).toHaveLength(1)
    expect(steps[0]?.facts).toBeUndefined()
    expect(rejected).toBe(0)
    expect(leftOut).toEqual([expect.stringContaining(`a fact ${why}`)])
  })

  test('are twenty for each step, and the rest is counted as left out', () => {
    const attributes = Array.from({ length: 30 }, (_, i) => text(`waybill.fact.n${i}`, 'x'))
    const { steps, leftOut } = decodeOtlp(wire({ ...span, attributes }))
    expect(Object.keys(steps[0]?.facts ?? {})).toHaveLength(20)
    expect(leftOut).toEqual(['a fact beyond the first 20 of its step'])
  })
})
