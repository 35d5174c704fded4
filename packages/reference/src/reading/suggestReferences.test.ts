import { mintReference } from '@waybill/reference'
import { suggestReferences } from '@waybill/reference/reading'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../fixtures/seededRandom.ts'
import { ALPHABET } from '../alphabet.ts'

const random = seededRandom(77)
const REFERENCES = Array.from({ length: 300 }, () => mintReference({ random: random.bytes }))

/** How often the right one is among the first `count`, over references that `spoil` changed. */
function shareAmong(count: number, spoil: (reference: string) => string): number {
  const spoilt = REFERENCES.map((reference) => [reference, spoil(reference)] as const).filter(([a, b]) => a !== b)
  const right = spoilt.filter(([reference, text]) =>
    suggestReferences(text, { lengths: [9] })
      .slice(0, count)
      .some((suggestion) => suggestion.reference === reference),
  )
  expect(spoilt.length).toBeGreaterThan(50)
  return right.length / spoilt.length
}

const anywhere = (): number => [0, 1, 2, 4, 5, 6, 8, 9, 10][random.below(9)] ?? 0

describe('the right one is suggested', () => {
  test.each(['VY', 'VW', 'MN', 'HN', 'KX', '38', '68', '56', 'PR', '59', 'C3', '8H', 'Q2', 'FX'])(
    'among the first five when %s were confused',
    ([one = '', other = '']) => {
      const share = shareAmong(5, (text) =>
        text.replace(new RegExp(`[${one}${other}]`), (s) => (s === one ? other : one)),
      )
      expect(share).toBeGreaterThan(0.95)
    },
  )

  test('always when any symbol is another', () => {
    const wrong = (text: string): string => {
      const at = anywhere()
      return text.slice(0, at) + ALPHABET.charAt(random.below(23)) + text.slice(at + 1)
    }
    expect(shareAmong(30, wrong)).toBeGreaterThan(0.99)
  })

  test('among the first three when two neighbours are swapped', () => {
    const swap = (text: string): string => text.replace(/(.)(.)(?=-...$)/, '$2$1')
    expect(shareAmong(3, swap)).toBeGreaterThan(0.95)
  })

  test('among the first three when a symbol is doubled', () => {
    expect(shareAmong(3, (text) => text.replace(/(.)(?=.-)/, '$1$1'))).toBeGreaterThan(0.95)
  })

  test('among the first five when a symbol is dropped', () => {
    const drop = (text: string): string => {
      const at = anywhere()
      return text.slice(0, at) + text.slice(at + 1)
    }
    expect(shareAmong(5, drop)).toBeGreaterThan(0.95)
  })
})

test.each([
  ['RF7-K29-OXR', 'RF7-K29-QXR', 'folded'],
  ['FR7-K29-QXR', 'RF7-K29-QXR', 'swap'],
  ['RF7-K29-QXXR', 'RF7-K29-QXR', 'extra'],
  ['RF7-K29-QXR', 'RF7-K29-QXR', 'none'],
  ['Hello, my code was RF7-K29-QXXR, thanks', 'RF7-K29-QXR', 'extra'],
  ['romeo foxtrot seven kilo two two niner quebec x-ray romeo', 'RF7-K29-QXR', 'extra'],
])('out of "%s" comes %s first, by %s', (text, reference, change) => {
  expect(suggestReferences(text)[0]).toEqual({ reference, change })
})

test('groups as they are printed speak for a symbol that is missing there', () => {
  const changes = suggestReferences('RF7-K29-QX').map(({ reference, change }) => `${reference} ${change}`)
  expect(changes.slice(0, 3)).toContain('RF7-K29-QXR missing')
  expect(changes.slice(0, 3).every((change) => change.endsWith('missing'))).toBe(true)
})

test('suggests at most 30, each once and never out of nothing', () => {
  for (const text of ['RF4-K29-QXR', '0OI-1IJ-OX2', 'RF7K29QX RF7-K29-QXX 84M2P9CF']) {
    const found = suggestReferences(text).map(({ reference }) => reference)
    expect(found.length).toBeLessThanOrEqual(30)
    expect(new Set(found).size).toBe(found.length)
  }
  for (const text of ['', 'hello', 'the old man and the sea', '555-234-987'])
    expect(suggestReferences(text)).toEqual([])
})
