import { worksOf } from './worksOf.ts'
import type { Work, WorkStep } from './worksOf.ts'

/**
 * Batches: several parts of one piece of work that are alike but for their facts, such as the orders of a nightly sync. Unlike
 * any other part of a work, an item that failed has failed, whether or not the run around it went on.
 */
export function batchesOf<S extends WorkStep>(steps: readonly S[]): Batch<S>[] {
  const byId = new Map(steps.map((step) => [step.id, step]))
  const groups = new Map<string, { parent: S; items: Work<S>[] }>()
  for (const work of worksOf(steps)) {
    const [step] = work.attempts
    const parent = byId.get(step?.parentId ?? '')
    if (!step || !parent) continue
    const key = `${parent.id} ${step.hop} ${step.service} ${step.name}`
    const group = groups.get(key) ?? { parent, items: [] }
    group.items.push(work)
    groups.set(key, group)
  }
  return [...groups.values()].flatMap(({ parent, items }) => {
    const fact = items.length > 1 ? tellingFact(items) : undefined
    return fact === undefined ? [] : [{ parent, items, fact }]
  })
}

export interface Batch<S> {
  readonly parent: S
  /** Each with its attempts; the last one counts. */
  readonly items: readonly Work<S>[]
  /** The fact by which its items differ, such as `order`. */
  readonly fact: string
}

/** The first that every item has, each another. */
function tellingFact<S extends WorkStep>(items: readonly Work<S>[]): string | undefined {
  const facts = items.map(({ attempts }) => attempts.at(-1)?.facts ?? {})
  return Object.keys(facts[0] ?? {}).find((name) => {
    const values = facts.map((each) => each[name])
    return values.every((value) => value !== undefined) && new Set(values).size === items.length
  })
}
