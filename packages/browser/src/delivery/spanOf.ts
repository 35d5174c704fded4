import type { AttributeName, OtlpSpan } from '@waybill/trail'
import { tellable } from '../actions/Entry.ts'
import type { Call, Entry, Round, Span } from '../actions/Entry.ts'

/** A span of an action as OTLP; a round still open as a zero-length `started` marker. */
export function spanOf(entry: Entry, span: Span, timeZone?: string): OtlpSpan {
  const { id, at, attempt, error, durationMs = 0, parent, traceId = entry.traceId }: AnySpan = span
  const { method, path, status, state, failure, screen }: AnySpan = span
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
    ...(state && {
      'session.id': entry.session,
      'user.id': entry.person,
      'waybill.action.repeatable': entry.repeatable || undefined,
      'waybill.action.background': entry.background,
      'waybill.screen.text': screen,
      'waybill.screen.time_zone': timeZone,
      'waybill.started_for': isMarker ? id : undefined,
    }),
  }
  for (const [name, fact] of Object.entries(state ? entry.facts : {})) attributes[`waybill.fact.${name}`] = fact
  return {
    traceId,
    // The marker's is the same every time, so that one sent twice is one step.
    spanId: isMarker ? [...id].toReversed().join('') : id,
    parentSpanId: parent,
    name: state ? entry.name : `${method} ${path}`,
    // SpanKind: INTERNAL, CLIENT.
    kind: state ? 1 : 3,
    startTimeUnixNano: nanoseconds(at),
    endTimeUnixNano: nanoseconds(at + durationMs),
    attributes: attributesOf(attributes),
    ...(state && entry.links && { links: entry.links }),
    // ERROR.
    ...((error || state === 'failed') && { status: { code: 2 } }),
  }
}

/** A record as OTLP's list, without what is undefined: only what a page has to say, which is texts, whole numbers and truth values. */
export function attributesOf(record: Attributes): OtlpSpan['attributes'] {
  return Object.entries(record).flatMap(([key, value]) =>
    value === undefined
      ? []
      : {
          key,
          value:
            typeof value === 'boolean'
              ? { boolValue: value }
              : typeof value === 'number'
                ? { intValue: `${value}` }
                : { stringValue: value },
        },
  )
}

/** A round or a call, as far as it has what the other has. */
type AnySpan = Omit<Round | Call, 'state'> &
  Partial<Pick<Round, 'state' | 'failure' | 'screen'> & Pick<Call, 'traceId' | 'method' | 'path' | 'status'>>

/** To the microsecond, which a double still holds exactly. */
function nanoseconds(ms: number): string {
  return `${Math.round(ms * 1000)}000`
}

type Attributes = Partial<
  Record<
    AttributeName | `waybill.fact.${string}` | 'http.request.method' | 'url.path' | 'telemetry.sdk.language',
    string | number | boolean | undefined
  >
>
