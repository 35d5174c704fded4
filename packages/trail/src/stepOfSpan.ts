import { ATTRIBUTES } from './attributes.ts'
import { attributesOf, factsOf, keptOf, personOf, textOf } from './otlpAttributes.ts'
import type { Attributes } from './otlpAttributes.ts'
import { fieldOf, hexOf, listIn, millisecondsOf } from './otlpFields.ts'
import { scrub } from './redact.ts'
import { referenceFor } from './referenceFor.ts'
import type { ReferenceOptions } from './referenceFor.ts'
import type { Reference } from '@waybill/reference'
import { attemptOf, errorTypeOf, hopOf, nameOf, sideOf, todaysAttributes } from './semanticConventions.ts'
import type { ActionFailure, ActionState, Effect, Step, StepLink } from './Step.ts'

/** The step that a span of OTLP's JSON is, in words why it is none, or null where it is for no trail. */
export function stepOfSpan(span: unknown, resource: Attributes, options: SpanOptions): Step | string | null {
  const id = hexOf(fieldOf(span, 'spanId'), 16)
  const traceId = hexOf(fieldOf(span, 'traceId'), 32)
  if (!id || !traceId) return 'a span without a valid trace-id and span id'
  const at = millisecondsOf(fieldOf(span, 'startTimeUnixNano'))
  const end = millisecondsOf(fieldOf(span, 'endTimeUnixNano'))
  if (at === null) return 'a span without a start time'
  const kind = fieldOf(span, 'kind')
  const attributes = todaysAttributes(attributesOf(fieldOf(span, 'attributes')), kind)
  const reference = referenceFor(traceId, attributes, options)
  // Other services have spans that are no customer's, such as health checks; ours have none, so their namespace is not the desk's.
  if (!reference) return attributes[ATTRIBUTES.hop] === undefined ? null : 'a span that belongs to no reference'
  if (reference === 'two') return 'a span whose trace-id and waybill.reference name two references'
  const status = fieldOf(span, 'status')
  const failed = [2, 'STATUS_CODE_ERROR'].includes(fieldOf(status, 'code') as number | string)
  const message = fieldOf(status, 'message')
  const startedFor = hexOf(attributes[ATTRIBUTES.startedFor], 16)
  const facts = factsOf(fieldOf(span, 'attributes'), options.leaveOut)
  const links = linksOf(span, reference, options)
  const hop = hopOf(attributes, resource, kind)
  const side = sideOf(hop, kind)
  const kept = side ? { ...keptOf(attributes), [ATTRIBUTES.side]: side } : keptOf(attributes)
  const isLog = hop === 'log'
  const errorType = isLog
    ? textOf(attributes[ATTRIBUTES.errorType])
    : errorTypeOf(attributes, listIn(span, 'events'), failed)
  const running = startedFor !== undefined || attributes[ATTRIBUTES.action] === 'open'
  return {
    id,
    parentId: hexOf(fieldOf(span, 'parentSpanId'), 16),
    reference,
    traceId,
    startedFor,
    hop,
    service: textOf(resource[ATTRIBUTES.service]) ?? 'unknown_service',
    name: nameOf(textOf(fieldOf(span, 'name')), attributes, kind),
    at,
    durationMs: end === null ? 0 : Math.max(0, end - at),
    // What a log line says of a failure is in its words: it decides nothing.
    status: isLog ? 'ok' : running ? 'running' : errorType ? 'error' : 'ok',
    ...attemptOf(attributes),
    jobId: textOf(attributes[ATTRIBUTES.jobId]),
    error: errorType
      ? { type: errorType, message: (typeof message === 'string' && scrub(message)) || undefined }
      : undefined,
    effect: oneOf(attributes[ATTRIBUTES.effect], EFFECTS),
    remains: textOf(attributes[ATTRIBUTES.remains]),
    deadLetter: attributes[ATTRIBUTES.deadLetter] === true || undefined,
    action: oneOf(attributes[ATTRIBUTES.action], ACTION_STATES),
    repeatable: attributes[ATTRIBUTES.repeatable] === true || undefined,
    failure: oneOf(attributes[ATTRIBUTES.failure], ACTION_FAILURES),
    background: truthOf(attributes[ATTRIBUTES.background]),
    session: textOf(attributes[ATTRIBUTES.session]),
    person: personOf(attributes, options.leaveOut),
    ...(facts && { facts }),
    ...(links.length > 0 && { links }),
    ...(kept && { attributes: kept }),
  }
}

export interface SpanOptions extends ReferenceOptions {
  /** Hears what had to be left out of a step that is kept. */
  readonly leaveOut: (what: string) => void
}

/**
 * Links to other trails. One without `waybill.link.rel` is of another tracer, whose links lead to what came before. Those that lead to no
 * reference, or back to the span's own, are passed over.
 */
function linksOf(span: unknown, own: Reference, options: SpanOptions): readonly StepLink[] {
  const links: StepLink[] = []
  for (const link of listIn(span, 'links')) {
    const traceId = hexOf(fieldOf(link, 'traceId'), 32)
    const attributes = attributesOf(fieldOf(link, 'attributes'))
    const reference = traceId && referenceFor(traceId, attributes, options)
    if (!reference || reference === 'two' || reference === own) continue
    const rel = oneOf(attributes[ATTRIBUTES.rel], RELS) ?? 'parent'
    links.push({ rel, reference, traceId, spanId: hexOf(fieldOf(link, 'spanId'), 16) })
  }
  if (links.length > MOST_LINKS) options.leaveOut(`links beyond ${MOST_LINKS}`)
  return links.slice(0, MOST_LINKS)
}

const RELS: readonly StepLink['rel'][] = ['parent', 'child']
const MOST_LINKS = 32

const EFFECTS: readonly Effect[] = ['none', 'held', 'done']
const ACTION_FAILURES: readonly ActionFailure[] = ['render']
const ACTION_STATES: readonly ActionState[] = ['open', 'succeeded', 'failed', 'abandoned']

function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find((each) => each === value)
}

function truthOf(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}
