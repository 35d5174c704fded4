import { ATTRIBUTES } from './attributes.ts'

/** Attributes of a span or a resource as a plain record without a prototype; values that are no text, number or truth value are left out. */
export type Attributes = Readonly<Record<string, string | number | boolean>>

/** Flattens OTLP's list of key and value; anything malformed in it is passed over. */
export function attributesOf(list: unknown): Attributes {
  const attributes: Record<string, string | number | boolean> = Object.create(null)
  if (!Array.isArray(list)) return attributes
  for (const entry of list.slice(0, MOST_ATTRIBUTES)) {
    const { key, value } = Object(entry)
    const plain = valueOf(Object(value))
    if (typeof key === 'string' && plain !== undefined) attributes[key] = plain
  }
  return attributes
}

/** The facts the application noted, and the attributes that may be kept: an allow-list, so that prompts, bodies and queries never are. */
export function factsOf(attributes: Attributes): {
  facts?: Readonly<Record<string, string>>
  attributes?: Attributes
} {
  const facts: Record<string, string> = {}
  const kept: Record<string, string | number | boolean> = {}
  for (const [key, value] of Object.entries(attributes)) {
    const fact = key.startsWith(ATTRIBUTES.fact) ? key.slice(ATTRIBUTES.fact.length) : ''
    if (/^[a-z][\w.-]{0,39}$/i.test(fact)) facts[fact] = String(value).slice(0, LONGEST)
    else if (KEPT.has(key)) kept[key] = typeof value === 'string' ? value.slice(0, LONGEST) : value
  }
  return { ...(some(facts) && { facts }), ...(some(kept) && { attributes: kept }) }
}

/** A short text, or undefined. Control characters, which forge log lines, become spaces. */
export function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.trim() === '') return undefined
  return value
    .slice(0, LONGEST)
    .replace(/\p{Cc}/gu, ' ')
    .trim()
}

const MOST_ATTRIBUTES = 64
const LONGEST = 200

const KEPT: ReadonlySet<string> = new Set<string>([
  ATTRIBUTES.claimRefused,
  'db.collection.name',
  'db.operation.name',
  'db.system.name',
  'gen_ai.operation.name',
  'gen_ai.provider.name',
  'gen_ai.request.model',
  'gen_ai.response.finish_reasons',
  'gen_ai.response.id',
  'gen_ai.response.model',
  'gen_ai.tool.name',
  'gen_ai.usage.input_tokens',
  'gen_ai.usage.output_tokens',
  'http.request.method',
  'http.request.resend_count',
  'http.response.status_code',
  'http.route',
  'messaging.destination.name',
  'messaging.operation.type',
  'messaging.system',
  'server.address',
  'server.port',
])

function valueOf(value: Record<string, unknown>): string | number | boolean | undefined {
  const { stringValue, intValue, doubleValue, boolValue } = value
  if (typeof stringValue === 'string') return stringValue
  if (typeof boolValue === 'boolean') return boolValue
  const number = intValue ?? doubleValue
  if (typeof number !== 'number' && typeof number !== 'string') return undefined
  return Number.isFinite(Number(number)) ? Number(number) : undefined
}

function some(record: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(record).length > 0
}
