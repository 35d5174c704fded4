import { mintReference, parseReference } from '@waybill/reference'
import { findReferences, sayReference } from '@waybill/reference/reading'
import { expect, test } from 'vitest'

const parsed = parseReference('RF7-K29-QXR')
if (!parsed.ok) throw new Error('The example is no reference.')
const { reference } = parsed

test('says symbol by symbol, with a pause between groups', () => {
  expect(sayReference(reference)).toBe('R F 7, K 2 9, Q X R')
  expect(sayReference(reference, { pause: '. ' })).toBe('R F 7. K 2 9. Q X R')
})

test('says the spelling alphabet', () => {
  expect(sayReference(reference, { alphabet: 'nato' })).toBe('Romeo Foxtrot seven, Kilo two nine, Quebec X-ray Romeo')
})

test('takes the words of another language', () => {
  const words = {
    R: 'Richard',
    F: 'Friedrich',
    K: 'Kaufmann',
    Q: 'Quelle',
    X: 'Xanthippe',
    7: 'sieben',
    2: 'zwo',
    9: 'neun',
  }
  expect(sayReference(reference, { alphabet: 'nato', words })).toBe(
    'Richard Friedrich sieben, Kaufmann zwo neun, Quelle Xanthippe Richard',
  )
  expect(sayReference(reference, { words: { 7: 'sept' } })).toBe('R F sept, K 2 9, Q X R')
})

test('what it says is read back', () => {
  for (let i = 0; i < 500; i++) {
    const minted = mintReference()
    for (const alphabet of ['letters', 'nato'] as const) {
      expect(findReferences(sayReference(minted, { alphabet })).map(({ references }) => references)).toEqual([[minted]])
    }
  }
})
