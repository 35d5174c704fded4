import { heardSymbols, heardTen } from './heardSymbols.ts'
import type { Word } from './wordsIn.ts'

/** One thing said or written in spelling a code out, or null when the word at `at` is none. */
export function itemAt(words: readonly Word[], at: number): SpelledItem | null {
  const times = REPEATS[words[at]?.text ?? '']
  if (!times) return singleItemAt(words, at)
  const [word, repeated] = [words[at], singleItemAt(words, at + 1)]
  if (!word || !repeated || repeated.symbols.length !== 1) return null
  // "Double u" is the name of a letter.
  const symbols = times === 2 && repeated.symbols === 'U' ? 'W' : repeated.symbols.repeat(times)
  return { ...repeated, symbols, kind: 'spoken', from: word.from }
}

export interface SpelledItem {
  /** What it stands for; empty for a spoken dash. */
  readonly symbols: string
  readonly kind: 'letter' | 'number' | 'spoken'
  readonly from: number
  readonly to: number
  /** The word behind it. */
  readonly next: number
}

const REPEATS: Readonly<Record<string, number>> = { DOUBLE: 2, TRIPLE: 3 }

function singleItemAt(words: readonly Word[], at: number): SpelledItem | null {
  const word = words[at]
  if (!word) return null
  const upTo = (next: number, symbols: string, kind: SpelledItem['kind']): SpelledItem => {
    return { symbols, kind, from: word.from, to: words[next - 1]?.to ?? word.to, next }
  }
  const { text } = word
  if (/^[A-Z0-9]$/.test(text)) {
    const next = behindExample(words, at, text)
    return upTo(next, text, next > at + 1 ? 'spoken' : 'letter')
  }
  if (/^\d\d$/.test(text)) return upTo(at + 1, text, 'number')
  const ten = heardTen(text)
  if (ten) {
    const unit = heardSymbols(words[at + 1]?.text ?? '') ?? ''
    return /^[1-9]$/.test(unit) ? upTo(at + 2, ten + unit, 'spoken') : upTo(at + 1, `${ten}0`, 'spoken')
  }
  const symbols = heardSymbols(text)
  return symbols === undefined ? null : upTo(at + 1, symbols, 'spoken')
}

/** Behind "for Freddie", "as in Robert", "like Kilo", when that word fits the symbol; else behind the symbol itself. */
function behindExample(words: readonly Word[], at: number, symbol: string): number {
  const wordAt = (index: number): string => words[index]?.text ?? ''
  if (symbol === 'X' && wordAt(at + 1) === 'RAY') return at + 2
  const example = wordAt(at + 1) === 'AS' && wordAt(at + 2) === 'IN' ? at + 3 : at + 2
  if (example === at + 2 && wordAt(at + 1) !== 'FOR' && wordAt(at + 1) !== 'LIKE') return at + 1
  const text = wordAt(example)
  const fits = text.startsWith(symbol) || heardSymbols(text) === symbol || (symbol === 'X' && text.startsWith('EX'))
  if (!fits) return at + 1
  return text === 'X' && wordAt(example + 1) === 'RAY' ? example + 2 : example + 1
}
