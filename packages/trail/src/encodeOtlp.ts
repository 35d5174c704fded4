import { ATTRIBUTES } from './attributes.ts'
import type { Hop } from './hop.ts'
import type { Step, StepLink } from './Step.ts'

/**
 * Steps as the body of an OTLP/HTTP JSON request to `/v1/traces` (`ExportTraceServiceRequest`), grouped by service. Any
 * OpenTelemetry collector takes it. Ids are hex, 64-bit integers strings, as OTLP's JSON encoding has it
 * (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
 */
export function encodeOtlp(steps: readonly Step[]): OtlpTraces {
  const services = new Map<string, OtlpSpan[]>()
  for (const step of steps) {
    const spans = services.get(step.service)
    if (spans) spans.push(spanOf(step))
    else services.set(step.service, [spanOf(step)])
  }
  return { resourceSpans: Array.from(services, ([service, spans]) => resourceOf(service, spans)) }
}

export interface OtlpTraces {
  readonly resourceSpans: readonly OtlpResourceSpans[]
}

export interface OtlpResourceSpans {
  readonly resource: { readonly attributes: readonly OtlpAttribute[] }
  readonly scopeSpans: readonly { readonly scope: { readonly name: string }; readonly spans: readonly OtlpSpan[] }[]
}

export interface OtlpSpan {
  /** 32 hex digits. */
  readonly traceId: string
  /** 16 hex digits, as is the parent's. */
  readonly spanId: string
  readonly parentSpanId?: string | undefined
  readonly name: string
  /** OTLP's `SpanKind`. */
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly OtlpAttribute[]
  readonly links?: readonly OtlpLink[]
  /** Set where it ended in an error, with what may be said of it. */
  readonly status?: { readonly code: number; readonly message?: string | undefined }
}

interface OtlpLink {
  readonly traceId: string
  /** Empty where only the trace is known. */
  readonly spanId: string
  readonly attributes: readonly OtlpAttribute[]
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

function resourceOf(service: string, spans: readonly OtlpSpan[]): OtlpResourceSpans {
  const attributes: OtlpAttribute[] = []
  add(attributes, ATTRIBUTES.service, service)
  return { resource: { attributes }, scopeSpans: [{ scope: { name: 'waybill' }, spans }] }
}

function spanOf(step: Step): OtlpSpan {
  const { at, hop, action, error } = step
  const span = {
    traceId: step.traceId,
    spanId: step.id,
    parentSpanId: step.parentId,
    name: step.name,
    kind: action ? INTERNAL : (KINDS[hop] ?? INTERNAL),
    startTimeUnixNano: nanoseconds(at),
    endTimeUnixNano: nanoseconds(at + step.durationMs),
    attributes: attributesOf(step),
    ...(step.links && { links: step.links.map(linkOf) }),
  }
  return step.status === 'error' ? { ...span, status: { code: 2, message: error?.message } } : span
}

function linkOf({ rel, reference, traceId, spanId = '' }: StepLink): OtlpLink {
  const attributes: OtlpAttribute[] = []
  add(attributes, ATTRIBUTES.rel, rel)
  add(attributes, ATTRIBUTES.reference, reference)
  return { traceId, spanId, attributes }
}

/** One list, filled in place: a service encodes thousands of steps a second beside its work. */
function attributesOf(step: Step): OtlpAttribute[] {
  const list: OtlpAttribute[] = []
  add(list, ATTRIBUTES.reference, step.reference)
  add(list, ATTRIBUTES.hop, step.hop)
  add(list, ATTRIBUTES.startedFor, step.startedFor)
  add(list, ATTRIBUTES.attempt, step.attempt)
  add(list, ATTRIBUTES.maxAttempts, step.maxAttempts)
  add(list, ATTRIBUTES.jobId, step.jobId)
  add(list, ATTRIBUTES.effect, step.effect)
  add(list, ATTRIBUTES.remains, step.remains)
  add(list, ATTRIBUTES.deadLetter, step.deadLetter)
  add(list, ATTRIBUTES.action, step.action)
  add(list, ATTRIBUTES.repeatable, step.repeatable)
  add(list, ATTRIBUTES.failure, step.failure)
  add(list, ATTRIBUTES.background, step.background)
  add(list, ATTRIBUTES.session, step.session)
  add(list, ATTRIBUTES.person, step.person)
  add(list, ATTRIBUTES.errorType, step.error?.type)
  for (const [key, value] of Object.entries(step.attributes ?? {})) replace(list, key, value)
  for (const [key, value] of Object.entries(step.facts ?? {})) replace(list, ATTRIBUTES.fact + key, value)
  return list
}

/** A name is in a span once; the last value of it counts, where the first one stood. */
function replace(list: OtlpAttribute[], key: string, value: Plain | undefined): void {
  const at = list.findIndex((attribute) => attribute.key === key)
  if (at < 0) add(list, key, value)
  else if (value === undefined) list.splice(at, 1)
  else list[at] = { key, value: anyValue(value) }
}

function add(list: OtlpAttribute[], key: string, value: Plain | undefined): void {
  if (value !== undefined) list.push({ key, value: anyValue(value) })
}

type Plain = string | number | boolean

function anyValue(value: Plain): OtlpAttribute['value'] {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return Number.isInteger(value) ? { intValue: `${value}` } : { doubleValue: value }
}

/** To the microsecond, which a double still holds exactly. */
function nanoseconds(ms: number): string {
  return `${Math.round(ms * 1000)}000`
}
