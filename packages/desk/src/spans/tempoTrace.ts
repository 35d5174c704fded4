import { parseOtlpProtobuf } from '@waybill/trail'
import { parseBody } from '../intake/parseBody.ts'
import type { SpansInRange } from './searchSpans.ts'

/**
 * What Tempo's answer holds. In protobuf v2 answers `TraceByIDResponse { Trace trace = 1; …; PartialStatus status = 3 }`, v1 the `Trace` alone, whose
 * first field is that of OTLP's request. Its JSON writes ids in base64. Null where it is none of these.
 */
export function tempoTrace(bytes: Uint8Array, { isJson, version }: TempoAnswer): SpansInRange | null {
  if (isJson) return fromJson(bytes)
  if (version === 'v1') return fromTrace(bytes, false)
  const fields = fieldsIn(bytes)
  if (!fields) return null
  const trace = fields.find(({ number }) => number === 1)?.bytes ?? new Uint8Array()
  return fromTrace(
    trace,
    fields.some(({ number, value }) => number === 3 && value === PARTIAL),
  )
}

export interface TempoAnswer {
  readonly isJson: boolean
  readonly version: 'v2' | 'v1'
}

const PARTIAL = 1

function fromTrace(bytes: Uint8Array, isCut: boolean): SpansInRange | null {
  const parsed = parseOtlpProtobuf(bytes)
  if (!parsed.ok) return null
  const { resourceSpans = [] } = parsed.body
  return Array.isArray(resourceSpans) ? { resourceSpans, isCut } : null
}

function fromJson(bytes: Uint8Array): SpansInRange | null {
  const parsed = parseBody(bytes, { encoding: 'json', signal: 'traces' })
  if (!parsed.ok) return null
  const { trace = parsed.body, status } = parsed.body as { readonly trace?: unknown; readonly status?: unknown }
  const { resourceSpans, batches = resourceSpans ?? [] } = Object(trace)
  if (!Array.isArray(batches)) return null
  return {
    resourceSpans: batches.map((batch) => withHexIds(batch, 0)),
    isCut: status === 'PARTIAL' || status === PARTIAL,
  }
}

/** OTLP's JSON writes ids in hex, that of Go's protobuf library in base64. */
function withHexIds(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return value
  if (Array.isArray(value)) return value.map((each) => withHexIds(each, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      const digits = IDS.get(name)
      if (digits === undefined || typeof field !== 'string' || field.length === digits)
        return [name, withHexIds(field, depth + 1)]
      return [name, Buffer.from(field, 'base64').toString('hex')]
    }),
  )
}

const DEEPEST = 16
const IDS: ReadonlyMap<string, number> = new Map([
  ['traceId', 32],
  ['spanId', 16],
  ['parentSpanId', 16],
])

interface Field {
  readonly number: number
  readonly bytes?: Uint8Array
  readonly value?: number
}

/** The fields of a message whose fields are messages, texts and small numbers; null where they are not. */
function fieldsIn(bytes: Uint8Array): Field[] | null {
  const fields: Field[] = []
  let at = 0
  function varint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = bytes[at++]
      if (byte === undefined) return Number.NaN
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    return Number.NaN
  }
  while (at < bytes.length) {
    const tag = varint()
    const number = Math.floor(tag / 8)
    if (tag % 8 === 0) fields.push({ number, value: varint() })
    else if (tag % 8 === 2) {
      const length = varint()
      if (!(at + length <= bytes.length)) return null
      fields.push({ number, bytes: bytes.subarray(at, at + length) })
      at += length
    } else return null
    if (Number.isNaN(fields.at(-1)?.value ?? 0)) return null
  }
  return fields
}
