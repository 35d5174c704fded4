import type { StoredStep } from './StoredStep.ts'

/**
 * Which of a trail's steps are about a person, in their order: all of them, unless a server names somebody else in it, as in a nightly run
 * for many customers. Then those that name the person, and what these led to. A browser's word draws no server's step in.
 */
export function stepsAbout(person: string, steps: readonly StoredStep[]): StoredStep[] {
  const ofOthers = steps.some(
    ({ claimed, personHash }) => !claimed && personHash !== undefined && personHash !== person,
  )
  if (!ofOthers) return [...steps]
  const about = new Set(steps.filter(({ personHash }) => personHash === person))
  let size: number
  do {
    size = about.size
    for (const claimed of [true, false]) {
      const ids = new Set(
        Array.from(about)
          .filter((step) => (step.claimed ?? false) === claimed)
          .map(({ id }) => id),
      )
      for (const step of steps) {
        if ((step.claimed ?? false) !== claimed || step.personHash !== undefined) continue
        if (ids.has(step.parentId ?? '') || ids.has(step.startedFor ?? '')) about.add(step)
      }
    }
  } while (about.size > size)
  return steps.filter((step) => about.has(step))
}
