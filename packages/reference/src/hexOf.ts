/** 32-bit words as hex digits, 8 each. */
export function hexOf(words: Iterable<number>): string {
  return Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('')
}
