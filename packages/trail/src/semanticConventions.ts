import { ATTRIBUTES } from './attributes.ts'
import { HOPS } from './hop.ts'
import type { Hop } from './hop.ts'
import { attributesOf, textOf } from './otlpAttributes.ts'
import type { Attributes } from './otlpAttributes.ts'
import { maskPath } from './redact.ts'

/** The kind of place a span was made in: `waybill.hop`, or what OpenTelemetry's semantic conventions say of it. */
export function hopOf(attributes: Attributes, resource: Attributes, kind: unknown): Hop {
  const stated = HOPS.find((hop) => hop === attributes[ATTRIBUTES.hop])
  if (stated) return stated
  if (attributes['gen_ai.operation.name'] === 'execute_tool' || attributes['mcp.method.name'] === 'tools/call')
    return 'tool'
  if (attributes['gen_ai.operation.name'] ?? attributes['gen_ai.provider.name']) return 'model'
  if (attributes['db.system.name']) return 'database'
  if (attributes['messaging.system']) return messagingHopOf(attributes, kind)
  const trigger = attributes['faas.trigger']
  if (trigger === 'timer') return 'schedule'
  if (trigger === 'pubsub' || trigger === 'datasource') return 'worker'
  return resource['telemetry.sdk.language'] === 'webjs' ? 'browser' : 'api'
}

/** Whether a message is being sent may be told by the span's kind, or by the operation. Fetching one, and settling it, is not yet work on it. */
function messagingHopOf(attributes: Attributes, kind: unknown): Hop {
  const operation = String(attributes['messaging.operation.type'])
  if (isKind(kind, 4, 'PRODUCER') || /^(?:send|create|publish)$/.test(operation)) return 'queue'
  return isKind(kind, 3, 'CLIENT') ? 'api' : 'worker'
}

/**
 * Attributes with names of earlier conventions told by today's, where those are not told themselves. What was a peer is the server only
 * where the span is a client's.
 */
export function todaysAttributes(attributes: Attributes, kind: unknown): Attributes {
  const told: Record<string, Attributes[string]> = Object.assign(Object.create(null), attributes)
  for (const [old, today] of RENAMED) if (old in told) told[today] ??= told[old]!
  const peer = told['net.peer.name']
  if (peer !== undefined && isKind(kind, 3, 'CLIENT')) told['server.address'] ??= peer
  return told
}

/** Of OpenTelemetry's schema changes those that matter here. */
const RENAMED: readonly (readonly [string, string])[] = [
  ['http.method', 'http.request.method'],
  ['http.status_code', 'http.response.status_code'],
  ['http.resend_count', 'http.request.resend_count'],
  ['http.target', 'url.path'],
  ['db.system', 'db.system.name'],
  ['db.operation', 'db.operation.name'],
  ['db.sql.table', 'db.collection.name'],
  ['db.mongodb.collection', 'db.collection.name'],
  ['gen_ai.system', 'gen_ai.provider.name'],
  ['gen_ai.usage.prompt_tokens', 'gen_ai.usage.input_tokens'],
  ['gen_ai.usage.completion_tokens', 'gen_ai.usage.output_tokens'],
  ['messaging.destination', 'messaging.destination.name'],
  ['messaging.message_id', 'messaging.message.id'],
  ['messaging.operation', 'messaging.operation.type'],
]

/** What a server without routes answered is only the method by its name. The path says more, without what may be somebody's own. */
export function nameOf(name: string | undefined, attributes: Attributes, kind: unknown): string {
  const path = attributes['url.path']
  const isBare = name === attributes['http.request.method'] || name === `HTTP ${attributes['http.request.method']}`
  if (name && isBare && typeof path === 'string' && isKind(kind, 2, 'SERVER'))
    return `${String(attributes['http.request.method'])} ${maskPath(path)}`
  return name ?? 'unnamed'
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
  const code = attributes[ATTRIBUTES.statusCode]
  const refused = typeof code === 'number' && code >= 400
  if (!failed && !refused) return undefined
  const exception = events
    .map((event) => attributesOf(Object(event).attributes)['exception.type'])
    .find((type) => type !== undefined)
  const grpc = GRPC_CODES[Number(attributes['rpc.grpc.status_code'] ?? 0)]
  const told = [attributes[ATTRIBUTES.errorType], attributes['db.response.status_code'], grpc, exception]
  return told.map(textOf).find(Boolean) ?? (refused ? String(code) : 'error')
}

/** Names of gRPC's status codes, by number; 0 is no error. Newer conventions have the name as the error's type. */
const GRPC_CODES = [
  undefined,
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const

function isKind(kind: unknown, number: number, name: string): boolean {
  return kind === number || kind === `SPAN_KIND_${name}`
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 10_000 ? value : undefined
}
