import type { Word } from './wordsIn.ts'

/**
 * What stands between two words: a printed dash, a dash at a line's end, one loose separator, nothing (within one word),
 * or anything else.
 */
export type Joint = '-' | 'wrap' | ' ' | '.' | '_' | '/' | '·' | '' | 'none'

/** For each word, the joint to the next one. */
export function jointsOf(plain: string, words: readonly Word[]): Joint[] {
  return words.map((word, i) => {
    const next = words[i + 1]
    return next ? jointOf(plain.slice(word.to, Math.min(next.from, word.to + LONGEST))) : 'none'
  })
}

/** The one joint between the words `first` to `last`, of which one may wrap; `none` when they are joined in different ways. */
export function jointAcross(joints: readonly Joint[], first: number, last: number): Joint {
  let across: Joint = ''
  let wraps = 0
  for (let at = first; at < last; at++) {
    const joint = joints[at] === 'wrap' ? '-' : (joints[at] ?? 'none')
    if (joints[at] === 'wrap') wraps += 1
    if (wraps > 1 || (at > first && joint !== across)) return 'none'
    across = joint
  }
  return across
}

const LONGEST = 16

function jointOf(gap: string): Joint {
  switch (gap) {
    case '-':
    case ' ':
    case '.':
    case '_':
    case '/':
    case '·':
      return gap
    default:
      // The marks of a quoted message may stand before the next line.
      return gap.length < LONGEST && /^- {0,3}\n[ >|]*$/.test(gap) ? 'wrap' : 'none'
  }
}
