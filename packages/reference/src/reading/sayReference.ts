import type { Reference } from '../Reference.ts'
import { DIGITS, ICAO } from './spokenWords.ts'

/**
 * A reference in words: symbol by symbol for screen readers (`R F 7, K 2 9, Q X R`), or in the spelling alphabet for phone
 * scripts (`Romeo Foxtrot seven, Kilo two nine, Quebec X-ray Romeo`). {@link findReferences} reads both back.
 */
export function sayReference(
  reference: Reference,
  { alphabet = 'letters', words = {}, pause = ', ' }: SayOptions = {},
): string {
  const wordFor = (symbol: string): string => {
    const own = Object.hasOwn(words, symbol) ? words[symbol] : undefined
    return own ?? (alphabet === 'nato' ? icaoWord(symbol) : symbol)
  }
  const groups = reference.split('-').map((group) => Array.from(group, wordFor).join(' '))
  return groups.join(pause)
}

export interface SayOptions {
  /** `letters`: each symbol by itself. `nato`: the ICAO spelling alphabet, digits as words. @default 'letters' */
  readonly alphabet?: 'letters' | 'nato' | undefined
  /** Words of another language or house by symbol, such as `{ R: 'Richard', 7: 'sieben' }`. @default English */
  readonly words?: Readonly<Record<string, string>> | undefined
  /** Between the groups; a comma makes screen readers pause. @default ', ' */
  readonly pause?: string | undefined
}

function icaoWord(symbol: string): string {
  const word = /\d/.test(symbol)
    ? DIGITS.split(' ')[Number(symbol)]
    : ICAO.split(' ').find((candidate) => candidate.startsWith(symbol))
  return word ?? symbol
}
