import type { Candidate } from './Candidate.ts'
import { itemAt } from './spelledItem.ts'
import type { SpelledItem } from './spelledItem.ts'
import type { Word } from './wordsIn.ts'

/**
 * The places where symbol follows symbol: single letters and digits, spelling words, "F for Freddie", "double two",
 * "twenty nine". A run is taken whole or by its lines and sentences, and without an article or "I" at its ends; never a
 * part out of its middle, where one in 23 would pass by chance.
 */
export function* spelledCodes(plain: string, words: readonly Word[]): Generator<Candidate> {
  let run: SpelledItem[] = []
  for (let at = 0; at < words.length;) {
    const item = itemAt(words, at)
    const before = run.at(-1)
    if (before && !(item && isPause(plain.slice(before.to, item.from)))) {
      yield* candidatesOf(plain, run)
      run = []
    }
    if (item) run.push(item)
    at = item?.next ?? at + 1
  }
  yield* candidatesOf(plain, run)
}

function isPause(gap: string): boolean {
  return gap.length <= 6 && /^[ ,.\-\n\t>|:;/·"']*$/.test(gap)
}

function* candidatesOf(plain: string, run: readonly SpelledItem[]): Generator<Candidate> {
  const pieces: SpelledItem[][] = []
  for (const [i, item] of run.entries()) {
    const gap = plain.slice(run[i - 1]?.to ?? item.from, item.from)
    if (i === 0 || /\n|[.;:] /.test(gap)) pieces.push([])
    pieces.at(-1)?.push(item)
  }
  for (const items of pieces.length > 1 ? [run, ...pieces] : [run]) {
    const [start, end] = [isOrdinary(items[0]) ? 1 : 0, isOrdinary(items.at(-1)) ? 1 : 0]
    for (let head = 0; head <= start; head++) {
      for (let tail = 0; tail <= end; tail++) {
        const candidate = candidateOf(items, head, items.length - tail)
        if (candidate) yield candidate
      }
    }
  }
}

/** "a" and "I" are words of the sentence more often than symbols of the code. */
function isOrdinary(item: SpelledItem | undefined): boolean {
  return item?.kind === 'letter' && (item.symbols === 'A' || item.symbols === 'I')
}

function candidateOf(items: readonly SpelledItem[], head: number, end: number): Candidate | null {
  let symbols = ''
  let [from, to] = [-1, 0]
  const kinds = new Set<SpelledItem['kind']>()
  for (let i = head; i < end && symbols.length <= LONGEST; i++) {
    const item = items[i]
    if (!item) continue
    kinds.add(item.kind)
    symbols += item.symbols
    if (item.symbols === '') continue
    if (from < 0) from = item.from
    to = item.to
  }
  // Numbers among single letters, such as a drawing's path, are no spelling.
  if (symbols.length < SHORTEST || symbols.length > LONGEST || (kinds.has('number') && !kinds.has('spoken')))
    return null
  return { symbols, tier: kinds.has('spoken') ? 5 : 4, mostFolds: 2, from, to }
}

/** One less and one more than a reference's lengths: what was heard with a symbol dropped or doubled is still suggested for. */
const SHORTEST = 7
const LONGEST = 13
