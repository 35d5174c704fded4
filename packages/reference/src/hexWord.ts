/** A 32-bit word as 8 hex digits. */
export function hexWord(word: number): string {
  return word.toString(16).padStart(8, '0')
}
