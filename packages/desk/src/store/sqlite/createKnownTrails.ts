import type { Reference } from '@waybill/reference'
import type { AliasIndex } from './aliasIndex.ts'
import type { TrailRow } from './days/createDayReader.ts'

/** Keeps the trails that were added to more than once in mind, those that nothing came for the longest going first, so that a long one is not read again for each step. */
export function createKnownTrails(): KnownTrails {
  const trails = new Map<Reference, OpenTrail>()
  let steps = 0

  function forget(reference: Reference): void {
    steps -= trails.get(reference)?.row.steps ?? 0
    trails.delete(reference)
  }

  return {
    get: (reference) => trails.get(reference),
    set(trail) {
      const { reference } = trail.row
      forget(reference)
      trails.set(reference, trail)
      steps += trail.row.steps
      for (const longest of trails.keys()) {
        if (steps <= MOST_STEPS) break
        forget(longest)
      }
    },
    clear() {
      trails.clear()
      steps = 0
    },
  }
}

/** A trail as it is before steps are added to it, and all that leads to it. */
export interface OpenTrail {
  readonly row: TrailRow
  readonly isNew: boolean
  readonly aliases: AliasIndex
}

export interface KnownTrails {
  get(reference: Reference): OpenTrail | undefined
  set(trail: OpenTrail): void
  clear(): void
}

/** Of all trails together; each takes some hundred bytes. */
const MOST_STEPS = 50_000
