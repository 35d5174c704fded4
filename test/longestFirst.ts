import { BaseSequencer } from 'vitest/node'
import type { TestSpecification } from 'vitest/node'

/**
 * Runs the files that take longest first, whatever their project, so that none of them is left running alone at the end. On a fresh
 * checkout nobody has measured them yet; Vitest itself would go by project, then by size.
 */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- a sequencer, not an array
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => rankOf(a) - rankOf(b))
  }
}

/** Parts of paths, the longest first; what is not named here takes less than any of these. */
const LONGEST: readonly string[] = [
  'test/photograph/photograph',
  'test/journeys/nextApp',
  'browser/src/faults',
  'test/journeys/verdicts',
  'browser/src/bundles',
  'browser/src/session.',
  'test/journeys/startAndStop',
  'browser/src/sessionLife',
  'test/journeys/',
  'browser/src/attribution.',
  'browser/src/tabs',
  'browser/src/fetchConformance',
  'server/src/pgBoss.',
  'desk/src/page/',
  'desk/src/drill/drill.',
  'demo-app/queue/',
]

function rankOf({ moduleId }: TestSpecification): number {
  const rank = LONGEST.findIndex((part) => moduleId.includes(part))
  return rank === -1 ? LONGEST.length : rank
}
