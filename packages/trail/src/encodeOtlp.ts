import { ATTRIBUTES } from './attributes.ts'
import type { Hop } from './hop.ts'
import { otlpResource, otlpSpan } from './otlpSpan.ts'
import type { OtlpRecord, OtlpResourceSpans, OtlpSpan } from './otlpSpan.ts'
import type { Step } from './Step.ts'

/**
 * Steps as the body of an OTLP/HTTP JSON request to `/v1/traces` (`ExportTraceServiceRequest`), grouped by service. Any
 * OpenTelemetry collector takes it.
 */
export function encodeOtlp(steps: readonly Step[]): OtlpTraces {
  const services = new Map<string, OtlpSpan[]>()
  for (const step of steps) services.set(step.service, [...(services.get(step.service) ?? []), spanOf(step)])
  return {
    resourceSpans: Array.from(services, ([service, spans]) => otlpResource({ [ATTRIBUTES.service]: service }, spans)),
  }
}

export interface OtlpTraces {
  readonly resourceSpans: readonly OtlpResourceSpans[]
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
  const { id, parentId, traceId, name, at, durationMs, hop, action, error, status, attributes, facts = {} } = step
  const own: Record<string, OtlpRecord[string]> = {
    [ATTRIBUTES.reference]: step.reference,
    [ATTRIBUTES.hop]: hop,
    [ATTRIBUTES.startedFor]: step.startedFor,
    [ATTRIBUTES.attempt]: step.attempt,
    [ATTRIBUTES.maxAttempts]: step.maxAttempts,
    [ATTRIBUTES.jobId]: step.jobId,
    [ATTRIBUTES.effect]: step.effect,
    [ATTRIBUTES.remains]: step.remains,
    [ATTRIBUTES.deadLetter]: step.deadLetter,
    [ATTRIBUTES.action]: action,
    [ATTRIBUTES.repeatable]: step.repeatable,
    [ATTRIBUTES.failure]: step.failure,
    [ATTRIBUTES.background]: step.background,
    [ATTRIBUTES.session]: step.session,
    [ATTRIBUTES.person]: step.person,
    [ATTRIBUTES.errorType]: error?.type,
    ...attributes,
  }
  for (const [key, value] of Object.entries(facts)) own[ATTRIBUTES.fact + key] = value
  return otlpSpan({
    traceId,
    spanId: id,
    parentSpanId: parentId,
    name,
    kind: action ? INTERNAL : (KINDS[hop] ?? INTERNAL),
    at,
    durationMs,
    failed: status === 'error' ? { message: error?.message } : undefined,
    attributes: own,
  })
}
