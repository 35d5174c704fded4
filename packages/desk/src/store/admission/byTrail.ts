import type { Reference } from '@waybill/reference'
import type { Appended } from '../Store.ts'
import type { StoredStep } from '../StoredStep.ts'

/** Steps of several requests, sorted by trail; and, once each trail has said which of its steps it refused, what each request is answered. */
export function byTrail(groups: readonly (readonly StoredStep[])[]): GroupedSteps {
  const trails = new Map<Reference, { readonly steps: StoredStep[]; readonly groups: number[] }>()
  groups.forEach((steps, group) => {
    for (const step of steps) {
      let trail = trails.get(step.reference)
      if (!trail) trails.set(step.reference, (trail = { steps: [], groups: [] }))
      trail.steps.push(step)
      trail.groups.push(group)
    }
  })
  return {
    trails,
    answersTo(refusedIn) {
      const refused = groups.map(() => 0)
      for (const [reference, trail] of trails)
        refusedIn.get(reference)?.forEach((isRefused, index) => (refused[trail.groups[index]!]! += Number(isRefused)))
      return refused.map((count): Appended => ({ ok: true, refused: count }))
    },
  }
}

export interface GroupedSteps {
  readonly trails: ReadonlyMap<Reference, { readonly steps: readonly StoredStep[] }>
  /** One for each request; `Admitted.refused` of each trail says which of its steps were not kept. */
  answersTo(refusedIn: ReadonlyMap<Reference, readonly boolean[]>): Appended[]
}
