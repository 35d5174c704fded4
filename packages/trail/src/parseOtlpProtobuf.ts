import { OTLP_MESSAGES } from './otlpMessages.ts'
import type { OtlpMessage, OtlpScalar } from './otlpMessages.ts'
import type { OtlpSignal } from './decodeOtlp.ts'

/**
 * Reads the bytes of an OTLP/HTTP protobuf request (`ExportTraceServiceRequest`, `ExportLogsServiceRequest`) as `JSON.parse` reads the same
 * in JSON: ids as hex, 64-bit integers as decimal text, enums as numbers; `decodeOtlp` makes steps of it. Never throws. Fields that are not OTLP's are passed over,
 * as is what is nested deeper than 16 messages: lists within lists within attributes, of which no step keeps anything. A message of no
 * fields takes two bytes and becomes an object of fifty, so their number is bounded as well.
 */
export function parseOtlpProtobuf(bytes: Uint8Array, { signal = 'traces' }: ParseOptions = {}): ParsedOtlpProtobuf {
  try {
    return { ok: true, body: createReader(bytes).request(REQUESTS[signal]) }
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, reason: error.reason }
    throw error
  }
}

export interface ParseOptions {
  /** What the request delivers. @default 'traces' */
  readonly signal?: OtlpSignal | undefined
}

const REQUESTS: Readonly<Record<OtlpSignal, OtlpMessage>> = {
  traces: 'ExportTraceServiceRequest',
  logs: 'ExportLogsServiceRequest',
}

/**
 * `cut-short`: something is longer than what holds it. `number`: a varint of more than ten bytes. `field`: a field's number or kind that
 * cannot be, groups among them, which OTLP has none of. `text`: no UTF-8. `too-many`: over a million messages within one another.
 */
export type ParsedOtlpProtobuf =
  | { readonly ok: true; readonly body: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly reason: MalformedReason }

type MalformedReason = 'cut-short' | 'number' | 'field' | 'text' | 'too-many'

/** Ends the reading from inside any message; goes no further than `parseOtlpProtobuf`. */
class Malformed extends Error {
  readonly reason: MalformedReason
  constructor(reason: MalformedReason) {
    super(reason)
    this.reason = reason
  }
}

interface Place {
  readonly into: Fields
  readonly end: number
  /** 1 for the request itself. */
  readonly depth: number
}

interface Fields {
  [name: string]: Value
}
type Value = string | number | boolean | Fields | Value[]

/** Every function reads on from `at` and not beyond `end`, where the message ends that it reads from. */
function createReader(bytes: Uint8Array): { request(name: OtlpMessage): Fields } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  let messages = 0

  /** Exact: a number up to 49 bits, above that a bigint, whose bits beyond the 64th do not count. */
  function varint(end: number): number | bigint {
    let value = 0
    for (let i = 0; i < 7; i++) {
      const byte = bytes[take(1, end)]!
      value += (byte & 0x7f) * 2 ** (7 * i)
      if (byte < 0x80) return value
    }
    let long = BigInt(value)
    for (let i = 7n; i < 10n; i++) {
      const byte = bytes[take(1, end)]!
      long |= BigInt(byte & 0x7f) << (7n * i)
      if (byte < 0x80) return long
    }
    throw new Malformed('number')
  }

  /** Where the next `length` bytes begin. */
  function take(length: number, end: number): number {
    const start = at
    if (length > end - start) throw new Malformed('cut-short')
    at += length
    return start
  }

  function chunk(end: number): Uint8Array {
    const length = Number(varint(end))
    const start = take(length, end)
    return bytes.subarray(start, start + length)
  }

  /** What the fields up to `end` say, added to what earlier parts of the same message said. */
  function message(name: OtlpMessage, { into, end, depth }: Place): Fields {
    // oxlint-disable-next-line no-unmodified-loop-condition -- reading a tag moves it
    while (at < end) {
      const tag = Number(varint(end))
      const wire = WIRES[tag % 8]
      if (tag < 8 || tag > 0xffff_ffff || !wire) throw new Malformed('field')
      const [key, type, label] = OTLP_MESSAGES[name][Math.floor(tag / 8)] ?? []
      // One that is written otherwise than its type is as good as unknown, says protobuf.
      if (key === undefined || type === undefined || wireOf(type) !== wire || (isMessage(type) && depth === DEEPEST)) {
        skip(wire, end)
        continue
      }
      const before = into[key]
      if (label === 'oneof' && before === undefined) for (const other of Object.keys(into)) delete into[other]
      const value = isMessage(type) ? inner(type, { into: fieldsOf(before), end, depth }) : scalar(type, end)
      if (Array.isArray(before)) before.push(value)
      else if (label === 'repeated') into[key] = [value]
      else if (label === undefined && !isMessage(type) && value === SCALARS[type].none) delete into[key]
      else into[key] = value
    }
    return into
  }

  function inner(name: OtlpMessage, { into, end, depth }: Place): Fields {
    const length = Number(varint(end))
    if (length > end - at) throw new Malformed('cut-short')
    if (++messages > MOST_MESSAGES) throw new Malformed('too-many')
    return message(name, { into, end: at + length, depth: depth + 1 })
  }

  function scalar(type: OtlpScalar, end: number): Value {
    switch (type) {
      case 'string':
        return textOf(chunk(end))
      case 'hex':
        return hexOf(chunk(end))
      case 'base64':
        return base64Of(chunk(end))
      case 'bool':
        return BigInt(varint(end)) !== 0n
      case 'int32':
        return Number(BigInt.asIntN(32, BigInt(varint(end))))
      case 'uint32':
        return Number(BigInt.asUintN(32, BigInt(varint(end))))
      case 'int64':
        return BigInt.asIntN(64, BigInt(varint(end))).toString()
      case 'fixed32':
        return view.getUint32(take(4, end), true)
      case 'fixed64':
        return view.getBigUint64(take(8, end), true).toString()
      case 'double': {
        const number = view.getFloat64(take(8, end), true)
        return Number.isFinite(number) ? number : String(number)
      }
    }
    return type satisfies never
  }

  function skip(wire: Wire, end: number): void {
    if (wire === 'varint') varint(end)
    else if (wire === 'chunk') chunk(end)
    else take(wire === 'eight' ? 8 : 4, end)
  }

  return { request: (name) => message(name, { into: {}, end: bytes.length, depth: 1 }) }
}

const DEEPEST = 16
/** 20,000 spans with 24 attributes each. */
const MOST_MESSAGES = 1_000_000

/** By protobuf's numbers for them. 3 and 4 are groups. */
const WIRES = ['varint', 'eight', 'chunk', undefined, undefined, 'four'] as const
type Wire = 'varint' | 'eight' | 'chunk' | 'four'

function isMessage(type: OtlpScalar | OtlpMessage): type is OtlpMessage {
  return type in OTLP_MESSAGES
}

const wireOf = (type: OtlpScalar | OtlpMessage): Wire => (isMessage(type) ? 'chunk' : SCALARS[type].wire)

function fieldsOf(value: Value | undefined): Fields {
  return typeof value === 'object' && !Array.isArray(value) ? value : {}
}

/** How each is written, and the value that protobuf does not tell from none. */
const SCALARS: Readonly<Record<OtlpScalar, { readonly wire: Wire; readonly none: Value }>> = {
  string: { wire: 'chunk', none: '' },
  hex: { wire: 'chunk', none: '' },
  base64: { wire: 'chunk', none: '' },
  bool: { wire: 'varint', none: false },
  int32: { wire: 'varint', none: 0 },
  uint32: { wire: 'varint', none: 0 },
  int64: { wire: 'varint', none: '0' },
  double: { wire: 'eight', none: 0 },
  fixed32: { wire: 'four', none: 0 },
  fixed64: { wire: 'eight', none: '0' },
}

function textOf(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes)
  } catch {
    throw new Malformed('text')
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function hexOf(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += (byte + 0x100).toString(16).slice(1)
  return text
}

function base64Of(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
