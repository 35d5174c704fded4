/** 32-bit words as hex digits, 8 each. Digit by digit, because `toString` of a whole word leaves the engine's fast path. */
export function hexOf(words: Iterable<number>): string {
  let digits = ''
  for (const word of words) {
    for (let shift = 28; shift >= 0; shift -= 4) digits += '0123456789abcdef'[(word >>> shift) & 15]!
  }
  return digits
}
