import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createTraceLinks } from './createTraceLinks.ts'

const traceId = '58966c09301c7f96349e6590bb5f6250'
const trail = {
  traceId,
  reference: 'RF7-K29-QXR',
  from: Date.UTC(2026, 10, 20, 10, 14, 3),
  to: Date.UTC(2026, 10, 20, 10, 14, 38),
}
const [FROM_ISO, TO_ISO] = ['2026-11-20T10:09:03.000Z', '2026-11-20T10:19:38.000Z']
const [FROM, TO] = [Date.parse(FROM_ISO), Date.parse(TO_ISO)]

const TEMPLATES = new Map(
  Array.from(
    readFileSync(new URL('../../SPANS.md', import.meta.url), 'utf8').matchAll(/^\| (.+?) +\| `(https:.+?)` +\|$/gm),
    ([, name, url]) => [name!, url!],
  ),
)

test('the documentation has a template for each of these tools, and no other', () => {
  expect([...TEMPLATES.keys()]).toEqual([
    'Jaeger',
    'Tempo in Grafana',
    'Datadog',
    'Sentry',
    'Honeycomb',
    'Kibana',
    'logs in Kibana',
    'logs in Grafana (Loki)',
    'logs in CloudWatch',
  ])
})

test.each([
  ['Jaeger', `https://jaeger.example/trace/${traceId}`],
  ['Datadog', `https://app.datadoghq.com/apm/trace/${traceId}?timeHint=${FROM}`],
  ['Sentry', `https://shop.sentry.io/explore/traces/trace/${traceId}/?timestamp=${FROM / 1000}`],
  [
    'Honeycomb',
    `https://ui.honeycomb.io/shop/environments/production/trace?trace_id=${traceId}&trace_start_ts=${FROM / 1000}&trace_end_ts=${TO / 1000}`,
  ],
  ['Kibana', `https://kibana.example/app/apm/link-to/trace/${traceId}?rangeFrom=${FROM_ISO}&rangeTo=${TO_ISO}`],
  [
    'logs in Kibana',
    `https://kibana.example/app/discover#/?_g=(time:(from:'${FROM_ISO}',to:'${TO_ISO}'))&_a=(query:(language:kuery,query:'"RF7-K29-QXR"'))`,
  ],
])('the documented template leads to %s', (name, address) => {
  expect(decodeURIComponent(linkBy(TEMPLATES.get(name)!))).toBe(address)
})

test.each([
  ['Tempo in Grafana', { refId: 'A', query: traceId, queryType: 'traceql' }],
  ['logs in Grafana (Loki)', { refId: 'A', expr: '{service_name=~".+"} |= "RF7-K29-QXR"' }],
])('the documented template leads to %s, whose address holds JSON', (name, query) => {
  const { searchParams, pathname } = new URL(linkBy(TEMPLATES.get(name)!))
  expect([pathname, searchParams.get('schemaVersion')]).toEqual(['/explore', '1'])
  expect(JSON.parse(searchParams.get('panes')!)).toEqual({
    a: { datasource: expect.any(String), queries: [query], range: { from: `${FROM}`, to: `${TO}` } },
  })
})

test('the documented template leads to logs in CloudWatch, whose console encodes twice, with dollar signs', () => {
  const { hash } = new URL(linkBy(TEMPLATES.get('logs in CloudWatch')!))
  const [path, query] = decodeURIComponent(hash.replaceAll('$', '%')).split('?')
  expect(decodeURIComponent(path!)).toBe('#logsV2:log-groups/log-group//shop/api/log-events')
  expect(Object.fromEntries(new URLSearchParams(query))).toEqual({
    filterPattern: '"RF7-K29-QXR"',
    start: `${FROM}`,
    end: `${TO}`,
  })
})

test('seconds and milliseconds are whole, and leave out nothing of the trail', () => {
  const url = 'https://x.example/?a={fromS}&b={toS}&c={fromMs}&d={toMs}'
  const [link] = createTraceLinks([{ name: 'x', url }])({ ...trail, from: trail.from + 0.5, to: trail.to + 0.5 })
  expect(link!.href).toBe(`https://x.example/?a=${FROM / 1000}&b=${TO / 1000 + 1}&c=${FROM}&d=${TO + 1}`)
})

test.each([
  'javascript:alert({traceId})',
  '/trace/{traceId}',
  'https://',
  'https://jaeger.example/{trace_id}',
  'https://x.example/{constructor}',
])('%s is refused, by its name', (url) => {
  expect(() => createTraceLinks([{ name: 'Jaeger', url }])).toThrow(/^\[waybill\] The link to Jaeger /)
})

test.each(['"&safe=0#<script>', "'),x:('", '\\', 'a b', '{traceId}', '%22', ''])(
  'a value that may break out of its place leads nowhere: %s',
  (reference) => {
    const links = createTraceLinks([...TEMPLATES].map(([name, url]) => ({ name, url })))
    expect(links({ ...trail, reference })).toEqual([])
    expect(links({ ...trail, traceId: reference })).toEqual([])
    expect(links(trail)).toHaveLength(TEMPLATES.size)
  },
)

function linkBy(url: string): string {
  const [link] = createTraceLinks([{ name: 'x', url }])(trail)
  return link!.href
}
