import { parseTraceparent, referenceOfTraceId } from '@waybill/reference'
import type { Reference, TraceIdOptions } from '@waybill/reference'
import { findReferences as readReferences } from '@waybill/reference/reading'

/**
 * The references a text holds, in order of appearance, twenty at most: codes however they were written, misread symbols and
 * spelled codes included; trace-ids in any tool's spelling, traceparents, decimal 64-bit ids. Where several references fit
 * one place all are given, because only the store can tell which is live.
 */
export function findReferences(text: string, options: TraceIdOptions = {}): Reference[] {
  const plain = text
    .replace(/\p{Cf}/gu, '')
    .normalize('NFKC')
    .replace(/\p{Pd}/gu, '-')
    .trim()
  const decoded = referenceOfTraceId(plain, options)
  if (decoded) return [decoded.reference]
  const ids = traceIdsIn(plain, options)
  const codes = readReferences(plain, { lengths: options.lengths }).filter(
    // Digits of a trace-id can have the shape of a code.
    ({ start, end }) => !ids.some((id) => start < id.end && id.start < end),
  )
  const inOrder = [...ids, ...codes].toSorted((a, b) => a.start - b.start)
  return [...new Set(inOrder.flatMap(({ references }) => references))].slice(0, MOST)
}

const MOST = 20

interface Place {
  readonly references: readonly Reference[]
  readonly start: number
  readonly end: number
}

function traceIdsIn(plain: string, options: TraceIdOptions): Place[] {
  const places: Place[] = []
  for (const { 0: candidate, index } of plain.matchAll(TRACE_IDS)) {
    const traceId = parseTraceparent(candidate.toLowerCase())?.traceId ?? candidate
    const decoded = referenceOfTraceId(traceId, options)
    if (decoded) places.push({ references: [decoded.reference], start: index, end: index + candidate.length })
    if (places.length >= MOST) break
  }
  return places
}

const FORMS = [
  '[\\da-f]{2}-[\\da-f]{32}-[\\da-f]{16}-[\\da-f]{2}',
  '1-[\\da-f]{8}-[\\da-f]{24}',
  '[\\da-f]{32}|[\\da-f]{16}',
  '\\d{17,20}',
]

/** Nothing of a longer word or code: no letter or digit on either side, and no further group after it. */
const TRACE_IDS = new RegExp(`(?<![\\p{L}\\p{N}])(?:${FORMS.join('|')})(?![\\p{L}\\p{N}]|-[\\p{L}\\p{N}])`, 'giu')
