import { normalValue } from '../store/aliasesOf.ts'

/**
 * What in a text may be somebody's number: the whole text, and out of longer text the words that hold a digit and are
 * long enough not to fit half the shop. At most 50, in order of appearance.
 */
export function valuesIn(text: string): string[] {
  const values = new Set<string>()
  const whole = normalValue(text)
  if (whole) values.add(whole)
  for (const [word] of text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}._@:/#-]{2,120}/gu)) {
    const value = normalValue(word.replace(/[._:/#-]+$/, ''))
    if (value.length >= 4 && /\d/.test(value)) values.add(value)
    if (values.size >= MOST) break
  }
  return [...values]
}

const MOST = 50
