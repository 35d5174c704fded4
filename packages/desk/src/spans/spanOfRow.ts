import { ATTRIBUTES } from '@waybill/trail'
import type { Row } from './askClickHouse.ts'

/** A row of the exporter's table as OTLP's JSON has it: a resource with one span. Maps hold texts only, in which numbers and truth values are found again. */
export function resourceSpansOfRow(row: Row): object {
  const resource = attributesIn(row['ResourceAttributes'])
  const start = BigInt(textIn(row['start']) || '0')
  return {
    resource: {
      attributes: [...resource, { key: ATTRIBUTES.service, value: { stringValue: textIn(row['ServiceName']) } }],
    },
    scopeSpans: [
      {
        spans: [
          {
            traceId: row['TraceId'],
            spanId: row['SpanId'],
            parentSpanId: row['ParentSpanId'],
            name: row['SpanName'],
            kind: KINDS.get(textIn(row['SpanKind']).toLowerCase().replace('span_kind_', '')) ?? 0,
            startTimeUnixNano: start.toString(),
            endTimeUnixNano: (start + BigInt(textIn(row['Duration']) || '0')).toString(),
            attributes: [...attributesIn(row['SpanAttributes']), ...attemptIn(row)],
            status: {
              code: STATUSES.get(textIn(row['StatusCode']).toLowerCase().replace('status_code_', '')) ?? 0,
              message: row['StatusMessage'],
            },
            events: listIn(row['eventNames']).map((name, index) => ({
              name,
              timeUnixNano: listIn(row['eventTimes'])[index],
              attributes: attributesIn(listIn(row['eventAttributes'])[index]),
            })),
            links: listIn(row['linkTraceIds']).map((traceId, index) => ({
              traceId,
              spanId: listIn(row['linkSpanIds'])[index],
              attributes: attributesIn(listIn(row['linkAttributes'])[index]),
            })),
          },
        ],
      },
    ],
  }
}

/** Asked for by itself where attributes are in JSON columns. */
function attemptIn(row: Row): object[] {
  const attempt = valueOf(ATTRIBUTES.attempt, row['attempt'])
  return attempt ? [{ key: ATTRIBUTES.attempt, value: attempt }] : []
}

const KINDS: ReadonlyMap<string, number> = new Map([
  ['internal', 1],
  ['server', 2],
  ['client', 3],
  ['producer', 4],
  ['consumer', 5],
])
const STATUSES: ReadonlyMap<string, number> = new Map([
  ['ok', 1],
  ['error', 2],
])

function textIn(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** JSON columns come nested along the dots of their names. */
function attributesIn(value: unknown, prefix = ''): object[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([name, field]): object[] => {
    const key = prefix + name
    if (typeof field === 'object') return attributesIn(field, `${key}.`)
    const held = valueOf(key, field)
    return held ? [{ key, value: held }] : []
  })
}

function valueOf(key: string, value: unknown): object | undefined {
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return { doubleValue: value }
  if (typeof value !== 'string') return undefined
  if (!isText(key)) {
    if (value === 'true' || value === 'false') return { boolValue: value === 'true' }
    // Of more digits a number here would lose the end.
    if (/^(?:0|-?[1-9]\d{0,14})$/.test(value)) return { intValue: value }
  }
  return { stringValue: value }
}

/** Ids and facts are texts, also where they are written with digits only. */
function isText(key: string): boolean {
  return key.startsWith(ATTRIBUTES.fact) || /(?:^user\.|\.id$|\.name$)/.test(key)
}
