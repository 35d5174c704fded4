/** The 23 symbols of a reference; a symbol's value is its index. No vowels, and no symbol that is easily taken for another. */
export const ALPHABET = '23456789CFHKLMNPQRTVWXY'

/** Symbols of a whole body, check symbol included. 9 is the default; `lengthFor` names the one for a traffic. */
export type ReferenceLength = 8 | 9 | 10 | 12

export const LENGTHS: readonly ReferenceLength[] = [8, 9, 10, 12]
