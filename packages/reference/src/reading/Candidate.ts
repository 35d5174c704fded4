/** A place in plain text that may be a reference; the check symbol has not been asked yet. */
export interface Candidate {
  /** Letters and digits as they stand there, not yet folded. */
  readonly symbols: string
  readonly tier: Tier
  /** Symbols that may be folded into the alphabet here. */
  readonly mostFolds: number
  /** Offset in the plain text. */
  readonly from: number
  /** Offset behind its last character. */
  readonly to: number
}

/** How the code was written: 1 as printed, 2 loosely beside a cue word, 3 loosely without one, 4 letter by letter, 5 spoken. */
export type Tier = 1 | 2 | 3 | 4 | 5
