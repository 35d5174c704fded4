import { mintReference, traceIdOf, traceparentOf } from '@waybill/reference'
import { expect, test } from 'vitest'
import { judgeRecords } from './judgeRecords.ts'
import type { Judgement } from './judgeRecords.ts'
import { parseDrillConfig } from './parseDrillConfig.ts'
import { parseRecords } from './parseRecords.ts'

const R = mintReference()
const OTHER = mintReference()
const traceId = traceIdOf(R)
const uuid = 'b9d1f7a2-6c1e-4f0b-9d3e-8a7b6c5d4e3f'

interface Case {
  readonly lines: string
  readonly hop?: Readonly<Record<string, unknown>>
  readonly isCsv?: boolean
}

function judge({ lines, hop = {}, isCsv = false }: Case): Judgement {
  const fields = { name: 'x', hop: 'worker', file: 'x.log', ...hop }
  const parsed = parseDrillConfig(JSON.stringify({ action: { http: { path: '/' } }, hops: [fields] }))
  if (!parsed.ok) throw new Error(parsed.problems.join())
  const [first] = parsed.config.hops
  return judgeRecords(parseRecords(lines, { isCsv }), {
    hop: first!,
    match: first!.match,
    reference: R,
    given: { ids: new Set([R]), isNonePossible: false },
    namespace: '',
  })
}

const field = { field: 'reference' }
const job = { ...field, match: { job: '7' } }

test.each<[string, string, Case]>([
  ['present', 'a JSON field', { lines: `{"reference":"${R}"}`, hop: field }],
  ['present', 'any field where none was told', { lines: `{"a":{"b":["${R}"]}}` }],
  ['present', 'a trace-id', { lines: `{"trace_id":"${traceId}"}`, hop: { field: 'trace_id' } }],
  ['present', 'a traceparent', { lines: `{"traceparent":"${traceparentOf(traceId)}"}`, hop: { field: 'traceparent' } }],
  [
    'present',
    'Datadog’s decimal',
    { lines: `{"dd":{"trace_id":"${BigInt(`0x${traceId.slice(16)}`)}"}}`, hop: { field: 'dd.trace_id' } },
  ],
  ['present', 'logfmt', { lines: `level=info reference=${R} msg="paid out"`, hop: field }],
  ['present', 'a line behind a container’s name', { lines: `api-1  | {"reference":"${R}"}`, hop: field }],
  [
    'present',
    'JSON in a column of CSV',
    { lines: `id,data\n1,"{""waybill"":{""reference"":""${R}""}}"\n`, isCsv: true },
  ],
  ['present', 'a line that is nothing else', { lines: `${R}\n` }],
  ['present', 'rows as one JSON', { lines: JSON.stringify([{ id: 1, reference: R }], null, 2), hop: field }],
  [
    'present',
    'records of others around it',
    { lines: `{"reference":"${OTHER}"}\n{"reference":"${R}"}\n{"msg":"tick"}`, hop: field },
  ],
  ['form', 'lower case', { lines: `{"reference":"${R.toLowerCase()}"}`, hop: field }],
  ['form', 'without hyphens, where no field was told', { lines: `{"ref":"${R.replaceAll('-', '')}"}` }],
  ['text-only', 'a message', { lines: `{"msg":"failed [${R}]"}`, hop: field }],
  ['text-only', 'a plain line', { lines: `2026-11-30 INFO refund ${R} failed` }],
  ['text-only', 'its trace-id in a message', { lines: `{"msg":"trace ${traceId} failed"}` }],
  ['changed', 'another reference', { lines: `{"reference":"${OTHER}"}`, hop: field }],
  ['changed', 'a UUID in the field that was told', { lines: `{"reference":"${uuid}"}`, hop: field }],
  [
    'changed',
    'a foreign trace-id',
    { lines: `{"trace_id":"0af7651916cd43dd8448eb211c80319c"}`, hop: { field: 'trace_id' } },
  ],
  [
    'changed',
    'one of two records of the work',
    { lines: `{"job":"7","reference":"${R}"}\n{"job":"7","reference":"${OTHER}"}`, hop: job },
  ],
  [
    'changed',
    'another one in its text, and none in the field',
    { lines: `{"job":"7","msg":"[${OTHER}] began"}`, hop: job },
  ],
  ['missing', 'an empty field', { lines: '{"job":"7","reference":""}', hop: job }],
  ['missing', 'a field that is null', { lines: '{"job":"7","reference":null}', hop: job }],
  ['missing', 'no field', { lines: '{"job":"7","msg":"began"}\n{"job":"70","reference":"x"}', hop: job }],
  [
    'missing',
    'one of three records without it',
    { lines: `{"job":7,"reference":"${R}"}\n{"job":7}\n{"job":7,"reference":"${R}"}`, hop: job },
  ],
  ['no-record', 'records of other work', { lines: `{"job":"70","reference":"${R}"}`, hop: job }],
  ['no-record', 'nothing', { lines: '\n' }],
])('%s: %s', (verdict, _, example) => {
  expect(judge(example).verdict).toBe(verdict)
})

const retried = { ...job, attempts: 3, attemptField: 'attempt' }
const attempt = (number: number, reference: string): string => JSON.stringify({ job: '7', attempt: number, reference })

test.each<[string, readonly string[]]>([
  ['present', [attempt(1, R), attempt(1, R), attempt(2, R), attempt(3, R)]],
  ['no-record', [attempt(1, R), attempt(1, R), attempt(2, R)]],
  ['changed-on-retry', [attempt(1, R), attempt(2, OTHER), attempt(3, R)]],
  ['changed', [attempt(1, OTHER), attempt(2, OTHER), attempt(3, OTHER)]],
  ['no-attempt', [1, 2, 3].map(() => JSON.stringify({ job: '7', reference: R }))],
])('%s over attempts', (verdict, lines) => {
  expect(judge({ lines: lines.join('\n'), hop: retried }).verdict).toBe(verdict)
})

test('a reference in another field than the told one is named', () => {
  expect(judge({ lines: `{"job":"7","traceRef":"${R}"}`, hop: job }).detail).toContain('it stands in "traceRef"')
})

test('a match as text holds for a whole word, not for a part of one', () => {
  const hop = { match: 'R-1' }
  expect(judge({ lines: `refund R-10 reference=${OTHER}`, hop }).verdict).toBe('no-record')
  expect(judge({ lines: `refund R-1, reference=${R}`, hop }).verdict).toBe('present')
})
