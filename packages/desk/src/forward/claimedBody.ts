import { ATTRIBUTES } from '@waybill/trail'
import { parseBody } from '../intake/parseBody.ts'
import type { Signal } from '../intake/signals.ts'
import { normalValue } from '../store/aliasesOf.ts'
import { personHash } from '../store/personHash.ts'

/**
 * What browsers reported, made fit to go out: OTLP in JSON in which every resource has `waybill.claimed`, so that nobody takes it for a server's
 * word. Of what is said of the person only `user.hash` is left, which is what the desk keeps: the keyed hash of `user.id`, which also stands
 * wherever else that very id was a value. Null where the body holds nothing of its signal.
 */
export function claimedBody({ bytes, encoding, signal }: BrowsersBody, secret: Uint8Array): Uint8Array | null {
  // Of metrics in protobuf nothing here knows the fields.
  if (signal === 'metrics' && encoding === 'protobuf') return null
  const parsed = parseBody(bytes, { encoding, signal: signal === 'metrics' ? 'traces' : signal })
  const name = RESOURCES[signal]
  const resources: unknown = parsed.ok ? Object(parsed.body)[name] : undefined
  if (!Array.isArray(resources) || resources.length === 0) return null
  const persons = new Map<string, string>()
  for (const id of personsIn(resources)) persons.set(normalValue(id), personHash(id, secret))
  const marked = resources.map((each) => markedAsClaim(withoutPersons(each, persons)))
  return new TextEncoder().encode(JSON.stringify({ [name]: marked }))
}

export interface BrowsersBody {
  readonly bytes: Uint8Array
  readonly encoding: 'json' | 'protobuf'
  readonly signal: Signal
}

const RESOURCES = { traces: 'resourceSpans', logs: 'resourceLogs', metrics: 'resourceMetrics' } as const

const CLAIMED = 'waybill.claimed'

/** Lists and objects within one another. OTLP's own stay below it; what is deeper is left out, so that no nesting ends the stack. */
const DEEPEST = 40

function markedAsClaim(item: unknown): object {
  const { resource, ...rest } = Object(item) as { readonly resource?: unknown }
  const { attributes, ...more } = Object(resource) as { readonly attributes?: unknown }
  const others = (Array.isArray(attributes) ? attributes : []).filter((each) => Object(each).key !== CLAIMED)
  return { ...rest, resource: { ...more, attributes: [...others, { key: CLAIMED, value: { boolValue: true } }] } }
}

function* personsIn(value: unknown, depth = 0): Generator<string> {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return
  if ('key' in value && value.key === ATTRIBUTES.person) yield* scalarOf(value)
  for (const each of Object.values(value)) yield* personsIn(each, depth + 1)
}

function* scalarOf(attribute: object): Generator<string> {
  const { stringValue, intValue } = Object(Object(attribute).value)
  if (typeof stringValue === 'string') yield stringValue
  if (typeof intValue === 'string' || typeof intValue === 'number') yield String(intValue)
}

function withoutPersons(value: unknown, persons: ReadonlyMap<string, string>, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEEPEST) return undefined
  if (Array.isArray(value)) {
    return value
      .map((each) => hashedAttribute(each, persons) ?? each)
      .filter((each) => !isOfPerson(each))
      .map((each) => withoutPersons(each, persons, depth + 1))
  }
  const fields = Object.entries(value).map(([name, field]) => {
    const hash = name === 'stringValue' && typeof field === 'string' ? persons.get(normalValue(field)) : undefined
    return [name, hash ?? withoutPersons(field, persons, depth + 1)]
  })
  return Object.fromEntries(fields)
}

/** OpenTelemetry's name for the hash of a user's id, in the place of the id itself. */
function hashedAttribute(attribute: unknown, persons: ReadonlyMap<string, string>): object | undefined {
  if (Object(attribute).key !== ATTRIBUTES.person) return undefined
  const [id] = scalarOf(Object(attribute))
  const hash = id === undefined ? undefined : persons.get(normalValue(id))
  return hash === undefined ? undefined : { key: HASH, value: { stringValue: hash } }
}

const HASH = 'user.hash'

/** `user.email`, `enduser.id` and their like. */
function isOfPerson(attribute: unknown): boolean {
  const { key } = Object(attribute)
  return typeof key === 'string' && key !== HASH && /^(?:end)?user\./.test(key)
}
