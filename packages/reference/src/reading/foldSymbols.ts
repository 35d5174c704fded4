import { ALPHABET } from '../alphabet.ts'
import { isBody } from '../checkSymbol.ts'
import { printBody } from '../Reference.ts'
import type { Reference } from '../Reference.ts'

/**
 * The references that symbols can stand for once those outside the alphabet are taken for what they are mistaken for.
 * Symbols of the alphabet are never changed. None when more than `mostFolds` would have to be, when there is no digit or no
 * letter, or when no check symbol fits.
 */
export function foldedReferences(symbols: string, mostFolds: number): Reference[] {
  if (!/\d/.test(symbols) || !/[A-Z]/.test(symbols) || foldsIn(symbols) > mostFolds) return []
  const bodies = foldedSymbols(symbols)
  return bodies.filter((body) => isBody(body) && /\d/.test(body) && /[A-Z]/.test(body)).map(printBody)
}

/** How many symbols are outside the alphabet; infinite when one of them is mistaken for nothing in it. */
export function foldsIn(symbols: string): number {
  let folds = 0
  for (const symbol of symbols) {
    if (!ALPHABET.includes(symbol)) folds += symbol in FOLDS ? 1 : Number.POSITIVE_INFINITY
  }
  return folds
}

/** Every way to fold `symbols`: at most 2 for each symbol outside the alphabet. */
export function foldedSymbols(symbols: string): string[] {
  if (foldsIn(symbols) === 0) return [symbols]
  let ways = ['']
  for (const symbol of symbols) {
    ways = [...(FOLDS[symbol] ?? symbol)].flatMap((choice) => ways.map((way) => way + choice))
  }
  return ways
}

const FOLDS: Readonly<Record<string, string>> = {
  0: 'Q',
  O: 'Q9',
  1: 'L7',
  I: 'L7',
  J: 'LK',
  A: '4',
  B: '8',
  D: 'Q',
  E: 'F3',
  G: '6',
  S: '5',
  U: 'V',
  Z: '2',
}
