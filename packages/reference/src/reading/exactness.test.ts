import { formatReference, mintReference } from '@waybill/reference'
import type { Reference, ReferenceLength } from '@waybill/reference'
import { findReferences, sayReference } from '@waybill/reference/reading'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../fixtures/seededRandom.ts'
import { ALPHABET } from '../alphabet.ts'

const random = seededRandom(20_260)
const REFERENCES = Array.from({ length: 3000 }, () => mintReference({ random: random.bytes }))

const NATO = (reference: Reference): string => sayReference(reference, { alphabet: 'nato' })
const NAMES: Readonly<Record<string, string>> = {
  C: 'Charlie',
  F: 'Freddie',
  H: 'Harry',
  K: 'King',
  L: 'London',
  M: 'Mary',
  N: 'Nora',
  P: 'Peter',
  Q: 'Queen',
  R: 'Robert',
  T: 'Tommy',
  V: 'Victor',
  W: 'William',
  X: 'Xmas',
  Y: 'Yellow',
}
const joined = (reference: Reference, by: string): string => reference.replaceAll('-', by)
const cyrillic = (text: string): string =>
  text.replace(/[CHKMPTXY]/g, (symbol) => 'СНКМРТХУ'.charAt('CHKMPTXY'.indexOf(symbol)))
const greek = (text: string): string =>
  text.replace(/[HKMNPTXY]/g, (symbol) => 'ΗΚΜΝΡΤΧΥ'.charAt('HKMNPTXY'.indexOf(symbol)))
const wide = (text: string): string =>
  text.replace(/[!-~]/g, (symbol) => String.fromCharCode(symbol.charCodeAt(0) + 0xfee0))

/** Every way of writing that SPEC.md names, and the tier it is of. */
const FORMATS: readonly (readonly [name: string, tier: number, write: (reference: Reference) => string])[] = [
  ['as printed', 1, (reference) => reference],
  ['in a sentence', 1, (reference) => `Checkout failed, code ${reference}. What now?`],
  ['lower case', 1, (reference) => reference.toLowerCase()],
  ['prefix', 1, (reference) => formatReference(reference, { prefix: 'ORD' })],
  [
    'lower-case prefix in brackets',
    1,
    (reference) => `(${formatReference(reference, { prefix: 'SHOP' })})`.toLowerCase(),
  ],
  ['en dash', 1, (reference) => joined(reference, '–')],
  ['minus', 1, (reference) => joined(reference, '−')],
  ['non-breaking hyphen', 1, (reference) => joined(reference, '\u2011')],
  ['invisible characters', 1, (reference) => [...reference].join('\u200b\u00ad\u2060')],
  ['marks', 1, (reference) => [...reference].join('\u0301\u0332')],
  ['full width', 1, wide],
  ['Cyrillic letters', 1, cyrillic],
  ['Greek letters', 1, greek],
  ['wrapped line', 1, (reference) => reference.replace(/-(?=[^-]*$)/, '-\n')],
  ['wrapped line of a quoted mail', 1, (reference) => `> ${reference.replace('-', '- \r\n>> ')}`],
  ['in a URL', 1, (reference) => `https://x.example/h?ref=${reference}&a=1`],
  ['spaces', 3, (reference) => joined(reference, ' ')],
  ['non-breaking spaces', 3, (reference) => joined(reference, '\u00a0')],
  ['dots', 3, (reference) => joined(reference, '.')],
  ['underscores', 3, (reference) => joined(reference, '_')],
  ['slashes', 3, (reference) => joined(reference, '/')],
  ['middle dots', 3, (reference) => joined(reference, '·')],
  ['run together', 3, (reference) => joined(reference, '')],
  ['run together, lower case', 3, (reference) => joined(reference, '').toLowerCase()],
  ['run together behind a prefix', 3, (reference) => `ORD-${joined(reference, '')}`],
  ['spaces beside a cue word', 2, (reference) => `my reference: ${joined(reference, ' ')}.`],
  ['run together beside a cue word', 2, (reference) => `the ${joined(reference, '')} error`],
  ['letter by letter', 4, (reference) => [...joined(reference, '')].join(' ')],
  ['letter by letter with commas', 4, (reference) => sayReference(reference)],
  ['NATO', 5, NATO],
  [
    'NATO with dashes said',
    5,
    (reference) => NATO(reference).replaceAll(', ', ' dash ').replaceAll('nine', 'niner').toLowerCase(),
  ],
  [
    'letters with names',
    5,
    (reference) =>
      [...reference]
        .map((symbol) => (NAMES[symbol] ? `${symbol} for ${NAMES[symbol]}` : symbol))
        .join(', ')
        .replaceAll('-', 'dash'),
  ],
  ['W named', 5, (reference) => NATO(reference).replaceAll('Whiskey', 'double u')],
  ['doubles said', 5, (reference) => NATO(reference).replace(/(\b\S+),? \1\b/g, 'double $1')],
  [
    'tens said',
    5,
    (reference) =>
      NATO(reference).replace(
        /\b(two|three|four|five|six|seven|eight|nine) (?=(?:two|three|four|five|six|seven|eight|nine)\b)/,
        (_, ten: string) => `${TENS[ten] ?? ''} `,
      ),
  ],
]

const TENS: Readonly<Record<string, string>> = {
  two: 'twenty',
  three: 'thirty',
  four: 'forty',
  five: 'fifty',
  six: 'sixty',
  seven: 'seventy',
  eight: 'eighty',
  nine: 'ninety',
}

describe('of 3000 references', () => {
  test.each(FORMATS)('%s: all are read, and nothing else', (_, tier, write) => {
    const wrong: string[] = []
    for (const reference of REFERENCES) {
      const readings = findReferences(write(reference))
      const [first] = readings
      const isRight =
        readings.length === 1 && first?.references.join() === reference && first.tier === tier && first.folds === 0
      if (!isRight) wrong.push(`${write(reference)}: ${JSON.stringify(readings)}`)
    }
    expect(wrong).toEqual([])
  })

  test('one to three symbols written as what they are taken for: the right one is read or among the alternatives', () => {
    const written: Readonly<Record<string, string>> = {
      2: 'Z',
      3: 'E',
      4: 'A',
      5: 'S',
      6: 'G',
      7: '1',
      8: 'B',
      9: 'O',
      F: 'E',
      K: 'J',
      L: 'I',
      Q: '0',
      V: 'U',
    }
    let [tried, alone] = [0, 0]
    for (const reference of REFERENCES) {
      let folds = 0
      const text = reference.replace(/[2-9FKLQV]/g, (symbol) =>
        folds < 3 && random.below(3) === 0 && ++folds ? (written[symbol] ?? symbol) : symbol,
      )
      if (folds === 0 || !/\d/.test(text) || !/[A-Z]/.test(text)) continue
      tried += 1
      const readings = findReferences(text)
      expect(
        readings.map(({ tier }) => tier),
        text,
      ).toEqual([1])
      expect(readings[0]?.references).toContain(reference)
      expect(readings[0]?.folds).toBe(folds)
      if (readings[0]?.references.length === 1) alone += 1
    }
    expect(tried).toBeGreaterThan(2000)
    expect(alone / tried).toBeGreaterThan(0.9)
  })

  test.each([8, 10, 12] as const)(
    'length %i as printed, run together and spelled: all are read',
    (length: ReferenceLength) => {
      for (let i = 0; i < 1000; i++) {
        const reference = mintReference({ length, random: random.bytes })
        for (const text of [
          reference,
          reference.replaceAll('-', ' '),
          reference.replaceAll('-', ''),
          sayReference(reference),
          NATO(reference),
        ]) {
          expect(
            findReferences(text).map(({ references }) => references.join()),
            text,
          ).toEqual([reference])
        }
      }
    },
  )
})

describe('what is no reference', () => {
  test('none of 50 000 phone numbers is read', () => {
    const shapes = [
      'ddd-ddd-dddd',
      '+dd ddd dddddd',
      '(ddd) ddd-dddd',
      'dddd-dddd',
      'ddd-ddd-ddd',
      'ddd ddd ddd',
      'ddd.ddd.dddd',
      'dddd dddd dddd',
      'ddddddddd',
      '0dd/ddddddd',
    ]
    for (let i = 0; i < 50_000; i++) {
      const number = (shapes[i % shapes.length] ?? '').replace(/d/g, () => String(random.below(10)))
      const readings = findReferences(`Order problem, call ${number} today`)
      if (readings.length > 0) expect.fail(`${number} was read as ${readings[0]?.references.join()}`)
    }
  })

  test.each([
    ['order numbers as printed', '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'ccc-ccc-ccc'],
    ['order numbers run together', '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'ccccccccc'],
    ['hex strings', '0123456789abcdef', 'ccccccccc'],
    ['hex strings in groups', '0123456789abcdef', 'ccc-ccc-ccc'],
    ['strings of our own alphabet', ALPHABET, 'ccc-ccc-ccc'],
  ])('of 50 000 %s, one in 23 of those in the alphabet is read without a fold', (_, symbols, shape) => {
    let [own, read] = [0, 0]
    for (let i = 0; i < 50_000; i++) {
      const text = shape.replace(/c/g, () => symbols.charAt(random.below(symbols.length)))
      const plain = text.toUpperCase()
      if (
        [...plain].every((symbol) => symbol === '-' || ALPHABET.includes(symbol)) &&
        /\d/.test(plain) &&
        /[A-Z]/.test(plain)
      )
        own += 1
      if (findReferences(text, { lengths: [9] }).some(({ folds }) => folds === 0)) read += 1
    }
    const predicted = own / 23
    // Four standard deviations of a count.
    expect(Math.abs(read - predicted), `${read} of ${own}, predicted ${predicted.toFixed(1)}`).toBeLessThan(
      4 * Math.sqrt(predicted) + 1,
    )
  })
})
