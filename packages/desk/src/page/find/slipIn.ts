/** By which slip a text holds another code than `reference`; null where it holds none that is so near. */
export function slipIn(reference: string, text: string): CodeSlip | null {
  const code = symbolsOf(reference)
  const words = text
    .split(/\s+/)
    .map(symbolsOf)
    .filter((word) => word !== '')
  for (let from = 0; from < words.length; from++) {
    // Groups of a code are often written as words of their own.
    for (let to = from + 1; to <= Math.min(from + MOST_GROUPS, words.length); to++) {
      const slip = slipBetween(code, words.slice(from, to).join(''))
      if (slip) return slip
    }
  }
  return null
}

export interface CodeSlip {
  /** One `symbol` another, two by a `swap`, one `missing` in what was typed, or one `extra` there. */
  readonly kind: 'symbol' | 'swap' | 'missing' | 'extra'
  /** Its place in the code, counted from 0 and without hyphens; of an `extra` one how many symbols stand before it. */
  readonly at: number
  /** What the code has there. */
  readonly code: string
  /** What was typed instead. */
  readonly typed: string
}

const MOST_GROUPS = 5

function slipBetween(code: string, typed: string): CodeSlip | null {
  let at = 0
  while (at < code.length && code[at] === typed[at]) at++
  const rest = (skippedInCode: number, skippedTyped: number): boolean =>
    code.slice(at + skippedInCode) === typed.slice(at + skippedTyped)
  const slip = (kind: CodeSlip['kind'], inCode: number, inTyped: number): CodeSlip => ({
    kind,
    at,
    code: code.slice(at, at + inCode),
    typed: typed.slice(at, at + inTyped),
  })
  const isAsLong = code.length === typed.length
  if (code === typed) return null
  if (isAsLong && rest(1, 1)) return slip('symbol', 1, 1)
  if (isAsLong && rest(2, 2) && code[at] === typed[at + 1] && code[at + 1] === typed[at]) return slip('swap', 2, 2)
  if (rest(1, 0)) return slip('missing', 1, 0)
  if (rest(0, 1)) return slip('extra', 0, 1)
  return null
}

function symbolsOf(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\dA-Z]/g, '')
}
