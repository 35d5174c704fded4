import type { Step } from '@waybill/trail'
import type { CorrectedClock } from '../Match.ts'

/** The same steps, by one clock. */
export function correctClocks(steps: readonly Step[]): CorrectedSteps {
  return { steps, clocks: [], ownTimes: new Map() }
}

export interface CorrectedSteps {
  readonly steps: readonly Step[]
  readonly clocks: readonly CorrectedClock[]
  /** By a step's id what its own clock said, milliseconds since the epoch; only of those that were corrected. */
  readonly ownTimes: ReadonlyMap<string, number>
}
