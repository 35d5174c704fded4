import { cleanText } from '@waybill/trail'

/**
 * Text for a terminal: cleaned of all that a terminal obeys and broken between words into lines of `width` columns at most. The first line
 * begins with `head`, the others with as many spaces. What has no space to break at is broken anywhere.
 */
export function wrapText(text: string, { head = '', width = 80 }: WrapOptions = {}): string {
  const room = width - columnsOf(head)
  const lines: string[] = []
  let line = ''
  for (const word of cleanText(text).split(/ +/)) {
    if (columnsOf(line) + 1 + columnsOf(word) <= room && line !== '') {
      line += ` ${word}`
      continue
    }
    if (line !== '') lines.push(line)
    const pieces = piecesOf(word, room)
    line = pieces.pop() ?? ''
    lines.push(...pieces)
  }
  lines.push(line)
  const indent = ' '.repeat(columnsOf(head))
  // What must not be broken is held together by spaces of another kind, which nobody searches for.
  const plain = lines.map((each) => each.replaceAll('\u00A0', ' '))
  return plain.map((each, index) => `${index === 0 ? head : indent}${each}`.trimEnd()).join('\n')
}

export interface WrapOptions {
  /** Is taken as it is, and must be narrower than `width`. @default none */
  readonly head?: string | undefined
  /** @default 80 */
  readonly width?: number | undefined
}

/** The beginning of a text that fits, cleaned; an ellipsis says that there was more. */
export function cutText(text: string, width: number): string {
  const clean = cleanText(text)
  if (columnsOf(clean) <= width) return clean
  return `${piecesOf(clean, width - 1)[0] ?? ''}…`
}

function piecesOf(word: string, room: number): string[] {
  const pieces: string[] = []
  let piece = ''
  for (const symbol of word) {
    if (columnsOf(piece) + columnsOf(symbol) > room) {
      pieces.push(piece)
      piece = ''
    }
    piece += symbol
  }
  return [...pieces, piece]
}

/** Chinese, Japanese and Korean signs and most pictures take two columns. */
function columnsOf(text: string): number {
  const wide = text.match(
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303F\uFF01-\uFF60]/gu,
  )
  return [...text].length + (wide?.length ?? 0)
}
