import { LENGTHS } from '../alphabet.ts'
import type { ReferenceLength } from '../alphabet.ts'
import type { Reference } from '../Reference.ts'
import type { Candidate, Tier } from './Candidate.ts'
import { foldedReferences, foldsIn } from './foldSymbols.ts'
import { groupedCodes } from './groupedCodes.ts'
import { plainTextOf } from './plainText.ts'
import { spelledCodes } from './spelledCodes.ts'
import { wordsIn } from './wordsIn.ts'

/**
 * The references in what people send: a chat message, a mail with wrapped lines, a code read out over the phone. In order
 * of appearance, each place once. Takes text of any length in linear time, and never throws. The rules are those of
 * "Reading what people send" in SPEC.md.
 *
 * ```ts
 * findReferences('It said RF7–K29–OXR')   // [{ references: ['RF7-K29-QXR'], tier: 1, folds: 1, sure: 'certain', … }]
 * ```
 */
export function findReferences(text: string, { lengths = LENGTHS }: FindOptions = {}): Reading[] {
  const plain = plainTextOf(text)
  const words = wordsIn(plain.text)
  const passing: Passing[] = []
  for (const scan of [groupedCodes(plain.text, words, lengths), spelledCodes(plain.text, words)]) {
    for (const candidate of scan) {
      const { symbols, mostFolds } = candidate
      if (!lengths.some((length) => length === symbols.length)) continue
      const [first, ...others] = foldedReferences(symbols, mostFolds)
      if (first) passing.push({ ...candidate, references: [first, ...others], folds: foldsIn(symbols) })
    }
  }
  return withoutOverlap(passing, plain.text.length).map(({ references, tier, folds, from, to }) => {
    const sure = tier <= 2 && references.length === 1 ? 'certain' : 'possible'
    return { references, tier, folds, sure, ...plain.spanOf(from, to) }
  })
}

export interface FindOptions {
  /** The lengths in use. Fewer lengths, fewer chance readings. @default all */
  readonly lengths?: readonly ReferenceLength[] | undefined
}

export interface Reading {
  /** One is the reading. Several all pass their check symbol: alternatives, of which none is the answer. */
  readonly references: readonly [Reference, ...Reference[]]
  readonly tier: Tier
  /** Symbols outside the alphabet that were taken for one inside it. */
  readonly folds: number
  /** `certain` for one reference of tier 1 or 2, `possible` for any other reading. */
  readonly sure: 'certain' | 'possible'
  /** UTF-16 offset in the text that was given, prefix included. */
  readonly start: number
  /** Offset behind its last character. */
  readonly end: number
}

interface Passing extends Candidate {
  references: readonly [Reference, ...Reference[]]
  readonly folds: number
}

/** Of readings of one place the surest stays; equally sure ones become alternatives of the first. */
function withoutOverlap(passing: readonly Passing[], size: number): Passing[] {
  const ranked = passing.toSorted((a, b) => rank(a, b) || a.from - b.from)
  const kept: Passing[] = []
  // For each character of the text, the reading that holds it, counted from 1.
  const owners = new Uint32Array(size)
  for (const reading of ranked) {
    let at = reading.from
    while (at < reading.to - 1 && owners[at] === 0) at += 1
    const owner = kept[(owners[at] ?? 0) - 1]
    if (!owner) owners.fill(kept.push(reading), reading.from, reading.to)
    else if (rank(owner, reading) === 0) {
      const [first, ...others] = owner.references
      owner.references = [first, ...new Set([...others, ...reading.references].filter((other) => other !== first))]
    }
  }
  return kept.toSorted((a, b) => a.from - b.from)
}

function rank(a: Passing, b: Passing): number {
  return a.tier - b.tier || a.folds - b.folds || b.symbols.length - a.symbols.length
}
