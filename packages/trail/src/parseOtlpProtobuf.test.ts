import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import { decodeOtlp, encodeOtlp, parseOtlpProtobuf } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../browser/fixtures/seededRandom.ts'
import { bytesOfRequest, requestIn } from '../fixtures/otlpSchema.ts'
import { randomRequest } from '../fixtures/randomRequest.ts'

/** Of each signal; MESSAGES=20000 for a long run, with two and a half times as many mangled ones. */
const MESSAGES = Number(process.env['MESSAGES'] ?? 1000)

describe.each(['traces', 'logs'] as const)(
  'beside protobufjs, which reads %s by OpenTelemetry’s own definitions',
  (signal) => {
    test(`reads ${MESSAGES} requests of any fields in any order as it does`, () => {
      const random = seededRandom(1)
      let size = 0
      for (let i = 0; i < MESSAGES; i++) {
        const bytes = randomRequest(random, signal)
        size += bytes.length
        const parsed = parseOtlpProtobuf(bytes, { signal })
        const body = requestIn(bytes, signal)
        if (!isSame(parsed, { ok: true, body })) expect({ i, parsed }).toEqual({ i, parsed: { ok: true, body } })
      }
      expect(size).toBeGreaterThan(MESSAGES * 50)
    })

    test(`reads ${MESSAGES * 2.5} bodies that were mangled as it does, or refuses what it refuses`, () => {
      const random = seededRandom(2)
      const counts: Record<string, number> = {}
      let whole: Uint8Array = new Uint8Array()
      for (let i = 0; i < MESSAGES * 2.5; i++) {
        if (i % 10 === 0) whole = randomRequest(random, signal)
        const bytes = mangled(whole, random)
        const parsed = parseOtlpProtobuf(bytes, { signal })
        const what = parsed.ok ? 'read' : parsed.reason
        counts[what] = (counts[what] ?? 0) + 1
        // Nothing that it makes is much longer than what it read.
        if (parsed.ok) expect(JSON.stringify(parsed.body).length).toBeLessThan(100 + bytes.length * 40)
        decodeOtlp(parsed.ok ? parsed.body : null, { signal })
        const body = attempt(() => requestIn(bytes, signal))
        // It reads groups, and skips numbers of any length.
        const isStricter = what === 'field' || what === 'number'
        if (parsed.ok ? !isSame(parsed.body, body) : body !== undefined && !isStricter) {
          expect({ i, parsed }).toEqual({ i, parsed: { ok: body !== undefined, body } })
        }
      }
      for (const what of ['read', 'cut-short', 'number', 'field', 'text'])
        expect([what, counts[what]]).toEqual([what, expect.any(Number)])
    })
  },
)

describe('beside protobufjs', () => {
  test('carries steps as JSON does', () => {
    const steps = Array.from({ length: 50 }, (_, i) => stepOf(i))
    const json: unknown = JSON.parse(JSON.stringify(encodeOtlp(steps)))
    const parsed = parseOtlpProtobuf(bytesOfRequest(json))
    expect(parsed.ok && decodeOtlp(parsed.body)).toEqual(decodeOtlp(json))
    expect(parsed.ok && decodeOtlp(parsed.body).steps).toHaveLength(50)
  })

  test('carries log records as JSON does', () => {
    const reference = mintReference()
    const logRecords = Array.from({ length: 50 }, (_, i) => ({
      timeUnixNano: '1796011996123456789',
      severityNumber: 9 + i / 10,
      body: { stringValue: `процесс ${i}` },
      traceId: traceIdOf(reference),
      spanId: mintSpanId(),
      attributes: [{ key: 'error.type', value: { stringValue: 'timeout' } }],
    })).map((record) => ({ ...record, severityNumber: Math.floor(record.severityNumber) }))
    const json = { resourceLogs: [{ scopeLogs: [{ logRecords }] }] }
    const parsed = parseOtlpProtobuf(bytesOfRequest(json, 'logs'), { signal: 'logs' })
    expect(parsed).toEqual({ ok: true, body: json })
    expect(parsed.ok && decodeOtlp(parsed.body, { signal: 'logs' }).steps).toHaveLength(50)
  })
})

describe('reads', () => {
  const spanOf = (...fields: readonly Uint8Array[]): unknown => {
    const span = chunk(0x12, Buffer.concat(fields))
    const parsed = parseOtlpProtobuf(chunk(0x0a, chunk(0x12, span)))
    return parsed.ok ? valueAt(parsed.body, ['resourceSpans', 0, 'scopeSpans', 0, 'spans', 0]) : parsed
  }
  const of = (...bytes: readonly number[]): Uint8Array => Uint8Array.from(bytes)

  test('64 bits as decimal text, whatever a number here could hold', () => {
    expect(spanOf(of(0x39, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff))).toEqual({
      startTimeUnixNano: '18446744073709551615',
    })
    const minusOne = of(0x18, ...Array<number>(9).fill(0xff), 0x01)
    const attribute = chunk(0x4a, Buffer.concat([chunk(0x0a, Buffer.from('n')), chunk(0x12, minusOne)]))
    expect(spanOf(attribute)).toEqual({ attributes: [{ key: 'n', value: { intValue: '-1' } }] })
  })

  test('of one field told twice the last, and of a message told in parts both', () => {
    expect(spanOf(chunk(0x2a, Buffer.from('a')), chunk(0x2a, Buffer.from('b')))).toEqual({ name: 'b' })
    const message = chunk(0x7a, chunk(0x12, Buffer.from('oh')))
    expect(spanOf(message, chunk(0x7a, of(0x18, 0x02)))).toEqual({ status: { message: 'oh', code: 2 } })
  })

  test('of one of several the last, and lists in their order', () => {
    const both = chunk(0x12, Buffer.concat([chunk(0x0a, Buffer.from('text')), of(0x10, 0x01)]))
    const keys = ['a', 'b', 'c'].map((key) => chunk(0x4a, Buffer.concat([chunk(0x0a, Buffer.from(key)), both])))
    const value = { boolValue: true }
    expect(spanOf(...keys)).toEqual({ attributes: ['a', 'b', 'c'].map((key) => ({ key, value })) })
  })

  test('past fields that OTLP has not, of every kind, and known ones of another kind', () => {
    const unknown = [
      of(0xc0, 0x3e, 0x05), // 1000, varint
      of(0xc1, 0x3e, 1, 2, 3, 4, 5, 6, 7, 8), // 1000, eight bytes
      of(0xc2, 0x3e, 0x02, 0xff, 0xff), // 1000, a chunk
      of(0xc5, 0x3e, 1, 2, 3, 4), // 1000, four bytes
      of(0x28, 0x07), // the name, as a number
    ]
    expect(spanOf(...unknown, chunk(0x2a, Buffer.from('a')), ...unknown)).toEqual({ name: 'a' })
  })
})

describe('refuses', () => {
  test.each([
    ['a length beyond the body', [0x0a, 0x05, 0x0a], 'cut-short'],
    [
      'a length beyond its own message, though not beyond the body',
      [0x0a, 0x02, 0x1a, 0x03, 0x61, 0x61, 0x61],
      'cut-short',
    ],
    ['a length of 4 GB', [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f], 'cut-short'],
    ['a length of 16 EB', [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], 'cut-short'],
    ['a number that ends with the body', [0x08, 0x80], 'cut-short'],
    ['a fixed number that ends with the body', [0x09, 1, 2, 3], 'cut-short'],
    ['a number of eleven bytes', [0x08, ...Array<number>(10).fill(0x80), 0], 'number'],
    ['field 0', [0x02, 0x00], 'field'],
    ['a field beyond 29 bits', [0xfa, 0xff, 0xff, 0xff, 0x1f, 0x00], 'field'],
    ['a group', [0x0b, 0x0c], 'field'],
    ['a group’s end', [0x0c], 'field'],
    ['a kind that there is not', [0x0e], 'field'],
    ['text that is no UTF-8', [0x0a, 0x04, 0x1a, 0x02, 0xc3, 0x28], 'text'],
    ['text of half a pair', [0x0a, 0x05, 0x1a, 0x03, 0xed, 0xa0, 0x80], 'text'],
  ])('%s', (_, bytes, reason) => {
    expect(parseOtlpProtobuf(Uint8Array.from(bytes))).toEqual({ ok: false, reason })
  })
})

test('reads a part of a larger buffer, and nothing as an empty request', () => {
  const whole = Uint8Array.from([0xff, 0x0a, 0x03, 0x1a, 0x01, 0x61, 0xff])
  expect(parseOtlpProtobuf(whole.subarray(1, 6))).toEqual({ ok: true, body: { resourceSpans: [{ schemaUrl: 'a' }] } })
  expect(parseOtlpProtobuf(new Uint8Array())).toEqual({ ok: true, body: {} })
})

test('leaves out what is nested deeper than 16 messages, and keeps what stands beside it', () => {
  const spanId = mintSpanId()
  for (const levels of [10, 11, 100, 2000]) {
    // Within ResourceSpans and Resource; each value of a list is two messages deep.
    let value = Uint8Array.from([0x0a, 0x01, 0x61])
    for (let i = 0; i < levels; i++) value = chunk(i % 2 ? 0x2a : 0x0a, value)
    const attribute = chunk(0x12, value)
    const resource = chunk(0x0a, chunk(0x0a, attribute))
    const spans = bytesOfRequest({ resourceSpans: [{ scopeSpans: [{ spans: [{ spanId }] }] }] })
    const parsed = parseOtlpProtobuf(Buffer.concat([chunk(0x0a, resource), spans]))
    const [first, second] = parsed.ok ? (parsed.body['resourceSpans'] as unknown[]) : []
    expect(second).toEqual({ scopeSpans: [{ spans: [{ spanId }] }] })
    expect(JSON.stringify(first).includes('"stringValue":"a"')).toBe(levels < 11)
  }
})

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => Object(inner)[key], value)
}

/** Bytes changed, cut out, put in, or the end cut off. */
function mangled(bytes: Uint8Array, random: () => number): Uint8Array {
  const below = (most: number): number => Math.floor(random() * most)
  const all = [...bytes]
  for (let changes = 1 + below(3); changes > 0; changes--) {
    const at = below(all.length + 1)
    const how = below(4)
    if (how === 0) all[at] = below(256)
    else if (how === 1) all.splice(at, 1 + below(4))
    else if (how === 2)
      all.splice(at, 0, ...Array.from({ length: 1 + below(12) }, () => (below(2) ? 0xff : below(256))))
    else all.length = at
  }
  return Uint8Array.from(all)
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))

/** With keys in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}

function attempt<T>(fn: () => T): T | undefined {
  try {
    return fn()
  } catch {
    return undefined
  }
}

/** A field that holds bytes. */
function chunk(tag: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const length: number[] = []
  for (let rest = bytes.length; ; rest >>>= 7) {
    if (rest < 0x80) return Uint8Array.from([tag, ...length, rest, ...bytes])
    length.push((rest & 0x7f) | 0x80)
  }
}

function stepOf(i: number): Step {
  const reference = mintReference()
  return {
    id: mintSpanId(),
    parentId: i % 2 ? mintSpanId() : undefined,
    reference,
    traceId: traceIdOf(reference),
    hop: 'worker',
    service: 'refund-worker',
    name: `процесс ${i}`,
    at: 1_790_000_000_123.456 + i,
    durationMs: 30.25,
    status: i % 3 ? 'ok' : 'error',
    error: i % 3 ? undefined : { type: 'timeout', message: 'no answer' },
    attempt: 2,
    deadLetter: i % 5 === 0 || undefined,
    facts: { order: `A-${i}` },
    attributes: { 'gen_ai.request.model': 'gpt', 'gen_ai.usage.input_tokens': 12 * i },
  }
}
