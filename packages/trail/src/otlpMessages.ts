/** The messages of requests with traces or logs as OTLP's `.proto` files define them: each one's fields by their numbers. */
export const OTLP_MESSAGES: Readonly<Record<OtlpMessage, Readonly<Record<number, OtlpField>>>> = {
  ExportTraceServiceRequest: { 1: ['resourceSpans', 'ResourceSpans', 'repeated'] },
  ResourceSpans: {
    1: ['resource', 'Resource'],
    2: ['scopeSpans', 'ScopeSpans', 'repeated'],
    3: ['schemaUrl', 'string'],
  },
  ExportLogsServiceRequest: { 1: ['resourceLogs', 'ResourceLogs', 'repeated'] },
  ResourceLogs: {
    1: ['resource', 'Resource'],
    2: ['scopeLogs', 'ScopeLogs', 'repeated'],
    3: ['schemaUrl', 'string'],
  },
  Resource: {
    1: ['attributes', 'KeyValue', 'repeated'],
    2: ['droppedAttributesCount', 'uint32'],
    3: ['entityRefs', 'EntityRef', 'repeated'],
  },
  EntityRef: {
    1: ['schemaUrl', 'string'],
    2: ['type', 'string'],
    3: ['idKeys', 'string', 'repeated'],
    4: ['descriptionKeys', 'string', 'repeated'],
  },
  ScopeSpans: {
    1: ['scope', 'InstrumentationScope'],
    2: ['spans', 'Span', 'repeated'],
    3: ['schemaUrl', 'string'],
  },
  ScopeLogs: {
    1: ['scope', 'InstrumentationScope'],
    2: ['logRecords', 'LogRecord', 'repeated'],
    3: ['schemaUrl', 'string'],
  },
  InstrumentationScope: {
    1: ['name', 'string'],
    2: ['version', 'string'],
    3: ['attributes', 'KeyValue', 'repeated'],
    4: ['droppedAttributesCount', 'uint32'],
  },
  Span: {
    1: ['traceId', 'hex'],
    2: ['spanId', 'hex'],
    3: ['traceState', 'string'],
    4: ['parentSpanId', 'hex'],
    5: ['name', 'string'],
    6: ['kind', 'int32'],
    7: ['startTimeUnixNano', 'fixed64'],
    8: ['endTimeUnixNano', 'fixed64'],
    9: ['attributes', 'KeyValue', 'repeated'],
    10: ['droppedAttributesCount', 'uint32'],
    11: ['events', 'Event', 'repeated'],
    12: ['droppedEventsCount', 'uint32'],
    13: ['links', 'Link', 'repeated'],
    14: ['droppedLinksCount', 'uint32'],
    15: ['status', 'Status'],
    16: ['flags', 'fixed32'],
  },
  Event: {
    1: ['timeUnixNano', 'fixed64'],
    2: ['name', 'string'],
    3: ['attributes', 'KeyValue', 'repeated'],
    4: ['droppedAttributesCount', 'uint32'],
  },
  Link: {
    1: ['traceId', 'hex'],
    2: ['spanId', 'hex'],
    3: ['traceState', 'string'],
    4: ['attributes', 'KeyValue', 'repeated'],
    5: ['droppedAttributesCount', 'uint32'],
    6: ['flags', 'fixed32'],
  },
  LogRecord: {
    1: ['timeUnixNano', 'fixed64'],
    2: ['severityNumber', 'int32'],
    3: ['severityText', 'string'],
    5: ['body', 'AnyValue'],
    6: ['attributes', 'KeyValue', 'repeated'],
    7: ['droppedAttributesCount', 'uint32'],
    8: ['flags', 'fixed32'],
    9: ['traceId', 'hex'],
    10: ['spanId', 'hex'],
    11: ['observedTimeUnixNano', 'fixed64'],
    12: ['eventName', 'string'],
  },
  Status: { 2: ['message', 'string'], 3: ['code', 'int32'] },
  KeyValue: { 1: ['key', 'string'], 2: ['value', 'AnyValue'], 3: ['keyStrindex', 'int32'] },
  AnyValue: {
    1: ['stringValue', 'string', 'oneof'],
    2: ['boolValue', 'bool', 'oneof'],
    3: ['intValue', 'int64', 'oneof'],
    4: ['doubleValue', 'double', 'oneof'],
    5: ['arrayValue', 'ArrayValue', 'oneof'],
    6: ['kvlistValue', 'KeyValueList', 'oneof'],
    7: ['bytesValue', 'base64', 'oneof'],
    8: ['stringValueStrindex', 'int32', 'oneof'],
  },
  ArrayValue: { 1: ['values', 'AnyValue', 'repeated'] },
  KeyValueList: { 1: ['values', 'KeyValue', 'repeated'] },
}

/** What a field is called in OTLP's JSON, what it holds, and whether it repeats or is one of several of which the last counts. */
type OtlpField = readonly [name: string, type: OtlpScalar | OtlpMessage, label?: 'repeated' | 'oneof']

/** `hex` and `base64` are bytes, by how OTLP's JSON writes them. */
export type OtlpScalar =
  'string' | 'hex' | 'base64' | 'bool' | 'int32' | 'uint32' | 'int64' | 'double' | 'fixed32' | 'fixed64'

export type OtlpMessage =
  | 'ExportTraceServiceRequest'
  | 'ResourceSpans'
  | 'ExportLogsServiceRequest'
  | 'ResourceLogs'
  | 'Resource'
  | 'EntityRef'
  | 'ScopeSpans'
  | 'ScopeLogs'
  | 'InstrumentationScope'
  | 'Span'
  | 'LogRecord'
  | 'Event'
  | 'Link'
  | 'Status'
  | 'KeyValue'
  | 'AnyValue'
  | 'ArrayValue'
  | 'KeyValueList'
