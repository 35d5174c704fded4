import { ATTRIBUTES } from './attributes.ts'
import { cleanText } from './cleanText.ts'
import { addFacts, FACT_FAULTS, LONGEST_TEXT } from './facts.ts'

/** Attributes of a span or a resource as a plain record without a prototype; values that are no text, number or truth value are left out. */
export type Attributes = Readonly<Record<string, Plain>>

/** Flattens OTLP's list of key and value; anything malformed in it is passed over. */
export function attributesOf(list: unknown): Attributes {
  const attributes: Record<string, Plain> = Object.create(null)
  for (const [key, value] of entriesOf(list)) if (isPlain(value)) attributes[key] = value
  return attributes
}

/** The facts the application noted. What breaks the rule for facts is told to `leaveOut`, with the reason. */
export function factsOf(list: unknown, leaveOut: (why: string) => void): Readonly<Record<string, string>> | undefined {
  const facts: Record<string, string> = {}
  const noted = entriesOf(list).filter(([key]) => key.startsWith(ATTRIBUTES.fact))
  const named = noted.map(([key, value]) => [key.slice(ATTRIBUTES.fact.length), value])
  addFacts(facts, Object.fromEntries(named), (why) => leaveOut(`a fact ${FACT_FAULTS[why]}`))
  return some(facts)
}

/** The attributes that may be kept: an allow-list, so that prompts, bodies and queries never are. */
export function keptOf(attributes: Attributes): Attributes | undefined {
  const kept: Record<string, Plain> = {}
  for (const [key, value] of Object.entries(attributes))
    if (KEPT.has(key)) kept[key] = typeof value === 'string' ? cleanText(value.slice(0, LONGEST_TEXT)) : value
  return some(kept)
}

/** A short text of one line, or undefined. */
export function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  return cleanText(String(value).slice(0, LONGEST_TEXT)) || undefined
}

/** The application's own id of the person. Cut, it would be somebody else's. */
export function personOf(attributes: Attributes, leaveOut: (what: string) => void): string | undefined {
  const value = attributes[ATTRIBUTES.person]
  if (typeof value !== 'string' || value.length <= LONGEST_TEXT) return textOf(value)
  leaveOut("a person's id of more than 200 characters")
  return undefined
}

type Plain = string | number | boolean

const KEPT: ReadonlySet<string> = new Set<string>([
  ATTRIBUTES.claimRefused,
  ATTRIBUTES.event,
  ATTRIBUTES.itemName,
  ATTRIBUTES.itemsDone,
  ATTRIBUTES.itemsFailed,
  ATTRIBUTES.screen,
  ATTRIBUTES.severity,
  ATTRIBUTES.timeZone,
  'db.collection.name',
  'db.operation.name',
  'db.system.name',
  'gen_ai.operation.name',
  'gen_ai.prompt.name',
  'gen_ai.prompt.version',
  'gen_ai.provider.name',
  'gen_ai.request.model',
  'gen_ai.response.finish_reasons',
  'gen_ai.response.id',
  'gen_ai.response.model',
  'gen_ai.tool.name',
  'gen_ai.usage.cache_creation.input_tokens',
  'gen_ai.usage.cache_read.input_tokens',
  'gen_ai.usage.input_tokens',
  'gen_ai.usage.output_tokens',
  'http.request.method',
  'http.request.resend_count',
  'http.response.status_code',
  'http.route',
  'mcp.method.name',
  'messaging.destination.name',
  'messaging.operation.type',
  'messaging.system',
  'rpc.response.status_code',
  'server.address',
  'server.port',
])

function entriesOf(list: unknown): [string, unknown][] {
  if (!Array.isArray(list)) return []
  return list.flatMap((entry): [string, unknown][] => {
    const { key, value } = Object(entry)
    return typeof key === 'string' ? [[key, valueOf(Object(value))]] : []
  })
}

/** What an `AnyValue` holds; itself where that is no plain value, undefined where it is empty, which is OTLP's null. */
function valueOf(value: Readonly<Record<string, unknown>>): unknown {
  const { stringValue, intValue, doubleValue, boolValue } = value
  if (typeof stringValue === 'string') return stringValue
  if (typeof boolValue === 'boolean') return boolValue
  const given = intValue ?? doubleValue
  const number = typeof given === 'number' || typeof given === 'string' ? Number(given) : Number.NaN
  // 64 bits come as text, of which a number here would lose the end.
  if (typeof given === 'string' && /^-?\d{16,19}$/.test(given) && !Number.isSafeInteger(number)) return given
  if (Number.isFinite(number)) return number
  return Object.keys(value).length > 0 ? value : undefined
}

function isPlain(value: unknown): value is Plain {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

function some<T extends object>(record: T): T | undefined {
  return Object.keys(record).length > 0 ? record : undefined
}
