/**
 * Text as the scanners read it: upper-case Latin without marks, one kind of dash, space and dot, nothing invisible.
 * Letters and digits of other scripts are all {@link FOREIGN_LETTER}, other symbols are all `¤`. Every character is looked
 * up by itself, never a run of them, so a megabyte of combining marks costs what a megabyte of prose does.
 */
export function plainTextOf(original: string): PlainText {
  const known = new Map<string, string>()
  const starts: number[] = []
  let text = ''
  let at = 0
  for (const character of original) {
    let plain = known.get(character)
    if (plain === undefined) known.set(character, (plain = plainOf(character)))
    for (let i = 0; i < plain.length; i++) starts.push(at)
    text += plain
    at += character.length
  }
  const sizeAt = (start: number): number => ((original.codePointAt(start) ?? 0) > 0xffff ? 2 : 1)
  return {
    text,
    spanOf(from, to) {
      const [first = 0, last = 0] = [starts[from], starts[to - 1]]
      return { start: first, end: last + sizeAt(last) }
    },
  }
}

export interface PlainText {
  readonly text: string
  /** Where in the original the characters `from` up to, not including, `to` stand; UTF-16 offsets. */
  spanOf(from: number, to: number): { readonly start: number; readonly end: number }
}

/** Stands for a letter or digit that no reference holds: it keeps a code beside it from being read. */
export const FOREIGN_LETTER = 'ø'

function plainOf(character: string): string {
  const parts = [...character.normalize('NFKD')]
  // Whole phrases in one character, up to 18 letters long, would make a long text out of a short one.
  return parts.length > 4 ? FOREIGN_LETTER : parts.map(kindOf).join('')
}

function kindOf(character: string): string {
  if (/[\p{M}\p{Cf}]/u.test(character)) return ''
  // Beyond Unicode's own dashes: minus, hyphen bullet, box line, and the long-vowel mark that Japanese keyboards give.
  if (/[\p{Pd}\u2212\u2043\u2500\u30fc]/u.test(character)) return '-'
  if (/[\n\v\f\u0085\u2028\u2029]/.test(character)) return '\n'
  if (/[\p{Zs}\r]/u.test(character)) return ' '
  if (/[\u00b7\u2022\u2027\u2219\u22c5\u30fb]/.test(character)) return '·'
  const upper = character.toUpperCase()
  const likeness = LOOK_ALIKES.indexOf(upper)
  if (likeness >= 0 && upper.length === 1) return LATIN.charAt(likeness)
  if (/^[ -~\t]$/.test(upper)) return upper
  return /[\p{L}\p{N}]/u.test(character) ? FOREIGN_LETTER : '¤'
}

/** Cyrillic, then Greek capitals that look like a Latin one; in the order of {@link LATIN}. */
const LOOK_ALIKES = 'АВЕЅІЈКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ'
const LATIN = 'ABESIJKMHOPCTYXABEZHIKMNOPTYX'
