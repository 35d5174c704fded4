/** 32-bit words as hex digits, 8 each. Digit by digit, because `toString` of a whole word leaves the engine's fast path. */
export function hexOf(words: Iterable<number>): string {
  let digits = ''
  for (const word of words) {
    // Short texts are kept flat; appended to a long one, each digit would be a link of a chain.
    let eight = ''
    for (let shift = 28; shift >= 0; shift -= 4) eight += '0123456789abcdef'[(word >>> shift) & 15]!
    digits += eight
  }
  return digits
}
