import { traceIdOf } from '@waybill/reference'
import { ATTRIBUTES } from './attributes.ts'
import { fnv1a64 } from './fnv1a64.ts'
import { attributesOf, keptOf, personOf, textOf } from './otlpAttributes.ts'
import type { Attributes } from './otlpAttributes.ts'
import { fieldOf, hexOf, millisecondsOf } from './otlpFields.ts'
import { scrub } from './redact.ts'
import { referenceFor } from './referenceFor.ts'
import type { ReferenceOptions } from './referenceFor.ts'
import type { Step, StepError } from './Step.ts'

/**
 * The step that a log record of OTLP's JSON is, in words why it is none, or null where it is for no trail: it belongs to no reference, or is
 * a line below INFO. Its parent is the span it was written in. It always reads `ok`, whatever it says of a failure, because lines are
 * written in passing, and only what was done decides how it went.
 *
 * An event has its name. Of a line a server's text is kept, scrubbed, where it is plain text; of what is an object, or from a browser, none is.
 */
export function stepOfLogRecord(record: unknown, resource: Attributes, options: LogOptions): Step | string | null {
  const attributes = attributesOf(fieldOf(record, 'attributes'))
  const sentTraceId = hexOf(fieldOf(record, 'traceId'), 32)
  const reference = referenceFor(sentTraceId, attributes, options)
  if (!reference) return null
  if (reference === 'two') return 'a log record whose trace-id and waybill.reference name two references'
  const written = fieldOf(record, 'timeUnixNano')
  const at = millisecondsOf(written) ?? millisecondsOf(fieldOf(record, 'observedTimeUnixNano'))
  if (at === null) return 'a log record without a time'
  const severity = severityOf(record)
  const event = textOf(fieldOf(record, 'eventName')) ?? textOf(attributes[ATTRIBUTES.event])
  if (!event && (severity === 'trace' || severity === 'debug')) return null

  const isBrowser = options.claimed || resource['telemetry.sdk.language'] === 'webjs'
  const text = isBrowser ? undefined : lineOf(fieldOf(fieldOf(record, 'body'), 'stringValue'))
  const step = {
    parentId: hexOf(fieldOf(record, 'spanId'), 16),
    reference,
    traceId: sentTraceId ?? traceIdOf(reference, options),
    hop: 'log',
    service: textOf(resource[ATTRIBUTES.service]) ?? 'unknown_service',
    name: event ?? text ?? NO_WORDS,
    at,
    durationMs: 0,
    status: 'ok',
    error: errorOf(attributes),
    session: textOf(attributes[ATTRIBUTES.session]),
    attributes: {
      ...keptOf(attributes),
      ...(event && { [ATTRIBUTES.event]: event }),
      [ATTRIBUTES.severity]: severity,
    },
  } as const
  // Of what is kept only, because from a short text's hash the text can be found again. Two that read the same at the same instant are one.
  const id = fnv1a64(JSON.stringify([step, typeof written === 'string' ? written : at]))
  return { id, ...step, person: personOf(attributes, options.leaveOut) }
}

export interface LogOptions extends ReferenceOptions {
  /** Whether it comes from a browser. */
  readonly claimed: boolean
  /** Hears what had to be left out of a step that is kept. */
  readonly leaveOut: (what: string) => void
}

/** The name of a line of which no text is kept. */
export const NO_WORDS = 'log record'

/** The first line of a program's text; what follows is often a stack trace. */
function lineOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const line = value.trimStart().split(/[\r\n\v\f\u0085\u2028\u2029]/, 1)[0] ?? ''
  // JSON in a text holds whatever the program put in: bodies, prompts, customers.
  return /^[[{]/.test(line) ? undefined : scrub(line) || undefined
}

function errorOf(attributes: Attributes): StepError | undefined {
  const message = lineOf(attributes['exception.message'])
  const type = textOf(attributes[ATTRIBUTES.errorType]) ?? textOf(attributes['exception.type'])
  return type || message ? { type: type ?? 'exception', message } : undefined
}

/** By OTLP's number, its name, or else what the logger calls it; `info` where it is not told. */
function severityOf(record: unknown): Severity {
  const number = fieldOf(record, 'severityNumber')
  const known = typeof number === 'number' ? SEVERITIES[Math.ceil(number / 4) - 1] : undefined
  if (known) return known
  const names = [number, fieldOf(record, 'severityText')].map((name) => String(name).replace(/^SEVERITY_NUMBER_/, ''))
  return names.map((name) => SEVERITY_NAMES.find(([pattern]) => pattern.test(name))?.[1]).find(Boolean) ?? 'info'
}

const SEVERITIES = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
type Severity = (typeof SEVERITIES)[number]

const SEVERITY_NAMES: readonly (readonly [RegExp, Severity])[] = [
  [/^(?:fatal|crit|alert|emerg|panic)/i, 'fatal'],
  [/^(?:err|severe)/i, 'error'],
  [/^warn/i, 'warn'],
  [/^(?:info|notice)/i, 'info'],
  [/^(?:debug|fine|verbose)/i, 'debug'],
  [/^trace/i, 'trace'],
]
