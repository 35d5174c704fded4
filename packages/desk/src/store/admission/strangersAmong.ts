import { orderSteps, partsOf } from '@waybill/trail'
import type { StoredStep } from '../StoredStep.ts'

/** Ids of the steps of requests that no known call of a trail's action caused, and of what they led to; those that came first coming first. */
export function strangersAmong(steps: readonly StoredStep[]): string[] {
  const { apart } = partsOf(orderSteps(steps.map(({ personHash, ...step }) => ({ ...step, person: personHash }))))
  const strange = new Set(apart.map(({ id }) => id))
  return steps.filter(({ id, startedFor }) => strange.has(startedFor ?? id)).map(({ id }) => id)
}
