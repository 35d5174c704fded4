import { isHandling } from '../handling/handlingStep.ts'
import { normalValue } from './aliasesOf.ts'
import { stepsAbout } from './stepsAbout.ts'
import type { Whom } from './Store.ts'
import type { StoredStep } from './StoredStep.ts'

/**
 * What a trail still holds once a person, or the trail itself, is erased: each of its steps as it stays, with `null` for those that go. Null where nothing
 * stays. What support noted goes with whatever is taken out of a trail for a person: a note is of the whole trail, and may be about them.
 */
export function restAfterErasing(steps: readonly StoredStep[], whom: Whom): (StoredStep | null)[] | null {
  if ('reference' in whom) return null
  const isNamed = steps.some(({ personHash }) => personHash === whom.personHash)
  const gone = new Set(isNamed ? stepsAbout(whom.personHash, steps) : [])
  const stripped = steps.map((step) => (gone.has(step) ? null : withoutFact(step, whom.value)))
  const isStripped = stripped.some((step, index) => step !== steps[index])
  const rest = isStripped ? stripped.map((step) => (step && isHandling(step) ? null : step)) : stripped
  return rest.every((step) => step === null) ? null : rest
}

function withoutFact(step: StoredStep, value: string): StoredStep {
  const { facts, ...rest } = step
  const all = Object.entries(facts ?? {})
  const kept = all.filter(([, each]) => normalValue(each) !== value)
  if (value === '' || kept.length === all.length) return step
  return kept.length > 0 ? { ...rest, facts: Object.fromEntries(kept) } : rest
}
