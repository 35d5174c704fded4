import { readFileSync } from 'node:fs'
import { mintReference } from '@waybill/reference'
import { findReferences } from '@waybill/reference/reading'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../fixtures/seededRandom.ts'

interface ReadingVector {
  readonly name?: string
  readonly text: string
  readonly found: readonly { body: string; tier: number; folds: number }[]
}

const vectors = JSON.parse(readFileSync(new URL('../../vectors.json', import.meta.url), 'utf8')) as {
  readonly read: readonly ReadingVector[]
  readonly readNothing: readonly ReadingVector[]
}

/** Text, references, tier, and what was marked, which is easier to compare than offsets. */
function read(text: string, options?: Parameters<typeof findReferences>[1]) {
  return findReferences(text, options).map(({ references, tier, folds, sure, start, end }) => {
    return { references, tier, folds, sure, marked: text.slice(start, end) }
  })
}

describe('vectors.json', () => {
  test.each([...vectors.read, ...vectors.readNothing])('$name "$text"', ({ text, found }) => {
    const readings = findReferences(text).map(({ references, tier, folds }) => {
      return { body: references.join().replaceAll('-', ''), tier, folds }
    })
    expect(readings).toEqual(found)
  })
})

describe('where', () => {
  test.each([
    ['Hi 👋 RF7-K29-QXR, thanks', 'RF7-K29-QXR'],
    ['(ORD-RF7-K29-QXR)', 'ORD-RF7-K29-QXR'],
    ['e\u0301tat: ＲＦ７－Ｋ２９－ＱＸＲ', 'ＲＦ７－Ｋ２９－ＱＸＲ'],
    ['𝐑𝐅𝟕-𝐊𝟐𝟗-𝐐𝐗𝐑.', '𝐑𝐅𝟕-𝐊𝟐𝟗-𝐐𝐗𝐑'],
    ['½ of RF7\u00ad-K29-QXR', 'RF7\u00ad-K29-QXR'],
    ['> RF7-K29-\r\n> QXR', 'RF7-K29-\r\n> QXR'],
    ['it is R, F, 7, K, 2, 9, Q, X, R okay', 'R, F, 7, K, 2, 9, Q, X, R'],
    [
      'so: romeo foxtrot seven kilo two niner quebec x-ray romeo dash',
      'romeo foxtrot seven kilo two niner quebec x-ray romeo',
    ],
  ])('%s marks %s', (text, marked) => {
    expect(read(text)).toMatchObject([{ references: ['RF7-K29-QXR'], marked }])
  })

  test('several stand in order of appearance, each place once', () => {
    const text = 'RF7 K29 QXR, then 84M-2P9-CF3; romeo foxtrot seven kilo two niner quebec x-ray romeo\nRF7-K29-QXR'
    expect(read(text).map(({ references, tier }) => `${references.join()} ${tier}`)).toEqual([
      'RF7-K29-QXR 3',
      '84M-2P9-CF3 1',
      'RF7-K29-QXR 5',
      'RF7-K29-QXR 1',
    ])
  })
})

describe('how sure', () => {
  test.each([
    ['my reference is RF7K29QXR', 2, 'certain'],
    ['?id=RF7.K29.QXR', 2, 'certain'],
    ['RF7 K29 QXR is the code', 2, 'certain'],
    ['ticket RF7K290XR', 2, 'certain'],
    ['RF7K29QXR', 3, 'possible'],
    ['error(RF7K29QXR)', 3, 'possible'],
    ['R F 7 K 2 9 O X R', 4, 'possible'],
  ])('%s is of tier %d and %s', (text, tier, sure) => {
    expect(read(text)).toMatchObject([{ references: ['RF7-K29-QXR'], tier, sure }])
  })

  test('several passing folds are alternatives and never certain', () => {
    const [reading, ...others] = alternatives()
    expect(others).toEqual([])
    expect(reading?.references.length).toBeGreaterThan(1)
    expect(reading?.sure).toBe('possible')
  })

  test('equally good readings of one place are alternatives', () => {
    const rows = Array.from({ length: 400 }, () => mintReference().replaceAll('-', ' ')).join(' ')
    const readings = findReferences(rows)
    expect(readings.some(({ references }) => references.length > 1)).toBe(true)
    for (const [i, { start }] of readings.entries()) expect(start).toBeGreaterThanOrEqual(readings[i - 1]?.end ?? 0)
  })

  test.each([
    ['without a cue word symbols are not folded', 'RF7 K29 OXR'],
    ['four symbols are not folded', 'ref OF7-01O-QXR'],
    ['a symbol of the alphabet is not changed', 'code 8F7-K29-QXR'],
    ['no reading without a letter', 'TEL-555-234-987'],
    ['nothing is read out of the middle of a longer spelling', 'R F 7 K 2 9 Q X R 2 2 2 2 2'],
    ['nothing is read out of a row of fours', '5EBE 5F34 5F35 5F36 5F37 5F38 5F39'],
    ['links to lines are no codes', 'createChecker.ts#L409-L432'],
    ['numbers among letters are no spelling', 'R F 7 K 29 Q X R'],
    ['one line is wrapped, not two', 'RF7-\nK29-\nQXR'],
    ['a program’s words are no cue', 'switch (RF7K290XR) { case 0:'],
    ['letters of other scripts stand beside', 'жRF7-K29-QXR'],
  ])('%s', (_, text) => {
    expect(read(text)).toEqual([])
  })

  test('reads only the lengths in use', () => {
    expect(read('RF7K-29Q8', { lengths: [9] })).toEqual([])
    expect(read('RF7K-29Q8 84M-2P9-7KXT 2345-6789-CFH7').map(({ marked }) => marked)).toEqual([
      'RF7K-29Q8',
      '84M-2P9-7KXT',
      '2345-6789-CFH7',
    ])
  })

  test('a misread code of twelve is not read as its last eight', () => {
    for (let i = 0; i < 2000; i++) {
      const text = mintReference({ length: 12 })
      const wrong = text.replace(/^./, (symbol) => (symbol === 'X' ? 'Y' : 'X'))
      expect(findReferences(wrong)).toEqual([])
    }
  })
})

describe('what is spelled', () => {
  test.each([
    'Romeo. Foxtrot. Seven. Kilo. Two. Niner. Quebec. X-ray. Romeo.',
    'romeo fox seven, king twenty-nine, queen xray robert',
    'a R F 7 K 2 9 Q X R',
    'I have R as in Robert, F like Fox, seven, K for kilo, 29, Q, X for X-ray, R I think',
    'R-F-7-K-2-9-Q-X-R',
    'are you there? R F 7\nK 2 9\nQ X R',
  ])('%s', (text) => {
    expect(read(text)).toMatchObject([{ references: ['RF7-K29-QXR'] }])
  })

  test('doubles, triples and letters that are named', () => {
    expect(read('double two triple two two two two l')).toMatchObject([{ references: ['222-222-22L'], tier: 5 }])
    expect(read('triple two double two triple two ell')).toMatchObject([{ references: ['222-222-22L'], tier: 5 }])
    expect(read('eight four em two').length).toBe(0)
  })

  test('each line by itself when they are several codes', () => {
    expect(read('R F 7 K 2 9 Q X R\n8 4 M 2 P 9 C F 3').map(({ references }) => references.join())).toEqual([
      'RF7-K29-QXR',
      '84M-2P9-CF3',
    ])
  })
})

/** Readings of a reference of which every 9 and Q was written as O. */
function alternatives() {
  const random = seededRandom(23)
  for (let tries = 0; tries < 5000; tries++) {
    const reference = mintReference({ random: random.bytes })
    if (!/[Q9].*[Q9]/.test(reference)) continue
    const readings = findReferences(reference.replaceAll(/[Q9]/g, 'O'))
    if ((readings[0]?.references.length ?? 0) > 1) return readings
  }
  return []
}
