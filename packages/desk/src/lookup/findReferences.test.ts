import { mintReference, traceIdOf } from '@waybill/reference'
import { expect, test } from 'vitest'
import { findReferences } from './findReferences.ts'

const id = '58966c09301c7f96349e6590bb5f6250'

test.each([
  ['as printed', 'RF7-K29-QXR'],
  ['in lower case', 'rf7-k29-qxr'],
  ['without hyphens', 'rf7k29qxr'],
  ['with a prefix', 'ORD-RF7-K29-QXR'],
  ['with dashes of a word processor', 'RF7\u2013K29\u2014QXR'],
  ['with invisible characters', 'RF7-\u200bK29-QXR\u200e'],
  ['in full width', 'ＲＦ７-Ｋ２９-ＱＸＲ'],
  ['in a message', 'Hello, my code is RF7-K29-QXR. Please help.'],
  ['in a message, with a prefix', '(ORD-RF7-K29-QXR)'],
  ['as a trace-id', id],
  ['as a trace-id in capitals', id.toUpperCase()],
  ['as a low half', id.slice(16)],
  ['as a decimal 64-bit id', BigInt(`0x${id.slice(16)}`).toString()],
  ['as X-Ray writes it', `1-${id.slice(0, 8)}-${id.slice(8)}`],
  ['as a traceparent', `00-${id}-00f067aa0ba902b7-01`],
  ['in a log line', `{"level":30,"trace_id":"${id}","msg":"refund"}`],
  ['in a URL', `https://desk.example/trail/RF7-K29-QXR?tab=1`],
  ['as a decimal id in a log line', `dd.trace_id=${BigInt(`0x${id.slice(16)}`)} done`],
])('finds a reference %s', (_, text) => {
  expect(findReferences(text)).toEqual(['RF7-K29-QXR'])
})

test.each([
  ['a wrong symbol', 'RF7-K29-QXC'],
  ['part of something longer', 'RF7-K29-QXR-2X9'],
  ['part of a word', 'XRF7-K29-QXR'],
  ['a foreign trace-id', 'abcdef0123456789abcdef0123456789'],
  ['nothing', ''],
  ['prose', 'the refund of my order A-1001 did not come'],
])('finds none in %s', (_, text) => {
  expect(findReferences(text)).toEqual([])
})

test('finds several, each once, in order, twenty at most', () => {
  const [one, two] = [mintReference(), mintReference()]
  expect(findReferences(`${two} and ${traceIdOf(one)}, again ${two}`)).toEqual([two, one])
  const many = Array.from({ length: 40 }, () => mintReference()).join('\n')
  expect(findReferences(many)).toHaveLength(20)
})

test('reads trace-ids of its own namespace only', () => {
  const reference = mintReference()
  const text = `trace ${traceIdOf(reference, { namespace: 'acme/prod' })} here`
  expect(findReferences(text, { namespace: 'acme/prod' })).toEqual([reference])
  expect(findReferences(text)).toEqual([])
})

test('stays quick on long hostile text', () => {
  const begun = performance.now()
  for (const unit of ['RF7-K29-', '2', 'f', '0-', '1-00000000-']) findReferences(unit.repeat(65_536 / unit.length))
  expect(performance.now() - begun).toBeLessThan(1000)
})
