import { orderSteps, partsOf } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import type { CorrectedClock } from '../Match.ts'
import { clockBounds } from './clockBounds.ts'
import { machinesOf } from './machinesOf.ts'
import { offsetsOf } from './offsetsOf.ts'

/**
 * The same steps, by one clock. What is known of two machines' clocks is that nothing begins before its cause, and that a server begins
 * to answer a call while the call waits. Where that fits the times as they are told, they are left; where it does not, the machines that
 * disagree with most of the others are moved until it does, each as a whole, so that no duration and no order within a machine changes.
 * Strangers' requests and reports are moved with the machines that told them, and tell nothing of any clock.
 */
export function correctClocks(steps: readonly Step[]): CorrectedSteps {
  const { machines, machineOf } = machinesOf(steps)
  const offsets = offsetsOf(clockBounds(evidenceIn(steps), machineOf), machines)
  if (offsets.size === 0) return { steps, clocks: new Map(), ownTimes: new Map() }
  const corrections = new Map(
    Array.from(offsets, ([machine, { addMs, isLeast }]) => {
      const { service, isDevice } = machines[machine]!
      return [machine, { service, claimed: isDevice, aheadMs: -addMs, isLeast }] as const
    }),
  )
  const clocks = new Map<string, CorrectedClock>()
  const ownTimes = new Map<string, number>()
  const corrected = steps.map((step): Step => {
    const clock = corrections.get(machineOf.get(step)!)
    if (!clock) return step
    for (const id of step.startedFor ? [step.id, step.startedFor] : [step.id]) {
      clocks.set(id, clock)
      ownTimes.set(id, step.at)
    }
    return { ...step, at: step.at - clock.aheadMs }
  })
  return { steps: corrected, clocks, ownTimes }
}

export interface CorrectedSteps {
  readonly steps: readonly Step[]
  /** By a step's id the clock that told it; only of those that were corrected. One object for each clock. */
  readonly clocks: ReadonlyMap<string, CorrectedClock>
  /** By a step's id what its own clock said, milliseconds since the epoch; only of those that were corrected. */
  readonly ownTimes: ReadonlyMap<string, number>
}

/** Anybody may send requests and reports under a reference, but none that is the action's own or led to it, and none of our own runs. */
function evidenceIn(steps: readonly Step[]): Step[] {
  const { own, page, later } = partsOf(orderSteps(steps))
  const ids = new Set([...own, ...page, ...later.flat()].map(({ id }) => id))
  return steps.filter(({ startedFor, id }) => ids.has(startedFor ?? id))
}
