import { ALPHABET } from '../alphabet.ts'
import { isBody } from '../checkSymbol.ts'
import { confusionOf } from './confusion.ts'

/** The bodies out of which one slip makes `symbols`. The check symbol fits few of the many that are tried. */
export function slipsBefore(symbols: string): Slip[] {
  const slips = [...substitutions(symbols), ...swaps(symbols), ...extras(symbols), ...missing(symbols)]
  return slips.filter(({ body }) => isBody(body) && /\d/.test(body) && /[A-Z]/.test(body))
}

export interface Slip {
  readonly body: string
  readonly change: 'symbol' | 'swap' | 'extra' | 'missing'
  /** Where in `symbols`. */
  readonly at: number
  /** The less, the likelier. */
  readonly cost: number
}

const UNLIKELY = 6

function* substitutions(symbols: string): Generator<Slip> {
  for (const [at, wrong] of [...symbols].entries()) {
    for (const right of ALPHABET) {
      const cost = [UNLIKELY, 2, 1, 1][confusionOf(right, wrong)] ?? UNLIKELY
      yield { body: splice(symbols, at, 1, right), change: 'symbol', at, cost }
    }
  }
}

function* swaps(symbols: string): Generator<Slip> {
  for (let at = 0; at < symbols.length; at++) {
    for (let other = at + 1; other < symbols.length; other++) {
      const body = splice(splice(symbols, at, 1, symbols.charAt(other)), other, 1, symbols.charAt(at))
      yield { body, change: 'swap', at, cost: other === at + 1 ? 1.5 : UNLIKELY }
    }
  }
}

function* extras(symbols: string): Generator<Slip> {
  for (let at = 0; at < symbols.length; at++) {
    const isDoubled = symbols[at] === symbols[at + 1]
    yield { body: splice(symbols, at, 1, ''), change: 'extra', at, cost: isDoubled ? 1 : UNLIKELY }
  }
}

function* missing(symbols: string): Generator<Slip> {
  for (let at = 0; at <= symbols.length; at++) {
    for (const symbol of ALPHABET) {
      const isDouble = symbol === symbols[at] || symbol === symbols[at - 1]
      yield { body: splice(symbols, at, 0, symbol), change: 'missing', at, cost: isDouble ? 1.5 : UNLIKELY }
    }
  }
}

function splice(symbols: string, at: number, count: number, by: string): string {
  return symbols.slice(0, at) + by + symbols.slice(at + count)
}
