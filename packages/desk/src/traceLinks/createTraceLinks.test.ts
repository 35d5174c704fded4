import { expect, test } from 'vitest'
import { createTraceLinks } from './createTraceLinks.ts'

const trail = {
  traceId: '58966c09301c7f96349e6590bb5f6250',
  reference: 'RF7-K29-QXR',
  from: Date.UTC(2026, 10, 20, 10, 14, 3),
  to: Date.UTC(2026, 10, 20, 10, 14, 38),
}

test.each([
  ['Jaeger', 'https://jaeger.example/trace/{traceId}', 'https://jaeger.example/trace/58966c09301c7f96349e6590bb5f6250'],
  [
    'Datadog',
    'https://app.datadoghq.com/apm/trace/{traceId}?start={fromMs}&end={toMs}',
    `https://app.datadoghq.com/apm/trace/58966c09301c7f96349e6590bb5f6250?start=${trail.from - 300_000}&end=${trail.to + 300_000}`,
  ],
  [
    'Kibana',
    "https://kibana.example/app/discover#/?_g=(time:(from:'{from}',to:'{to}'))&q={reference}",
    "https://kibana.example/app/discover#/?_g=(time:(from:'2026-11-20T10%3A09%3A03.000Z',to:'2026-11-20T10%3A19%3A38.000Z'))&q=RF7-K29-QXR",
  ],
])('leads to %s', (name, url, href) => {
  expect(createTraceLinks([{ name, url }])(trail)).toEqual([{ name, href }])
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

test('no value breaks out of its place', () => {
  const [link] = createTraceLinks([{ name: 'x', url: 'https://x.example/?q={reference}&safe=1' }])({
    ...trail,
    reference: '"&safe=0#<script>',
  })
  expect(new URL(link!.href).searchParams.get('safe')).toBe('1')
  expect(link!.href).not.toMatch(/["<>]/)
})
