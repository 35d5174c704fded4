import { ATTRIBUTES } from './attributes.ts'
import type { Hop } from './hop.ts'
import type { Step } from './Step.ts'

/**
 * Steps as the body of an OTLP/HTTP JSON request to `/v1/traces` (`ExportTraceServiceRequest`), grouped by service. Any
 * OpenTelemetry collector takes it: ids are hex, 64-bit integers strings, as OTLP's JSON encoding has it
 * (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
 */
export function encodeOtlp(steps: readonly Step[]): OtlpTraces {
  const services = new Map<string, OtlpSpan[]>()
  for (const step of steps) {
    const spans = services.get(step.service)
    if (spans) spans.push(spanOf(step))
    else services.set(step.service, [spanOf(step)])
  }
  return {
    resourceSpans: Array.from(services, ([service, spans]) => ({
      resource: { attributes: [attribute(ATTRIBUTES.service, service)] },
      scopeSpans: [{ scope: { name: 'waybill' }, spans }],
    })),
  }
}

export interface OtlpTraces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] }
    readonly scopeSpans: readonly { readonly scope: { readonly name: string }; readonly spans: readonly OtlpSpan[] }[]
  }[]
}

interface OtlpSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly OtlpAttribute[]
  readonly status?: { readonly code: number; readonly message?: string }
}

interface OtlpAttribute {
  readonly key: string
  readonly value:
    | { readonly stringValue: string }
    | { readonly intValue: string }
    | { readonly doubleValue: number }
    | { readonly boolValue: boolean }
}

/** SpanKind: what waits for an answer is a CLIENT, what gives one a SERVER, and the two ends of a queue PRODUCER and CONSUMER. */
const KINDS: Partial<Record<Hop, number>> = {
  api: 2,
  webhook: 2,
  browser: 3,
  model: 3,
  database: 3,
  queue: 4,
  worker: 5,
}
const INTERNAL = 1

function spanOf(step: Step): OtlpSpan {
  const { error } = step
  const own: Readonly<Record<string, string | number | boolean | undefined>> = {
    [ATTRIBUTES.reference]: step.reference,
    [ATTRIBUTES.hop]: step.hop,
    [ATTRIBUTES.startedFor]: step.startedFor,
    [ATTRIBUTES.attempt]: step.attempt,
    [ATTRIBUTES.maxAttempts]: step.maxAttempts,
    [ATTRIBUTES.jobId]: step.jobId,
    [ATTRIBUTES.effect]: step.effect,
    [ATTRIBUTES.remains]: step.remains,
    [ATTRIBUTES.action]: step.action,
    [ATTRIBUTES.session]: step.session,
    [ATTRIBUTES.person]: step.person,
    [ATTRIBUTES.errorType]: error?.type,
    ...step.attributes,
  }
  const attributes: OtlpAttribute[] = []
  for (const [key, value] of Object.entries(own)) if (value !== undefined) attributes.push(attribute(key, value))
  for (const [key, value] of Object.entries(step.facts ?? {})) attributes.push(attribute(ATTRIBUTES.fact + key, value))
  return {
    traceId: step.traceId,
    spanId: step.id,
    ...(step.parentId && { parentSpanId: step.parentId }),
    name: step.name,
    kind: step.action ? INTERNAL : (KINDS[step.hop] ?? INTERNAL),
    startTimeUnixNano: nanoseconds(step.at),
    endTimeUnixNano: nanoseconds(step.at + step.durationMs),
    attributes,
    ...(step.status === 'error' && { status: { code: 2, ...(error?.message && { message: error.message }) } }),
  }
}

function attribute(key: string, value: string | number | boolean): OtlpAttribute {
  if (typeof value === 'string') return { key, value: { stringValue: value } }
  if (typeof value === 'boolean') return { key, value: { boolValue: value } }
  return { key, value: Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value } }
}

/** Nanoseconds as a decimal string: beyond what a double holds, so the milliseconds are written and six digits added. */
function nanoseconds(ms: number): string {
  const whole = Math.floor(ms)
  return `${whole}${String(Math.floor((ms - whole) * 1e6)).padStart(6, '0')}`
}
