import type { ReferenceLength } from '../alphabet.ts'

/**
 * The shortest length whose references stay apart: at most 1 live reference in 10 000 is shared with another action. Live
 * are those of the days for which trails are kept. More than 9.3e10 live references are more than any length is for: the
 * answer is 12, with odds above 1 in 10 000. The thresholds are those of SPEC.md, "Length for the traffic".
 *
 * @throws RangeError when a number is negative or none.
 */
export function lengthFor({ actionsPerDay, keptDays }: Traffic): LengthAdvice {
  const live = actionsPerDay * keptDays
  if (!(actionsPerDay >= 0 && keptDays >= 0 && Number.isFinite(live))) {
    throw new RangeError('[waybill] actionsPerDay and keptDays must be numbers from 0. Give what you expect at most.')
  }
  const length = ([8, 9, 10] as const).find((own) => live <= MOST_LIVE[own]) ?? 12
  return { length, odds: oddsOf(length, live), live }
}

/** The share of live references of this length that are also another action's: 0.0001 is 1 in 10 000. */
export function oddsOf(length: ReferenceLength, live: number): number {
  return Math.min(1, (live / MOST_LIVE[length]) * 1e-4)
}

export interface Traffic {
  /** Customer actions that get a reference, each day. */
  readonly actionsPerDay: number
  /** Days for which a trail can be looked up. */
  readonly keptDays: number
}

export interface LengthAdvice {
  readonly length: ReferenceLength
  /** The share of live references that are shared with another action, 0 to 1. */
  readonly odds: number
  /** References that can be looked up at a time. */
  readonly live: number
}

/** Live references at which 1 in 10 000 is shared. */
const MOST_LIVE: Readonly<Record<ReferenceLength, number>> = { 8: 3.3e5, 9: 7.6e6, 10: 1.8e8, 12: 9.3e10 }
