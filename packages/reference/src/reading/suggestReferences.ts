import { LENGTHS } from '../alphabet.ts'
import { printBody } from '../Reference.ts'
import type { Reference } from '../Reference.ts'
import type { FindOptions } from './findReferences.ts'
import { foldedReferences, foldedSymbols, foldsIn } from './foldSymbols.ts'
import { nearCodes } from './nearCodes.ts'
import { plainTextOf } from './plainText.ts'
import { slipsBefore } from './slips.ts'
import type { Slip } from './slips.ts'
import { wordsIn } from './wordsIn.ts'

/**
 * The references somebody may have meant by a code that does not fit: one wrong symbol, two swapped, one doubled or dropped;
 * at most 30, the likeliest slips of eye, ear and camera first. For a person at a screen to choose from, beside what the
 * store says is live: never to be applied silently. A code that fits as it stands comes first, and has no slips of its own.
 */
export function suggestReferences(text: string, { lengths = LENGTHS }: FindOptions = {}): Suggestion[] {
  const plain = plainTextOf(text)
  const found = new Map<Reference, Ranked>()
  const offer = (reference: Reference, change: Suggestion['change'], cost: number): void => {
    const isInUse = lengths.some((length) => length === reference.replaceAll('-', '').length)
    if (isInUse && cost < (found.get(reference)?.cost ?? Number.POSITIVE_INFINITY)) {
      found.set(reference, { reference, change, cost })
    }
  }
  for (const { symbols, sizes } of nearCodes(plain.text, wordsIn(plain.text))) {
    const folds = foldsIn(symbols)
    const whole = foldedReferences(symbols, 3)
    for (const reference of whole) offer(reference, folds > 0 ? 'folded' : 'none', folds / 2)
    const isPrinted = whole.some((reference) => sizesOf(reference).join() === sizes.join())
    if (whole.length > 0 && folds === 0 && (isPrinted || sizes.length === 1)) continue
    for (const slip of foldedSymbols(symbols).flatMap(slipsBefore)) {
      offer(printBody(slip.body), slip.change, slip.cost + folds / 2 + groupingCost(slip, sizes))
    }
  }
  return [...found.values()]
    .toSorted((a, b) => a.cost - b.cost)
    .slice(0, MOST)
    .map(({ reference, change }) => ({ reference, change }))
}

export interface Suggestion {
  readonly reference: Reference
  /**
   * What was done to the text. `none`; `folded`: only symbols outside the alphabet were replaced; one `symbol` replaced;
   * two put back by `swap`; an `extra` one dropped; a `missing` one put in.
   */
  readonly change: 'none' | 'folded' | Slip['change']
}

interface Ranked extends Suggestion {
  readonly cost: number
}

const MOST = 30

/** Groups as they are printed speak for a slip that leaves them so: `RF7-K29-QX` for a symbol missing at the end. */
function groupingCost({ body, change, at }: Slip, sizes: readonly number[]): number {
  const growth = { symbol: 0, swap: 0, extra: -1, missing: 1 }[change]
  const printed = sizesOf(printBody(body))
  let end = 0
  const fits = sizes.every((size, i) => {
    const start = end
    end += size
    return printed[i] === size || (printed[i] === size + growth && at >= start && at <= end)
  })
  return sizes.length === 1 || (fits && printed.length === sizes.length) ? 0 : 4
}

function sizesOf(reference: Reference): number[] {
  return reference.split('-').map((group) => group.length)
}
