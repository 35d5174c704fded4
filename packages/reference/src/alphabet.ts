/** The 23 symbols of a reference; a symbol's value is its index. No vowels, and no symbol that is easily taken for another. */
export const ALPHABET = '23456789CFHKLMNPQRTVWXY'

/** Symbols of a whole body, check symbol included. 9 is the default; `SPEC` names the traffic each one is for. */
export type ReferenceLength = 8 | 9 | 10 | 12

export const GROUPS: Readonly<Record<ReferenceLength, readonly number[]>> = {
  8: [4, 4],
  9: [3, 3, 3],
  10: [3, 3, 4],
  12: [4, 4, 4],
}

