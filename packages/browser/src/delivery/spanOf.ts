import { otlpSpan } from '@waybill/trail'
import type { AttributeName, OtlpSpan } from '@waybill/trail'
import { tellable } from '../actions/Entry.ts'
import type { Call, Entry, Round, Span } from '../actions/Entry.ts'

/** A span of an action as OTLP; a round still open as a zero-length `started` marker. */
export function spanOf(entry: Entry, span: Span): OtlpSpan {
  const { id, at, attempt, error, durationMs = 0, ...rest } = span
  const {
    parent,
    traceId = entry.traceId,
    method,
    path,
    status,
    state,
    failure,
  }: Partial<Omit<Call, 'state'> & Pick<Round, 'state' | 'failure'>> = rest
  const isMarker = tellable(span) < 2
  const attributes: Attributes = {
    'waybill.reference': entry.reference,
    // Of a call the first goes without saying.
    'waybill.attempt': state || attempt > 1 ? attempt : undefined,
    'error.type': error,
    'waybill.action.state': state,
    'waybill.action.failure': failure,
    'http.request.method': method,
    'url.path': path,
    'http.response.status_code': status,
  }
  if (state) {
    attributes['session.id'] = entry.session
    attributes['user.id'] = entry.person
    attributes['waybill.action.repeatable'] = entry.repeatable || undefined
    if (isMarker) attributes['waybill.started_for'] = id
    for (const name of Object.keys(entry.facts)) attributes[`waybill.fact.${name}`] = entry.facts[name]
  }
  return otlpSpan({
    traceId,
    // The marker's is the same every time, so that one sent twice is one step.
    spanId: isMarker ? [...id].toReversed().join('') : id,
    parentSpanId: parent,
    name: state ? entry.name : `${method} ${path}`,
    // SpanKind: INTERNAL, CLIENT.
    kind: state ? 1 : 3,
    at,
    durationMs,
    failed: error || state === 'failed' ? {} : undefined,
    attributes,
  })
}

type Attributes = Partial<
  Record<
    AttributeName | `waybill.fact.${string}` | 'http.request.method' | 'url.path',
    string | number | boolean | undefined
  >
>
