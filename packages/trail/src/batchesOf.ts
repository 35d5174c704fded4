import { ATTRIBUTES } from './attributes.ts'
import { isFinal } from './isFinal.ts'
import { worksOf } from './worksOf.ts'
import type { Work, WorkStep } from './worksOf.ts'

/**
 * Batches: several parts of one piece of work that are alike but for their facts, such as the orders of a nightly sync, or whatever
 * it calls its items. Unlike any other part of a work, an item that failed has failed, whether or not the run around it went on.
 */
export function batchesOf<S extends WorkStep>(steps: readonly S[]): Batch<S>[] {
  const byId = new Map(steps.map((step) => [step.id, step]))
  const groups = new Map<string, { parent: S; items: Work<S>[] }>()
  for (const work of worksOf(steps)) {
    const [step] = work.attempts
    const parent = byId.get(step?.parentId ?? '')
    if (!step || !parent || step.hop === 'log') continue
    const key = `${parent.id} ${step.hop} ${step.service} ${step.name}`
    const group = groups.get(key) ?? { parent, items: [] }
    group.items.push(work)
    groups.set(key, group)
  }
  return [...groups.values()].flatMap(({ parent, items }) => {
    const {
      [ATTRIBUTES.itemName]: name,
      [ATTRIBUTES.itemsDone]: done,
      [ATTRIBUTES.itemsFailed]: failed,
    } = parent.attributes ?? {}
    // Not each item need be told, so the word of the work around them counts.
    const stated =
      name === items[0]?.attempts[0]?.name && typeof done === 'number' && typeof failed === 'number'
        ? { done, failed, all: done + failed }
        : undefined
    const fact = items.length > 1 || stated ? tellingFact(items) : undefined
    return fact === undefined && !stated ? [] : [{ parent, items, fact, counts: stated ?? countsOf(items) }]
  })
}

export interface Batch<S> {
  readonly parent: S
  /** Each with its attempts; the last one counts. */
  readonly items: readonly Work<S>[]
  /** The fact by which its items differ, such as `order`; undefined where none tells them apart. */
  readonly fact: string | undefined
  readonly counts: BatchCounts
}

/** Of all items, told or not. Those that are neither have not ended. */
export interface BatchCounts {
  readonly done: number
  readonly failed: number
  readonly all: number
}

function countsOf(items: readonly Work<WorkStep>[]): BatchCounts {
  const last = items.flatMap(({ attempts }) => attempts.slice(-1))
  return {
    done: last.filter(({ status }) => status === 'ok').length,
    failed: last.filter((step) => step.status === 'error' && isFinal(step)).length,
    all: items.length,
  }
}

/** The first that every item has, each another. */
function tellingFact<S extends WorkStep>(items: readonly Work<S>[]): string | undefined {
  const facts = items.map(({ attempts }) => attempts.at(-1)?.facts ?? {})
  return Object.keys(facts[0] ?? {}).find((name) => {
    const values = facts.map((each) => each[name])
    return values.every((value) => value !== undefined) && new Set(values).size === items.length
  })
}
