import type { FailureGroup } from '../../failures/FailuresAnswer.ts'
import type { WaitsFor } from '../../lookup/Match.ts'

/**
 * Groups by whose turn it is, what waits for a person first. What was handled to the last trail waits for nobody any more, and what only
 * browsers tell comes last, so that nobody can crowd the others out.
 */
export function partsOfFailures(groups: readonly FailureGroup[]): FailurePartGroups[] {
  return PARTS.map((part) => {
    const own = groups.filter((group) => partOf(group) === part)
    return { part, groups: own, trails: own.reduce((sum, { count }) => sum + count, 0) }
  }).filter((each) => each.groups.length > 0)
}

export type FailurePart = WaitsFor | 'handled' | 'claimed'

export interface FailurePartGroups {
  readonly part: FailurePart
  readonly groups: readonly FailureGroup[]
  readonly trails: number
}

const PARTS: readonly FailurePart[] = ['person', 'customer', 'work', 'nobody', 'handled', 'claimed']

function partOf({ waitsFor, handled, count, trails }: FailureGroup): FailurePart {
  if (trails.length > 0 && trails.every(({ claimed }) => claimed)) return 'claimed'
  return handled >= count ? 'handled' : waitsFor
}
