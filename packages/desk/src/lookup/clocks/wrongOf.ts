import { TOLERANCE_MS } from './clockBounds.ts'
import type { Known } from './knownOf.ts'
import type { Machine } from './machinesOf.ts'

/**
 * As few machines as it takes to have all others agree as they are: one after another whoever disagrees with most. Of two that disagree with
 * as many, a customer's device is the wrong one, then the one that a server caused, then the one that came later.
 */
export function wrongOf({ numbers, most, caused }: Known, machines: readonly Machine[]): Set<number> {
  const devices = numbers.filter((each) => machines[each]!.isDevice).length
  // However many devices claim it, theirs is one word: a stranger may have as many as they like.
  const weightOf = (machine: number): number => (machines[machine]!.isDevice ? 1 / devices : 1)
  const disagree = (one: number, other: number): boolean =>
    most(one, other) < -TOLERANCE_MS || most(other, one) < -TOLERANCE_MS
  const opponents = new Map(numbers.map((each) => [each, new Set(numbers.filter((other) => disagree(each, other)))]))
  const wrong = new Set<number>()
  for (;;) {
    const disputed = Array.from(opponents, ([machine, others]) => ({
      machine,
      against: [...others].reduce((sum, other) => sum + weightOf(other), 0),
      isDevice: Number(machines[machine]!.isDevice),
      isCaused: Number(caused.has(machine)),
    })).filter(({ against }) => against > 0)
    const [worst] = disputed.toSorted(
      (a, b) =>
        // Sums of shares may differ in their last digits.
        Math.round((b.against - a.against) * 1000) ||
        b.isDevice - a.isDevice ||
        b.isCaused - a.isCaused ||
        b.machine - a.machine,
    )
    if (!worst) return wrong
    wrong.add(worst.machine)
    opponents.delete(worst.machine)
    for (const others of opponents.values()) others.delete(worst.machine)
  }
}
