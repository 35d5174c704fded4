import { mintReference, traceIdOf } from '@waybill/reference'
import { findReferences as readReferences } from '@waybill/reference/reading'
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
  ['with a symbol misread', 'It says RF7-K29-OXR'],
  ['without hyphens in a message', 'it is rf7k29qxr I think'],
  ['with spaces', 'RF7 K29 QXR'],
  ['wrapped in a quoted mail', '> the code RF7-K29-\n> QXR'],
  ['in Cyrillic letters', 'RF7-К29-QХR'],
  ['letter by letter', 'R F 7, K 2 9, Q X R'],
  ['spoken', 'romeo foxtrot seven dash kilo two niner dash quebec x-ray romeo'],
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

test('gives every reference that fits one place', () => {
  const found = findReferences('222-222-22I')
  expect(found).toEqual(['222-222-22L'])
  for (let tries = 0; ; tries++) {
    const several = findReferences(mintReference().replaceAll(/[79LQ]/g, (symbol) => (/[7L]/.test(symbol) ? '1' : 'O')))
    if (several.length > 1) break
    expect(tries).toBeLessThan(5000)
  }
})

test('digits of a trace-id are not read as a code', () => {
  let tried = 0
  while (tried < 20) {
    const reference = mintReference()
    const traceId = traceIdOf(reference)
    const [group, rest] = [traceId.slice(0, 8), traceId.slice(8)]
    if (readReferences(group).length === 0) continue
    tried += 1
    expect(findReferences(`trace 1-${group}-${rest} failed`)).toEqual([reference])
  }
})

test('reads only the lengths in use', () => {
  expect(findReferences('RF7K-29Q8', { lengths: [9] })).toEqual([])
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
