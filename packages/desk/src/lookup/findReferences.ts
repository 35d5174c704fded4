import { parseReference, parseTraceparent, referenceOfTraceId } from '@waybill/reference'
import type { Reference, TraceIdOptions } from '@waybill/reference'

/**
 * The references a text holds, in order of appearance: printed codes, trace-ids in any tool's spelling, traceparents,
 * decimal 64-bit ids. A text that is one reference and nothing else may also be written without hyphens or with a prefix.
 * Misheard and spelled codes are another job than this one.
 */
export function findReferences(text: string, options: TraceIdOptions = {}): Reference[] {
  const plain = text
    .replace(/\p{Cf}/gu, '')
    .normalize('NFKC')
    .replace(/\p{Pd}/gu, '-')
    .trim()
  const found = new Set<Reference>()
  const whole = parseReference(plain)
  if (whole.ok) return [whole.reference]
  const decoded = referenceOfTraceId(plain, options)
  if (decoded) return [decoded.reference]
  for (const [candidate] of plain.matchAll(CANDIDATES)) {
    const printed = parseReference(candidate)
    const reference = printed.ok
      ? printed.reference
      : referenceOfTraceId(parseTraceparent(candidate.toLowerCase())?.traceId ?? candidate, options)?.reference
    if (reference) found.add(reference)
    if (found.size >= MOST) break
  }
  return [...found]
}

const MOST = 20

const S = '[2-9CFHKLMNPQRTVWXY]'
const FORMS = [
  `${S}{4}-${S}{4}-${S}{4}|${S}{3}-${S}{3}-${S}{3,4}|${S}{4}-${S}{4}`,
  '[\\da-f]{2}-[\\da-f]{32}-[\\da-f]{16}-[\\da-f]{2}',
  '1-[\\da-f]{8}-[\\da-f]{24}',
  '[\\da-f]{32}|[\\da-f]{16}',
  '\\d{17,20}',
]

/** Nothing of a longer word or code: no letter or digit on either side, and no further group after it. */
const CANDIDATES = new RegExp(`(?<![\\p{L}\\p{N}])(?:${FORMS.join('|')})(?![\\p{L}\\p{N}]|-[\\p{L}\\p{N}])`, 'giu')
