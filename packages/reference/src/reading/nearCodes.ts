import { foldsIn } from './foldSymbols.ts'
import { jointAcross, jointsOf } from './joints.ts'
import { spelledCodes } from './spelledCodes.ts'
import type { Word } from './wordsIn.ts'

/**
 * What in plain text may be a reference with a slip in it: 7 to 13 letters and digits, joined by dashes, run together, in
 * neighbouring groups, spelled, or all there is. Each once, 40 at most.
 */
export function nearCodes(plain: string, words: readonly Word[]): NearCode[] {
  const found = new Map<string, NearCode>()
  const add = (groups: readonly string[]): void => {
    const symbols = groups.join('')
    const folds = foldsIn(symbols)
    if (symbols.length < 7 || symbols.length > 13 || folds > 3 || !/[A-Z]/.test(symbols)) return
    // Without a digit it is a word, unless one of no vowels.
    if (folds > 0 && !/\d/.test(symbols)) return
    if (found.size < MOST && !found.has(symbols))
      found.set(symbols, { symbols, sizes: groups.map(({ length }) => length) })
  }
  const joints = jointsOf(plain, words)
  for (let first = 0; first < words.length && found.size < MOST; first++) {
    for (let last = first; last < words.length && last < first + MOST_GROUPS; last++) {
      const joint = jointAcross(joints, first, last)
      const row = words.slice(first, last + 1)
      if (joint === 'none') break
      // Words of a sentence are no groups of a code; between dashes anything may be one.
      if (first === last || joint === '-' || row.every(isGroup)) add(row.map((word) => word.text))
    }
  }
  for (const { symbols } of spelledCodes(plain, words)) add([symbols])
  if (plain.length <= 40) add([words.map((word) => word.text).join('')])
  return [...found.values()]
}

export interface NearCode {
  readonly symbols: string
  /** Of the groups in which it was written; one for a code without groups. */
  readonly sizes: readonly number[]
}

const MOST = 40
/** Four groups of three, and one more where a slip has split one. */
const MOST_GROUPS = 5

function isGroup(word: Word): boolean {
  return /\d/.test(word.text) || foldsIn(word.text) === 0
}
