import { DIGITS, ICAO } from './spokenWords.ts'

/** The symbols that a heard word stands for, `''` for a spoken dash; undefined for any other word. Takes upper case. */
export function heardSymbols(word: string): string | undefined {
  heard ??= heardWords()
  return heard.get(word)
}

/** The digit in front of a ten: `2` for TWENTY; undefined for any other word. */
export function heardTen(word: string): string | undefined {
  const at = TENS.indexOf(word)
  return at < 0 ? undefined : String(at + 2)
}

const TENS = ['TWENTY', 'THIRTY', 'FORTY', 'FIFTY', 'SIXTY', 'SEVENTY', 'EIGHTY', 'NINETY']

/** Spelling words beside ICAO's, in its other spellings or from the older alphabets; each stands for its first letter. */
const VARIANTS =
  'Alpha Foxtrott Juliet Juliette Whisky Xray Able Baker Dog Easy Fox George How Item Jig King Love Nan Oboe Peter ' +
  'Queen Roger Sugar Tare Uncle William Yoke Zebra Adam Alfred Andrew Apple Benjamin Boy David Edward Frank Fred ' +
  'Freddie Frederick Harry Henry Ida Isaac Jack John Johnny Kate London Lincoln Lucy Mary Mother Nellie Nora Nancy ' +
  'Ocean Oliver Orange Paul Robert Sam Samuel Tom Tommy Union Vincent Xylophone Yellow Young ' +
  // Names of letters as a transcript writes them, where they are no common English word.
  'Cee Dee Gee Jay Kay Pee Tee Vee Zee Zed'

const OTHERS =
  'AITCH H HAITCH H ELL L CUE Q QUEUE Q ESS S EFF F WYE Y OH 0 NOUGHT 0 TREE 3 FOWER 4 FIFE 5 NINER 9 ' +
  'TEN 10 ELEVEN 11 TWELVE 12 THIRTEEN 13 FOURTEEN 14 FIFTEEN 15 SIXTEEN 16 SEVENTEEN 17 EIGHTEEN 18 NINETEEN 19'

const DASHES = 'DASH HYPHEN MINUS STROKE SPACE'

let heard: ReadonlyMap<string, string> | undefined

function heardWords(): ReadonlyMap<string, string> {
  const words = new Map<string, string>()
  for (const word of `${ICAO} ${VARIANTS}`.toUpperCase().split(' ')) words.set(word, word.charAt(0))
  for (const [digit, word] of DIGITS.toUpperCase().split(' ').entries()) words.set(word, String(digit))
  for (const [, word = '', symbols = ''] of OTHERS.matchAll(/(\w+) (\w+)/g)) words.set(word, symbols)
  for (const word of DASHES.split(' ')) words.set(word, '')
  return words
}
