import { readFileSync } from 'node:fs'
import {
  bodyOf,
  checkSymbol,
  formatReference,
  parseReference,
  parseTraceparent,
  referenceOfTraceId,
  traceIdOf,
  traceparentOf,
} from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import { describe, expect, test } from 'vitest'
import { isBody } from './checkSymbol.ts'

interface Vectors {
  readonly check: readonly { data: string; check: string; body: string; printed: string; withPrefix: string }[]
  readonly invalidBodies: readonly { body: string }[]
  readonly traceIds: readonly {
    namespace: string
    body: string
    printed: string
    traceId: string
    low64hex: string
    low64dec: string
  }[]
  readonly leadingZero: { body: string; traceId: string; trimmed: string }
  readonly foreign: readonly { id: string }[]
  readonly tampered: readonly { why: string; id: string }[]
  readonly traceparent: { example: string }
}

const vectors = JSON.parse(readFileSync(new URL('../vectors.json', import.meta.url), 'utf8')) as Vectors

function reference(text: string): Reference {
  const parsed = parseReference(text)
  if (!parsed.ok) throw new Error(`${text} is not a reference: ${parsed.reason}`)
  return parsed.reference
}

describe('vectors.json', () => {
  test.each(vectors.check)('check symbol and print of $printed', ({ data, check, body, printed, withPrefix }) => {
    expect(checkSymbol(data)).toBe(check)
    expect(isBody(body)).toBe(true)
    expect(reference(body)).toBe(printed)
    expect(reference(withPrefix)).toBe(printed)
    expect(bodyOf(reference(printed))).toBe(body)
    expect(formatReference(reference(printed), { prefix: 'ORD' })).toBe(withPrefix)
  })

  test.each(vectors.invalidBodies)('"$body" is refused', ({ body }) => {
    expect(isBody(body)).toBe(false)
    expect(parseReference(body).ok).toBe(false)
  })

  test.each(vectors.traceIds)('$printed in "$namespace" is $traceId', ({ namespace, printed, ...vector }) => {
    const own = reference(printed)
    expect(traceIdOf(own, { namespace })).toBe(vector.traceId)
    expect(referenceOfTraceId(vector.traceId, { namespace })).toEqual({ reference: own, level: 'full' })
    for (const id of [vector.low64hex, vector.low64dec, vector.low64hex.padStart(32, '0')]) {
      expect(referenceOfTraceId(id, { namespace })).toEqual({ reference: own, level: 'low64' })
    }
    const { traceId } = vector
    expect(referenceOfTraceId(`1-${traceId.slice(0, 8)}-${traceId.slice(8)}`, { namespace })?.reference).toBe(own)
    expect(referenceOfTraceId(traceId.toUpperCase(), { namespace })?.level).toBe('full')
  })

  test('an id whose leading zeros a tool trimmed is read', () => {
    const { body, traceId, trimmed } = vectors.leadingZero
    expect(traceIdOf(reference(body))).toBe(traceId)
    expect(referenceOfTraceId(trimmed)).toEqual({ reference: reference(body), level: 'full' })
  })

  test.each([...vectors.foreign, ...vectors.tampered])('$id is not ours', ({ id }) => {
    expect(referenceOfTraceId(id)).toBeNull()
  })

  test('the example traceparent is read and written', () => {
    const { example } = vectors.traceparent
    const parts = parseTraceparent(example)
    expect(parts).toEqual({ traceId: '58966c09301c7f96349e6590bb5f6250', spanId: '00f067aa0ba902b7', sampled: true })
    expect(traceparentOf(parts!.traceId, { spanId: parts!.spanId })).toBe(example)
  })
})
