/** By how many of eye, ear and camera `one` is commonly taken for `other`: 0 to 3. */
export function confusionOf(one: string, other: string): number {
  return SOURCES.filter((groups) => groups.some((group) => group.includes(one) && group.includes(other))).length
}

/** Groups of the alphabet's symbols that are taken for one another. */
const SOURCES: readonly (readonly string[])[] = [
  // Handwriting and quick reading.
  'VY VW MN HN KX XY PF PR 49 27 7T 7L 38 68 56 CQ 9Q'.split(' '),
  // Names that rhyme on the phone: cee tee vee pee three; five nine; em en; eight kay; cue two; eff ex.
  'CTVP3 59 MNL 8HK Q2W FX YR 67X'.split(' '),
  // Character recognition of screenshots.
  'VY VW MN HM HN KX KR XY PF PR 38 68 89 56 35 7T 7Y 27 69 Q9 C6'.split(' '),
]
