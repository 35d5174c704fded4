import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import { decodeOtlp, encodeOtlp, orderSteps, outcomeOf, partsOf, stepWords } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { describe, expect, test } from 'vitest'
import { T0, trailOf } from '../fixtures/trailOf.ts'
import { fnv1a64 } from './fnv1a64.ts'

const reference = mintReference()
const traceId = traceIdOf(reference)
const spanId = mintSpanId()
const text = (key: string, value: string) => ({ key, value: { stringValue: value } })
const record = (fields: object = {}) => ({
  timeUnixNano: '1796011996123456789',
  severityNumber: 17,
  traceId,
  spanId,
  body: { stringValue: 'no answer from the ledger' },
  ...fields,
})
const body = (records: readonly unknown[], resource: readonly object[] = [text('service.name', 'ledger')]) => ({
  resourceLogs: [{ resource: { attributes: resource }, scopeLogs: [{ logRecords: records }] }],
})
const read = (fields: object, options = {}, resource?: readonly object[]) =>
  decodeOtlp(body([record(fields)], resource), { signal: 'logs', ...options })
const stepOf = (fields: object, options = {}): Step => {
  const [step] = read(fields, options).steps
  return step ?? expect.fail('no step')
}
const told = (fields: object, options = {}): string => {
  const { subject, deed, trouble } = stepWords(stepOf(fields, options))
  return [subject, deed, ...(trouble ? [trouble] : [])].join(' ')
}

describe('a log record', () => {
  test('is a step of hop log, inside the span that it was written in', () => {
    expect(read({})).toEqual({
      steps: [
        {
          id: expect.stringMatching(/^[\da-f]{16}$/),
          parentId: spanId,
          reference,
          traceId,
          hop: 'log',
          service: 'ledger',
          name: 'no answer from the ledger',
          at: 1_796_011_996_123.456,
          durationMs: 0,
          status: 'ok',
          attributes: { 'waybill.log.severity': 'error' },
        },
      ],
      rejected: 0,
      passedOver: 0,
      reasons: [],
      leftOut: [],
    })
  })

  test('has one id however often it is sent, and another when anything that is kept differs', () => {
    const { id } = stepOf({})
    expect(stepOf({}).id).toBe(id)
    expect(id).not.toBe(spanId)
    const others = [
      { body: { stringValue: 'no answer from the bank' } },
      { timeUnixNano: '1796011996123456790' },
      { severityNumber: 13 },
      { spanId: mintSpanId() },
      { eventName: 'retry' },
      { attributes: [text('error.type', 'timeout')] },
    ].map((fields) => stepOf(fields).id)
    expect(new Set([id, ...others]).size).toBe(others.length + 1)
  })

  test('has an id that gives nothing away of what is not kept', () => {
    const secret = {
      attributes: [text('user.id', 'C-17'), text('card', '4242')],
      body: { stringValue: 'paid by "Jane"' },
    }
    const other = {
      attributes: [text('user.id', 'C-18'), text('card', '1881')],
      body: { stringValue: 'paid by "Mary"' },
    }
    expect(stepOf(secret).id).toBe(stepOf(other).id)
    expect(stepOf(secret).person).toBe('C-17')
  })

  test('keeps of a text one line, scrubbed and cut', () => {
    const name = (value: string): string => stepOf({ body: { stringValue: value } }).name
    expect(name('declined for jane@shop.example, card 4242 4242 4242 4242')).toBe('declined for … card …')
    expect(name('Error: no answer\n    at pay (/srv/pay.js:3:1)\n    at next')).toBe('Error: no answer')
    expect(name('\u202eevil\u0000 line')).toBe('evil  line')
    expect(name('x '.repeat(5000)).length).toBeLessThanOrEqual(200)
  })

  test.each([
    ['an object', { body: { kvlistValue: { values: [text('prompt', 'secret')] } } }, {}],
    ['an object in a text', { body: { stringValue: '{"prompt":"secret"}' } }, {}],
    ['a list', { body: { arrayValue: { values: [{ stringValue: 'secret' }] } } }, {}],
    ['a text from a browser', { body: { stringValue: 'secret' } }, { claimed: true }],
    ['nothing', { body: undefined }, {}],
  ])('keeps of %s no word', (_, fields, options) => {
    const step = stepOf(fields, options)
    expect(JSON.stringify(step)).not.toContain('secret')
    expect(told(fields, options)).toBe('ledger logged an error')
  })

  test('of a page’s own SDK keeps no text, whoever delivers it', () => {
    const web = [text('service.name', 'shop-web'), text('telemetry.sdk.language', 'webjs')]
    expect(JSON.stringify(read({}, {}, web).steps)).not.toContain('no answer')
  })

  test('keeps of an exception its type and its message’s first line, scrubbed, and no stack', () => {
    const attributes = [
      text('exception.type', 'CardError'),
      text('exception.message', 'card of jane@shop.example declined\nat secret'),
      text('exception.stacktrace', 'at secret'),
    ]
    const step = stepOf({ eventName: 'exception', attributes })
    expect(step).toMatchObject({ name: 'exception', error: { type: 'CardError', message: 'card of … declined' } })
    expect(JSON.stringify(step)).not.toMatch(/secret|no answer/)
    expect(stepOf({ attributes: [text('error.type', 'timeout'), ...attributes] }).error?.type).toBe('timeout')
  })

  test('may say its severity by number, by name, or in its logger’s words', () => {
    const severity = (fields: object) =>
      read({ severityNumber: undefined, ...fields }).steps[0]?.attributes?.['waybill.log.severity']
    expect(severity({ severityNumber: 'SEVERITY_NUMBER_WARN2' })).toBe('warn')
    expect(severity({ severityNumber: 24 })).toBe('fatal')
    expect([9, 10, 12, 13, 16, 17, 20, 21].map((severityNumber) => severity({ severityNumber }))).toEqual(
      ['info', 'info', 'info', 'warn', 'warn', 'error', 'error', 'fatal'], // each four to one
    )
    expect(
      ['CRITICAL', 'SEVERE', 'Warning', 'notice', 'made up'].map((severityText) => severity({ severityText })),
    ).toEqual(['fatal', 'error', 'warn', 'info', 'info'])
    for (const odd of [0, -5, 25, 1e9, 9.5, null, {}])
      expect(severity({ severityNumber: odd })).toEqual(expect.any(String))
  })

  test('is passed over, without a word to its sender, where it is of no reference or below INFO', () => {
    const nobodys = [
      { traceId: undefined },
      { traceId: '4bf92f3577b34da6a3ce929d0e0e4736' },
      { traceId: '0'.repeat(32) },
      { severityNumber: 5 },
      { severityNumber: 1 },
      { severityNumber: 0, severityText: 'DEBUG' },
    ]
    const { steps, passedOver, rejected, reasons } = decodeOtlp(body([...nobodys.map(record), null, 7]), {
      signal: 'logs',
    })
    expect({ steps, passedOver, rejected, reasons }).toEqual({ steps: [], passedOver: 8, rejected: 0, reasons: [] })
    expect(read({ severityNumber: 5, eventName: 'browser.web_vital' }).steps).toHaveLength(1)
  })

  test('follows waybill.reference, with a foreign trace-id or none, and earlier spans of its trace', () => {
    const foreign = '4bf92f3577b34da6a3ce929d0e0e4736'
    const attributes = [text('waybill.reference', reference)]
    expect(stepOf({ traceId: foreign, attributes })).toMatchObject({ reference, traceId: foreign })
    expect(stepOf({ traceId: undefined, attributes })).toMatchObject({ reference, traceId })
    expect(stepOf({ traceId: foreign }, { referenceOfAlias: () => reference })).toMatchObject({ reference })
    expect(read({ attributes: [text('waybill.reference', mintReference())] })).toMatchObject({
      steps: [],
      rejected: 1,
      reasons: [expect.stringContaining('two references')],
    })
  })

  test('without a time of its own has the one at which it was seen, and without either is rejected', () => {
    const observedTimeUnixNano = '1796011996123456789'
    expect(stepOf({ timeUnixNano: '0', observedTimeUnixNano }).at).toBe(1_796_011_996_123.456)
    expect(read({ timeUnixNano: undefined })).toMatchObject({ rejected: 1, reasons: ['a log record without a time'] })
  })

  test('goes out as a span and comes back the same', () => {
    for (const fields of [{}, { eventName: 'exception', attributes: [text('exception.type', 'TypeError')] }]) {
      const step = stepOf(fields)
      const [back] = decodeOtlp(JSON.parse(JSON.stringify(encodeOtlp([step])))).steps
      expect(JSON.parse(JSON.stringify(back))).toEqual(JSON.parse(JSON.stringify(step)))
    }
  })
})

test.each([
  [{}, 'ledger logged an error: no answer from the ledger'],
  [{ severityNumber: 13 }, 'ledger logged a warning: no answer from the ledger'],
  [{ severityNumber: 21 }, 'ledger logged a fatal error: no answer from the ledger'],
  [{ severityNumber: 9 }, 'ledger logged: no answer from the ledger'],
  [{ severityNumber: 9, body: undefined }, 'ledger logged something'],
  [{ attributes: [text('error.type', 'timeout')] }, 'ledger logged an error: no answer from the ledger (timeout)'],
  [
    { eventName: 'exception', attributes: [text('exception.type', 'TypeError')] },
    'ledger met an exception (TypeError)',
  ],
  [{ eventName: 'http.client.request.exception' }, 'ledger met an exception'],
  [{ attributes: [text('event.name', 'browser.web_vital')] }, 'ledger measured how the page felt'],
  [{ eventName: 'browser.navigation' }, 'ledger went to another page'],
  [{ eventName: 'browser.page_view' }, 'ledger went to another page'],
  [{ eventName: 'browser.navigation_timing' }, 'ledger measured how the page loaded'],
  [{ eventName: 'browser.resource_timing' }, 'ledger measured how the page loaded'],
  [{ eventName: 'browser.user_action.click' }, 'ledger took a click'],
  [{ eventName: 'browser.console' }, 'ledger wrote to the browser’s console'],
  [{ eventName: 'session.start' }, 'ledger began a session'],
  [{ eventName: 'session.end' }, 'ledger ended a session'],
  [{ eventName: 'feature_flag.evaluation' }, 'ledger looked up a feature flag'],
  [{ eventName: 'gen_ai.user.message' }, 'ledger noted gen_ai.user.message'],
  [{ eventName: 'order.packed' }, 'ledger noted order.packed'],
])('reads %j as “%s”', (fields, words) => {
  expect(told(fields)).toBe(words)
})

describe('no outcome is made of log lines', () => {
  const t = trailOf()
  const round = t.round({ name: 'Request refund' })
  const [call, served] = t.call(round, { name: 'POST /api/refunds' })
  const job = t.step({ hop: 'queue', name: 'refunds', parentId: served.id, jobId: 'j1', after: 20 })
  const worked = t.step({ hop: 'worker', name: 'refunds', parentId: job.id, jobId: 'j1', after: 40 })
  const line = (parent: Step | undefined, fields: Partial<Step> = {}): Step => ({
    ...t.step({ hop: 'log', name: 'no answer from the ledger', after: 30, durationMs: 0 }),
    parentId: parent?.id,
    error: { type: 'timeout' },
    attributes: { 'waybill.log.severity': 'error' },
    ...fields,
  })
  const hostile: Partial<Step>[] = [
    {},
    { status: 'error' },
    { status: 'running' },
    { effect: 'held', remains: 'lost' },
    { at: T0 + 9e8 },
    { at: T0 - 9e8 },
    { person: 'somebody' },
    { facts: { order: 'A-1' }, attempt: 2, maxAttempts: 9 },
  ]

  test.each([
    ['succeeded', [round, call, served, job, worked]],
    ['failed', [round, ...t.call(round, { name: 'POST /api/orders', fails: '503' })]],
    ['running', [round, call, served, job]],
    ['unknown', []],
  ] as const)('where it %s', (state, steps) => {
    const now = T0 + 60_000
    const before = outcomeOf(steps, { now })
    expect(before.state).toBe(state)
    for (const fields of hostile)
      for (const parent of [...steps, undefined]) {
        const lines = [line(parent, fields), line(parent, { ...fields, claimed: true })]
        const { sentence, ...after } = outcomeOf([...lines, ...steps], { now })
        const { sentence: was, ...rest } = before
        expect(after).toEqual(rest)
        expect(sentence).toBe(
          steps.length > 0
            ? was
            : 'Log lines were written under this reference; nothing tells what was done, or how it ended.',
        )
      }
  })

  test('each goes with the step it was written in, a browser’s stay with what browsers say', () => {
    const strange = t.step({ hop: 'api', name: 'POST /api/orders', parentId: mintSpanId(), after: 90 })
    const night = t.step({ hop: 'schedule', name: 'sync', after: 9e8 })
    const inOwn = line(worked)
    const inApart = line(strange)
    const inRun = line(night)
    const orphan = line(undefined, { parentId: mintSpanId() })
    const ofPage = line(call, { claimed: true })
    const ofCall = line(call)
    const forged = line(served, { claimed: true })
    const lines = [inOwn, inApart, inRun, orphan, ofPage, ofCall, forged]
    const steps = orderSteps([round, call, served, job, worked, strange, night, ...lines])
    const { own, page, later, records, apart, claims } = partsOf(steps)
    expect(own).toEqual(expect.arrayContaining([inOwn, ofCall]))
    expect(page).toContainEqual(ofPage)
    expect(later).toEqual([[night, inRun]])
    expect(records).toEqual([orphan])
    expect(apart).toEqual([strange, inApart])
    expect(claims).toEqual([forged])
    expect([own, page, ...later, records, apart, claims].flat()).toHaveLength(steps.length)
  })
})

test('the hash is FNV-1a of 64 bits', () => {
  expect(['', 'a', 'foobar', 'é'].map(fnv1a64)).toEqual([
    'cbf29ce484222325',
    'af63dc4c8601ec8c',
    '85944171f73967e8',
    fnv1a64Slowly('é'),
  ])
})

function fnv1a64Slowly(value: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(value)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash.toString(16).padStart(16, '0')
}
