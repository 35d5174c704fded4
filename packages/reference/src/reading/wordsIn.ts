import { FOREIGN_LETTER } from './plainText.ts'

/** The unbroken runs of letters and digits in plain text, in order. */
export function wordsIn(plain: string): Word[] {
  return Array.from(plain.matchAll(WORDS), ({ 0: text, index }) => ({ text, from: index, to: index + text.length }))
}

export interface Word {
  readonly text: string
  /** Offset in the plain text. */
  readonly from: number
  /** Offset behind its last character. */
  readonly to: number
}

const WORDS = new RegExp(`[A-Z0-9${FOREIGN_LETTER}]+`, 'g')
