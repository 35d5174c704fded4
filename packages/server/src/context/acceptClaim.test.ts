import { mintReference, mintSpanId, traceIdOf, traceparentOf } from '@waybill/reference'
import { createWaybill } from '@waybill/server'
import { describe, expect, test } from 'vitest'

const namespace = 'acme-shop/test'
const waybill = createWaybill({ service: 'shop-api', namespace })
const reference = mintReference()
const traceId = traceIdOf(reference, { namespace })
const spanId = mintSpanId()
const traceparent = traceparentOf(traceId, { spanId })
const foreign = '0af7651916cd43dd8448eb211c80319c'

describe('accept', () => {
  test('believes a traceparent that stands for a reference, and names the caller as the cause', () => {
    expect(waybill.accept({ traceparent })).toEqual({ reference, traceId, spanId })
  })

  test('believes a Trace-Reference alone, and reads the attempt', () => {
    const headers = new Headers({ 'Trace-Reference': reference, 'Trace-Attempt': '2' })
    expect(waybill.accept(headers)).toEqual({ reference, traceId, attempt: 2 })
  })

  test('honours a Trace-Reference beside a foreign trace-id, which it keeps', () => {
    const claim = { 'trace-reference': reference, traceparent: traceparentOf(foreign, { spanId }) }
    expect(waybill.accept(claim)).toEqual({ reference, traceId: foreign, spanId })
  })

  test('mints for a foreign trace-id alone, and leaves its trace whole', () => {
    const context = waybill.accept({ traceparent: traceparentOf(foreign, { spanId }) })
    expect(context).toMatchObject({ traceId: foreign, spanId })
    expect(context.refused).toBeUndefined()
  })

  test('mints anew, with nothing of either, when the two name different references', () => {
    const other = mintReference()
    const context = waybill.accept({ 'Trace-Reference': other, traceparent })
    expect([reference, other]).not.toContain(context.reference)
    expect(context).toEqual({
      reference: context.reference,
      traceId: traceIdOf(context.reference, { namespace }),
      refused: true,
    })
  })

  const wrongCheck = reference.slice(0, -1) + (reference.endsWith('2') ? '3' : '2')
  test.each([
    ['a wrong check symbol', { 'Trace-Reference': wrongCheck }],
    ['lower case', { 'Trace-Reference': reference.toLowerCase() }],
    ['a prefix', { 'Trace-Reference': `ORD-${reference}` }],
    ['no hyphens', { 'Trace-Reference': reference.replaceAll('-', '') }],
    ['two values', { 'Trace-Reference': `${reference}, ${reference}` }],
    ['two values as a list', { 'Trace-Reference': [reference, reference] }],
    ['two traceparents', { traceparent: `${traceparent}, ${traceparent}` }],
    ['a number', { traceparent: 7 }],
    ['a line break', { 'Trace-Reference': `${reference}\nevil=1` }],
    ['an attempt that is none', { 'Trace-Attempt': '-1' }],
  ])('refuses %s and keeps only that something was refused', (_, claim) => {
    const context = waybill.accept(claim)
    expect(context).toEqual({
      reference: context.reference,
      traceId: traceIdOf(context.reference, { namespace }),
      refused: true,
    })
    expect(context.reference).not.toBe(reference)
  })

  test('takes nothing for a claim without fault', () => {
    for (const carrier of [undefined, null, 'text', 7, [], {}, new Headers()]) {
      expect(waybill.accept(carrier).refused).toBeUndefined()
    }
  })

  test('spends next to nothing on overlong input', () => {
    const long = 'A2'.repeat(5_000_000)
    const startedAt = performance.now()
    for (let i = 0; i < 1000; i++) waybill.accept({ 'Trace-Reference': long, traceparent: long, 'Trace-Attempt': long })
    expect(performance.now() - startedAt).toBeLessThan(500)
  })

  test('reads what inject wrote, in headers and in plain objects', () => {
    const context = waybill.accept({ traceparent })
    waybill.resume(context, () => {
      expect(waybill.accept(waybill.inject(new Headers()))).toEqual(context)
      expect(waybill.accept(waybill.inject({}))).toEqual(context)
    })
    const underForeign = waybill.accept({ 'Trace-Reference': reference, traceparent: traceparentOf(foreign) })
    expect(waybill.resume(underForeign, () => waybill.accept(waybill.inject({})))).toEqual(underForeign)
  })
})
