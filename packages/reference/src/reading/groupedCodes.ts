import { LENGTHS } from '../alphabet.ts'
import type { ReferenceLength } from '../alphabet.ts'
import type { Candidate } from './Candidate.ts'
import { foldsIn } from './foldSymbols.ts'
import { jointAcross, jointsOf } from './joints.ts'
import type { Joint } from './joints.ts'
import type { Word } from './wordsIn.ts'

/**
 * The places where groups of a reference's sizes stand in a row: joined by dashes as printed, where one line may wrap, or
 * by one kind of other separator, or run together.
 */
export function* groupedCodes(
  plain: string,
  words: readonly Word[],
  lengths: readonly ReferenceLength[],
): Generator<Candidate> {
  const joints = jointsOf(plain, words)
  const shapes = SHAPES.filter(({ length }) => lengths.includes(length))
  for (let first = 0; first < words.length; first++) {
    const size = words[first]?.text.length
    for (const { sizes } of shapes) {
      if (sizes[0] !== size || !sizes.every((size, i) => words[first + i]?.text.length === size)) continue
      const last = first + sizes.length - 1
      const joint = jointAcross(joints, first, last)
      if (joint === 'none') continue
      const candidate = candidateAt({ plain, words, joints, first, last, joint })
      if (candidate) yield candidate
    }
  }
}

const SHAPES: readonly { readonly length: ReferenceLength; readonly sizes: readonly number[] }[] = [
  ...LENGTHS.map((length) => ({ length, sizes: [length] })),
  { length: 8, sizes: [4, 4] },
  { length: 9, sizes: [3, 3, 3] },
  { length: 10, sizes: [3, 3, 4] },
  { length: 12, sizes: [4, 4, 4] },
]

/** Groups in a row, from the word `first` to the word `last`. */
interface Groups {
  readonly plain: string
  readonly words: readonly Word[]
  readonly joints: readonly Joint[]
  readonly first: number
  readonly last: number
  readonly joint: Joint
}

function candidateAt(groups: Groups): Candidate | null {
  const { words, joints, first, last, joint } = groups
  let symbols = ''
  for (let at = first; at <= last; at++) symbols += words[at]?.text ?? ''
  const folds = foldsIn(symbols)
  const [{ from = 0 } = {}, { to = 0 } = {}] = [words[first], words[last]]
  if (folds > 3 || isPartOfMore(groups)) return null
  // Prose joins four digits and four letters ("4096-byte"), so that two groups of four carry less.
  const isShort = symbols.length === 8
  if (joint === '-') {
    const prefix = joints[first - 1] === '-' ? words[first - 1] : undefined
    const start = prefix && /^[A-Z]{2,5}$/.test(prefix.text) ? prefix.from : from
    return { symbols, tier: 1, mostFolds: isShort ? (isLineRange(symbols) ? 0 : 1) : 3, from: start, to }
  }
  if (folds > 2 || !isCueNear(groups)) return { symbols, tier: 3, mostFolds: 0, from, to }
  return { symbols, tier: 2, mostFolds: isWordWithNumber(symbols) ? 0 : isShort ? 1 : 2, from, to }
}

/** Printed, and a further group behind; or in fours, and one group of a longer row of them, such as a table's or a key's. */
function isPartOfMore({ words, joints, first, last, joint }: Groups): boolean {
  const joined = (at: number): boolean => jointAcross(joints, at, at + 1) === joint
  if (joint === '-' && joined(last)) return true
  if (first === last || words[first]?.text.length !== 4) return false
  return (joined(first - 1) && isGroupOfFour(words[first - 1])) || (joined(last) && isGroupOfFour(words[last + 1]))
}

function isGroupOfFour(word: Word | undefined): boolean {
  return word?.text.length === 4 && (/\d/.test(word.text) || foldsIn(word.text) === 0)
}

/** `#L190-L193`, as links into source code end. */
function isLineRange(symbols: string): boolean {
  return /^L\d{3}L\d{3}$/.test(symbols)
}

/** `powerpc64`, of which programs and manuals are full. */
function isWordWithNumber(symbols: string): boolean {
  return /^[A-Z]+\d+$/.test(symbols)
}

/** Whether one of the three words before or behind says that a code is meant, with no more than words between. */
function isCueNear({ plain, words, first, last }: Groups): boolean {
  const isCue = (at: number): boolean => CUES.test(words[at]?.text ?? '')
  for (let distance = 1; distance <= 3; distance++) {
    const [before, behind] = [first - distance, last + distance]
    if (isCue(before) && isLink(plain, words[before]?.to, words[first]?.from)) return true
    if (isCue(behind) && isLink(plain, words[last]?.to, words[behind]?.from)) return true
  }
  return false
}

/** Brackets, semicolons and underscores between are a program's, not a sentence's. */
function isLink(plain: string, from = 0, to = from): boolean {
  return to - from <= 60 && !/[(){}[\]<>;_\\|]/.test(plain.slice(from, to))
}

const CUES = /^(?:REF|REFERENCE|CODE|CASE|TICKET|ORDER|ERROR|ID)$/
