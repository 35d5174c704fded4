/** 32-bit words as hex digits, 8 each. */
export function hexOf(words: Iterable<number>): string {
  let digits = ''
  for (const word of words) digits += word.toString(16).padStart(8, '0')
  return digits
}
