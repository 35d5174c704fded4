import {
  bodyOf,
  checkSymbol,
  formatReference,
  mintReference,
  mintSpanId,
  parseReference,
  parseTraceparent,
  referenceOfTraceId,
  traceIdOf,
  traceparentOf,
} from '@waybill/reference'
import type { ReferenceLength } from '@waybill/reference'
import { describe, expect, test } from 'vitest'
import { ALPHABET } from './alphabet.ts'
import { isBody } from './checkSymbol.ts'

const LENGTHS: readonly ReferenceLength[] = [8, 9, 10, 12]

/** Repeatable bytes (xorshift32), so that a failure can be run again. */
function seeded(seed: number): (bytes: number) => Uint8Array<ArrayBuffer> {
  let state = seed
  return (bytes) =>
    Uint8Array.from({ length: bytes }, () => {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      return state & 255
    })
}

describe('mintReference', () => {
  test.each(LENGTHS)('mints references of length %i that parse, with a digit and a letter', (length) => {
    const random = seeded(length)
    for (let i = 0; i < 5_000; i++) {
      const reference = mintReference({ length, random })
      expect(parseReference(reference)).toEqual({ ok: true, reference })
      expect(bodyOf(reference)).toHaveLength(length)
      expect(reference).toMatch(/\d/)
      expect(reference).toMatch(/[A-Z]/)
    }
  })

  test('spreads symbols evenly and repeats nothing in 50 000', () => {
    const seen = new Set<string>()
    const counts = new Map<string, number>()
    for (let i = 0; i < 50_000; i++) {
      const reference = mintReference()
      seen.add(reference)
      for (const symbol of bodyOf(reference)) counts.set(symbol, (counts.get(symbol) ?? 0) + 1)
    }
    // Half a live collision is expected among 50 000 of 7.8e10, so one repeat is luck and three are a fault.
    expect(seen.size).toBeGreaterThan(49_997)
    const expected = (50_000 * 9) / 23
    for (const symbol of ALPHABET) expect(Math.abs((counts.get(symbol) ?? 0) / expected - 1)).toBeLessThan(0.06)
  })

  test('draws again for rude forms and for bodies without a digit or a letter', () => {
    const checkedBy = (start: string, symbols: RegExp): string =>
      [...ALPHABET].map((last) => start + last).find((data) => symbols.test(data + checkSymbol(data))) ?? ''
    const digits = checkedBy('2345678', /^\d+$/)
    const letters = checkedBy('CFHKLMN', /^\D+$/)
    const draws = ['FCK23456', digits, letters, 'RF7K29QX'].map((data) => [...data].map((s) => ALPHABET.indexOf(s)))
    const bytes = draws.flatMap((values) => values.toReversed())
    // nanoid asks for more bytes than it needs, reads them from the end, and starts over on the next draw.
    const random = (size: number): Uint8Array<ArrayBuffer> => {
      const own = bytes.splice(0, 8)
      return Uint8Array.from({ length: size }, (_, i) => own[i - (size - 8)] ?? 0)
    }
    expect(bodyOf(mintReference({ random })).slice(0, 8)).toBe('RF7K29QX')
  })

  test('never touches Math.random', () => {
    const original = Math.random
    Math.random = () => {
      throw new Error('Math.random was used')
    }
    try {
      expect(mintReference()).toBeTypeOf('string')
      expect(mintSpanId()).toMatch(/^[\da-f]{16}$/)
    } finally {
      Math.random = original
    }
  })
})

describe('the check symbol', () => {
  test('catches every single wrong symbol and every swap of two', () => {
    const random = seeded(7)
    for (let i = 0; i < 100; i++) {
      const body = bodyOf(mintReference({ random }))
      for (let at = 0; at < body.length; at++) {
        for (const symbol of ALPHABET) {
          if (symbol !== body[at]) expect(isBody(body.slice(0, at) + symbol + body.slice(at + 1))).toBe(false)
        }
        for (let other = at + 1; other < body.length; other++) {
          const swapped = [...body]
          ;[swapped[at], swapped[other]] = [body[other]!, body[at]!]
          if (body[at] !== body[other]) expect(isBody(swapped.join(''))).toBe(false)
        }
      }
    }
  })
})

describe('parseReference', () => {
  test('takes one reference however it is written', () => {
    for (const text of ['RF7-K29-QXR', 'rf7-k29-qxr', ' RF7K29QXR ', 'ORD-RF7-K29-QXR', 'ord-rf7k29qxr']) {
      expect(parseReference(text)).toEqual({ ok: true, reference: 'RF7-K29-QXR' })
    }
  })

  test.each([
    ['form', 'RF7-K29-QXR-222'],
    ['form', 'RF-7K2-9QXR'],
    ['form', 'R-RF7-K29-QXR'],
    ['form', 'RF7-K29-QXR\nX'],
    ['check', 'RF4-K29-QXR'],
    ['form', 'ſF7-K29-QXR'],
    ['form', 'A'.repeat(1_000_000)],
    ['form', 7],
    ['form', null],
    ['form', { toString: () => 'RF7-K29-QXR' }],
  ])('refuses for its %s, case %#', (reason, text) => {
    expect(parseReference(text)).toEqual({ ok: false, reason })
  })

  test('a prefix that is no prefix is refused when printing', () => {
    const reference = mintReference()
    expect(formatReference(reference)).toBe(reference)
    for (const prefix of ['O', 'ORDERS', 'or', '12', ''])
      expect(() => formatReference(reference, { prefix })).toThrow('[waybill]')
  })
})

describe('the trace-id', () => {
  test.each(LENGTHS)('of length %i comes back from all bits, the low 64, and with zeros trimmed', (length) => {
    const random = seeded(length + 100)
    for (let i = 0; i < 5_000; i++) {
      const reference = mintReference({ length, random })
      const id = traceIdOf(reference, { namespace: 'shop/test' })
      for (const form of [id, id.slice(16), id.replace(/^0+/, ''), BigInt(`0x${id.slice(16)}`).toString()]) {
        expect(referenceOfTraceId(form, { namespace: 'shop/test' })?.reference).toBe(reference)
      }
      expect(referenceOfTraceId(id)).toBeNull()
    }
  })

  test('of a length that is not in use is foreign', () => {
    expect(referenceOfTraceId(traceIdOf(mintReference({ length: 12 })), { lengths: [9] })).toBeNull()
  })

  test('is read from nothing but text', () => {
    for (const id of [
      null,
      undefined,
      7,
      {},
      '1'.repeat(1e6),
      '0x58966c09301c7f96349e6590bb5f6250',
      '-5',
      '99999999999999999999',
    ])
      expect(referenceOfTraceId(id)).toBeNull()
  })
})

describe('traceparent', () => {
  test('has a fresh parent-id per call and says sampled and random', () => {
    const traceId = traceIdOf(mintReference())
    const values = Array.from({ length: 1000 }, () => traceparentOf(traceId))
    expect(new Set(values).size).toBe(1000)
    for (const value of values) expect(value).toMatch(new RegExp(`^00-${traceId}-(?!0{16})[\\da-f]{16}-03$`))
  })

  test('keeps the share of traces it was asked to keep', () => {
    const kept = Array.from({ length: 20_000 }, () => traceparentOf(traceIdOf(mintReference()), { sampledShare: 0.25 }))
    const share = kept.filter((value) => value.endsWith('-03')).length / kept.length
    expect(share).toBeGreaterThan(0.23)
    expect(share).toBeLessThan(0.27)
    expect(traceparentOf(traceIdOf(mintReference()), { sampledShare: 0 })).toMatch(/-02$/)
  })

  test.each([
    '00-58966c09301c7f96349e6590bb5f6250-00f067aa0ba902b7-03-extra',
    '00-58966c09301c7f96349e6590bb5f6250-00f067aa0ba902b7-03, 00-58966c09301c7f96349e6590bb5f6250-00f067aa0ba902b7-03',
    '00-58966C09301C7F96349E6590BB5F6250-00f067aa0ba902b7-03',
    '00-00000000000000000000000000000000-00f067aa0ba902b7-03',
    '00-58966c09301c7f96349e6590bb5f6250-0000000000000000-03',
    'ff-58966c09301c7f96349e6590bb5f6250-00f067aa0ba902b7-03',
    '',
    null,
    'x'.repeat(1e6),
  ])('refuses value %#', (value) => {
    expect(parseTraceparent(value)).toBeNull()
  })

  test('reads a later version with more fields', () => {
    expect(parseTraceparent('01-58966c09301c7f96349e6590bb5f6250-00f067aa0ba902b7-02-more')).toMatchObject({
      sampled: false,
    })
  })
})
