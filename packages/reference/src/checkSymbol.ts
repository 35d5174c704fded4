import { ALPHABET, GROUPS } from './alphabet.ts'

/** The symbol that makes `data` a valid body. Catches every single wrong symbol and every swap of two symbols. */
export function checkSymbol(data: string): string {
  return ALPHABET.charAt((23 - ((5 * checkState(data)) % 23)) % 23)
}

/** Whether `body` (ungrouped, upper case) is of a reference's length, in its alphabet, and passes its check symbol. */
export function isBody(body: string): boolean {
  return body.length in GROUPS && checkState(body) === 0
}

/** The check's running value, 0 at the end of a valid body; NaN as soon as a symbol is outside the alphabet. */
export function checkState(symbols: string): number {
  let state = 1
  for (const symbol of symbols) {
    const value = ALPHABET.indexOf(symbol)
    state = value < 0 ? Number.NaN : (5 * state + value) % 23
  }
  return state
}
