import { ATTRIBUTES } from './attributes.ts'
import { HOPS } from './hop.ts'
import type { Hop } from './hop.ts'
import { attributesOf, textOf } from './otlpAttributes.ts'
import type { Attributes } from './otlpAttributes.ts'

/** The kind of place a span was made in: `waybill.hop`, or what OpenTelemetry's semantic conventions say of it. */
export function hopOf(attributes: Attributes, resource: Attributes, kind: unknown): Hop {
  const stated = HOPS.find((hop) => hop === attributes[ATTRIBUTES.hop])
  if (stated) return stated
  const operation = attributes['gen_ai.operation.name']
  if (operation) return operation === 'execute_tool' ? 'tool' : 'model'
  if (attributes['db.system.name'] ?? attributes['db.system']) return 'database'
  if (attributes['messaging.system']) return isKind(kind, 4, 'PRODUCER') ? 'queue' : 'worker'
  if (attributes['faas.trigger'] === 'timer') return 'schedule'
  return resource['telemetry.sdk.language'] === 'webjs' ? 'browser' : 'api'
}

/**
 * That a span at an `api` hop is no request served there: a call that the service made, or work inside of it, by OpenTelemetry's name for
 * the kind.
 */
export function sideOf(hop: Hop, kind: unknown): 'client' | 'internal' | undefined {
  if (hop !== 'api') return undefined
  if (isKind(kind, 3, 'CLIENT')) return 'client'
  return isKind(kind, 1, 'INTERNAL') ? 'internal' : undefined
}

/** Which attempt a span was: ours, or HTTP's count of resends, which begins at 0. */
export function attemptOf(attributes: Attributes): { attempt?: number; maxAttempts?: number } {
  const resent = attributes['http.request.resend_count']
  const attempt = count(attributes[ATTRIBUTES.attempt] ?? (typeof resent === 'number' ? resent + 1 : undefined))
  const maxAttempts = count(attributes[ATTRIBUTES.maxAttempts])
  return { ...(attempt && { attempt }), ...(maxAttempts && { maxAttempts }) }
}

/**
 * The type of a span's error, or undefined where nothing failed. HTTP's 4xx count as failures here, although a server
 * span leaves its status unset for them: to the customer who met one it failed.
 */
export function errorTypeOf(attributes: Attributes, events: readonly unknown[], failed: boolean): string | undefined {
  const code = attributes[ATTRIBUTES.statusCode] ?? attributes['http.status_code']
  const refused = typeof code === 'number' && code >= 400
  if (!failed && !refused) return undefined
  const exception = events
    .map((event) => attributesOf(Object(event).attributes)['exception.type'])
    .find((type) => type !== undefined)
  return textOf(attributes[ATTRIBUTES.errorType]) ?? textOf(exception) ?? (refused ? String(code) : 'error')
}

function isKind(kind: unknown, number: number, name: string): boolean {
  return kind === number || kind === `SPAN_KIND_${name}`
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 10_000 ? value : undefined
}
