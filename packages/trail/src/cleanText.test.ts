import { cleanText } from '@waybill/trail'
import { expect, test } from 'vitest'

test.each([
  ['line breaks, tabs and control characters become spaces', 'a\r\nb\tc\0d\u0085e\x1b[31m', 'a  b c d e [31m'],
  ["Unicode's line and paragraph separators become spaces", 'a\u2028b\u2029c', 'a b c'],
  [
    'bidi marks, embeddings, overrides and isolates go',
    'a\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069b',
    'ab',
  ],
  ['zero width characters and soft hyphens go', '\ufeffA\u200b-\u2060100\u00ad1', 'A-1001'],
  ['tags go, which can spell a hidden text', 'ok\u{e0001}\u{e0069}\u{e007f}', 'ok'],
  ['halves of surrogate pairs go, and whole ones stay', '\ud83d😀\ude00', '😀'],
  ['spaces at the ends go', '\u00a0 a \n', 'a'],
  ['what is nothing to read is empty', '\u200e\n\u202e ', ''],
  ['joiners stay in Persian, Hindi and emoji', 'می‌خواهم क्‍ष 👩‍🔧', 'می‌خواهم क्‍ष 👩‍🔧'],
  ['variation selectors stay', '❤\ufe0f 1\ufe0f\u20e3 葛\u{e0100}', '❤\ufe0f 1\ufe0f\u20e3 葛\u{e0100}'],
  ['text of any script stays', 'Zoë 山田太郎 محمد علي 0٠१', 'Zoë 山田太郎 محمد علي 0٠१'],
])('%s', (_, text, clean) => {
  expect(cleanText(text)).toBe(clean)
})

test('cleaned again a text stays as it is, whatever it was', () => {
  const odd = [
    0x00, 0x0a, 0x20, 0x41, 0xa0, 0xad, 0x61c, 0x200b, 0x200c, 0x200d, 0x2028, 0x202e, 0xd83d, 0xde00, 0xfe0f, 0xfeff,
  ]
  const texts = Array.from({ length: 16 ** 4 }, (_, text) =>
    String.fromCharCode(...[0, 4, 8, 12].map((shift) => odd[(text >> shift) & 15]!)),
  )
  const unclean = texts.map(cleanText).filter(
    // oxlint-disable-next-line no-control-regex -- they are the subject
    (clean) => cleanText(clean) !== clean || /[\0-\x1f\u200b\u202e\u2028\ufeff]|^\s|\s$/.test(clean),
  )
  expect(unclean).toEqual([])
})
