import { parseReference, referenceOfTraceId } from '@waybill/reference'
import type { Reference, TraceIdOptions } from '@waybill/reference'
import { ATTRIBUTES } from './attributes.ts'
import { LONGEST_TEXT } from './facts.ts'
import { attributesOf, factsOf, keptOf, textOf } from './otlpAttributes.ts'
import type { Attributes } from './otlpAttributes.ts'
import { scrub } from './redact.ts'
import { attemptOf, errorTypeOf, hopOf, sideOf } from './semanticConventions.ts'
import type { ActionFailure, ActionState, Effect, Step, StepLink } from './Step.ts'

/**
 * Reads the parsed JSON of an OTLP/HTTP trace request, from our packages or from any OpenTelemetry SDK. Never throws:
 * what cannot be a step is counted in `rejected`, with the reasons in words, and the rest is kept; what had to be left out of a step that
 * is kept is in `leftOut`. A span belongs to the reference its trace-id stands for, or, under a foreign trace-id, to the one in
 * `waybill.reference`; one that names two is rejected.
 */
export function decodeOtlp(body: unknown, options: DecodeOptions = {}): DecodedOtlp {
  const steps: Step[] = []
  const reasons = new Set<string>()
  const leftOut = new Set<string>()
  let rejected = 0
  for (const group of listIn(body, 'resourceSpans')) {
    const resource = attributesOf(fieldOf(fieldOf(group, 'resource'), 'attributes'))
    for (const span of listIn(group, 'scopeSpans').flatMap((scope) => listIn(scope, 'spans'))) {
      const step = stepOf(span, resource, { ...options, leaveOut: (what) => leftOut.add(what) })
      if (typeof step !== 'string') steps.push(step)
      else {
        rejected++
        reasons.add(step)
      }
    }
  }
  return { steps, rejected, reasons: [...reasons], leftOut: [...leftOut] }
}

export interface DecodeOptions extends TraceIdOptions {
  /** Knows references of foreign trace-ids from spans that came earlier. @default none are known */
  readonly referenceOfAlias?: ((traceId: string) => Reference | undefined) | undefined
}

export interface DecodedOtlp {
  readonly steps: Step[]
  readonly rejected: number
  readonly reasons: string[]
  /** In words, each once: facts that break the rule for facts. */
  readonly leftOut: string[]
}

interface StepOfOptions extends DecodeOptions {
  readonly leaveOut: (what: string) => void
}

function stepOf(span: unknown, resource: Attributes, options: StepOfOptions): Step | string {
  const id = hexOf(fieldOf(span, 'spanId'), 16)
  const traceId = hexOf(fieldOf(span, 'traceId'), 32)
  if (!id || !traceId) return 'a span without a valid trace-id and span id'
  const at = millisecondsOf(fieldOf(span, 'startTimeUnixNano'))
  const end = millisecondsOf(fieldOf(span, 'endTimeUnixNano'))
  if (at === null) return 'a span without a start time'
  const attributes = attributesOf(fieldOf(span, 'attributes'))
  const reference = referenceFor(traceId, attributes, options)
  if (!reference) return 'a span that belongs to no reference'
  if (reference === 'two') return 'a span whose trace-id and waybill.reference name two references'
  const status = fieldOf(span, 'status')
  const failed = [2, 'STATUS_CODE_ERROR'].includes(fieldOf(status, 'code') as number | string)
  const errorType = errorTypeOf(attributes, listIn(span, 'events'), failed)
  const message = fieldOf(status, 'message')
  const startedFor = hexOf(attributes[ATTRIBUTES.startedFor], 16)
  const facts = factsOf(fieldOf(span, 'attributes'), options.leaveOut)
  const links = linksOf(span, reference, options)
  const hop = hopOf(attributes, resource, fieldOf(span, 'kind'))
  const side = sideOf(hop, fieldOf(span, 'kind'))
  const kept = side ? { ...keptOf(attributes), [ATTRIBUTES.side]: side } : keptOf(attributes)
  const running = startedFor !== undefined || attributes[ATTRIBUTES.action] === 'open'
  return {
    id,
    parentId: hexOf(fieldOf(span, 'parentSpanId'), 16),
    reference,
    traceId,
    startedFor,
    hop,
    service: textOf(resource[ATTRIBUTES.service]) ?? 'unknown_service',
    name: textOf(fieldOf(span, 'name')) ?? 'unnamed',
    at,
    durationMs: end === null ? 0 : Math.max(0, end - at),
    status: running ? 'running' : errorType ? 'error' : 'ok',
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
    person: personOf(attributes[ATTRIBUTES.person], options.leaveOut),
    ...(facts && { facts }),
    ...(links.length > 0 && { links }),
    ...(kept && { attributes: kept }),
  }
}

/**
 * Links to other trails. One without `waybill.link.rel` is of another tracer, whose links lead to what came before. Those that lead to no
 * reference, or back to the span's own, are passed over.
 */
function linksOf(span: unknown, own: Reference, options: StepOfOptions): readonly StepLink[] {
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

/** Cut, it would be somebody else's. */
function personOf(value: unknown, leaveOut: (what: string) => void): string | undefined {
  if (typeof value !== 'string' || value.length <= LONGEST_TEXT) return textOf(value)
  leaveOut("a person's id of more than 200 characters")
  return undefined
}

function referenceFor(traceId: string, attributes: Attributes, options: DecodeOptions): Reference | 'two' | undefined {
  const own = referenceOfTraceId(traceId, options)?.reference
  const stated = parseReference(attributes[ATTRIBUTES.reference])
  if (!stated.ok) return own ?? options.referenceOfAlias?.(traceId)
  return own && own !== stated.reference ? 'two' : stated.reference
}

const EFFECTS: readonly Effect[] = ['none', 'held', 'done']
const ACTION_FAILURES: readonly ActionFailure[] = ['render']
const ACTION_STATES: readonly ActionState[] = ['open', 'succeeded', 'failed', 'abandoned']

function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find((each) => each === value)
}

function truthOf(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

function hexOf(value: unknown, digits: 16 | 32): string | undefined {
  if (typeof value !== 'string' || value.length !== digits || !/^[\da-f]+$/i.test(value) || /^0+$/.test(value))
    return undefined
  return value.toLowerCase()
}

/** OTLP's JSON writes nanoseconds as a decimal string; some senders write a number. Kept to the microsecond. */
function millisecondsOf(value: unknown): number | null {
  const text = typeof value === 'number' && value >= 0 ? BigInt(Math.floor(value)).toString() : value
  if (typeof text !== 'string' || !/^\d{15,19}$/.test(text)) return null
  return Number(text.slice(0, -3)) / 1000
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
}

function listIn(value: unknown, key: string): readonly unknown[] {
  const list = fieldOf(value, key)
  return Array.isArray(list) ? list : []
}
