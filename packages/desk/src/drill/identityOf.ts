import { parseReference, parseTraceparent, referenceOfTraceId } from '@waybill/reference'

/**
 * Which id a value is, when all of it is one: a reference in any shape, a trace-id that stands for one, or a traceparent. Where the
 * drill's file says that this field holds the reference (`isTold`), any other id in it counts as well, such as a UUID.
 */
export function identityOf(value: string, { namespace, isTold }: IdentityOptions): Identity | null {
  const text = value.trim()
  if (text === '' || NOTHING.has(text.toLowerCase())) return null
  const parsed = parseReference(text)
  if (parsed.ok && (isTold || text === parsed.reference)) {
    return { id: parsed.reference, isPrinted: text === parsed.reference }
  }
  const traceId = parseTraceparent(text)?.traceId ?? text
  if (!/^(?:[\da-f]{16}|[\da-f]{32}|\d{15,20}|1-[\da-f]{8}-[\da-f]{24})$/i.test(traceId)) {
    return isTold ? { id: text.slice(0, 100), isPrinted: true } : null
  }
  const decoded = referenceOfTraceId(traceId, { namespace })
  if (decoded) return { id: decoded.reference, isPrinted: true }
  // A foreign tracer's: nobody's reference, unless it was said that one is here.
  return isTold ? { id: traceId, isPrinted: true } : null
}

export interface Identity {
  /** The reference, or the other id as it stands. */
  readonly id: string
  /** False for a reference in another shape than the printed one. */
  readonly isPrinted: boolean
}

export interface IdentityOptions {
  readonly namespace: string
  readonly isTold: boolean
}

/** What loggers and databases write where there is nothing. */
const NOTHING: ReadonlySet<string> = new Set([
  'null',
  'undefined',
  'none',
  'nil',
  '-',
  '""',
  'n/a',
  '00000000000000000000000000000000',
])

/** Every reference inside a text, as a code in either case or as a trace-id. */
export function identitiesIn(text: string, namespace: string): ReadonlySet<string> {
  const found = new Set<string>()
  for (const [word] of text.matchAll(
    /(?<![A-Za-z\d-])(?:[A-Z\d]{2,5}(?:-[A-Z\d]{2,5}){1,4}|[\da-f]{32}|[A-Z\d]{8,12})(?![A-Za-z\d])/gi,
  )) {
    const parsed = parseReference(word)
    const id = parsed.ok ? parsed.reference : referenceOfTraceId(word, { namespace })?.reference
    if (id) found.add(id)
  }
  // A traceparent's parts are joined by hyphens.
  for (const [, word = ''] of text.matchAll(/[\da-f]{2}-([\da-f]{32})-[\da-f]{16}/gi)) {
    const decoded = referenceOfTraceId(word, { namespace })
    if (decoded) found.add(decoded.reference)
  }
  return found
}
