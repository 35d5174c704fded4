import { ALPHABET } from './alphabet.ts'

/** The symbol that makes `data` a valid body. Catches every single wrong symbol and every swap of two symbols. */
export function checkSymbol(data: string): string {
  return ALPHABET[(18 * checkState(data)) % 23]!
}

/** Whether `body` (ungrouped, upper case) is of a reference's length, in its alphabet, and passes its check symbol. */
export function isBody(body: string): boolean {
  return BODY.test(body) && checkState(body) === 0
}

/** Of a reference's length and in its alphabet; the check symbol is another matter. */
export const BODY = /^(?!.{11}$)[2-9CFHK-NP-RTV-Y]{8,12}$/

/** The check's running value over symbols of the alphabet; 0 at the end of a valid body. */
export function checkState(symbols: string): number {
  let state = 1
  for (const symbol of symbols) state = (5 * state + ALPHABET.indexOf(symbol)) % 23
  return state
}
