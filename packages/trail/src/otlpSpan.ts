/**
 * One span of an OTLP/HTTP JSON request: ids are hex, 64-bit integers strings, as OTLP's JSON encoding has it
 * (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding). Attributes that are undefined are left out.
 */
export function otlpSpan({ at, durationMs, failed, attributes, ...rest }: OtlpSpanFields): OtlpSpan {
  return {
    ...rest,
    startTimeUnixNano: nanoseconds(at),
    endTimeUnixNano: nanoseconds(at + durationMs),
    attributes: otlpAttributes(attributes),
    ...(failed && { status: { code: 2, message: failed.message } }),
  }
}

/** A request's body for `/v1/traces` (`ExportTraceServiceRequest`): spans of one resource, which `attributes` describe. */
export function otlpResource(attributes: OtlpRecord, spans: readonly OtlpSpan[]): OtlpResourceSpans {
  return { resource: { attributes: otlpAttributes(attributes) }, scopeSpans: [{ scope: { name: 'waybill' }, spans }] }
}

function otlpAttributes(record: OtlpRecord): OtlpAttribute[] {
  return Object.entries(record).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: anyValue(value) }],
  )
}

function anyValue(value: string | number | boolean): OtlpAttribute['value'] {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return Number.isInteger(value) ? { intValue: `${value}` } : { doubleValue: value }
}

/** To the microsecond, which a double still holds exactly. */
function nanoseconds(ms: number): string {
  return `${Math.round(ms * 1000)}000`
}

export type OtlpRecord = Readonly<Record<string, string | number | boolean | undefined>>

export interface OtlpSpanFields {
  /** 32 hex digits. */
  readonly traceId: string
  /** 16 hex digits, as is the parent's. */
  readonly spanId: string
  readonly parentSpanId?: string | undefined
  readonly name: string
  /** OTLP's `SpanKind`. */
  readonly kind: number
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly durationMs: number
  /** Set where it ended in an error, with what may be said of it. */
  readonly failed?: { readonly message?: string | undefined } | undefined
  readonly attributes: OtlpRecord
}

export interface OtlpResourceSpans {
  readonly resource: { readonly attributes: readonly OtlpAttribute[] }
  readonly scopeSpans: readonly { readonly scope: { readonly name: string }; readonly spans: readonly OtlpSpan[] }[]
}

export interface OtlpSpan extends Pick<OtlpSpanFields, 'traceId' | 'spanId' | 'parentSpanId' | 'name' | 'kind'> {
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly OtlpAttribute[]
  readonly status?: { readonly code: number; readonly message?: string | undefined }
}

interface OtlpAttribute {
  readonly key: string
  readonly value:
    | { readonly stringValue: string }
    | { readonly intValue: string }
    | { readonly doubleValue: number }
    | { readonly boolValue: boolean }
}
