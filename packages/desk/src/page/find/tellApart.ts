import type { Match, TrailSummary } from '../../lookup/Match.ts'

/** What several trails have in common, to be said once, and what tells each from the others. Of a single one everything is its own. */
export function tellApart(trails: readonly (TrailSummary | Match)[]): Distinction {
  const values = new Map(trails.map((trail) => [trail.reference as string, valuesOf(trail)]))
  const services = new Map(trails.map((trail) => [trail.reference as string, servicesOf(trail)]))
  const isSame = ([name, value]: NamedValue): boolean =>
    trails.length > 1 && [...values.values()].every((each) => each.get(name) === value)
  const [first] = trails
  const isOneAction = trails.length > 1 && trails.every(({ action }) => action === first?.action)
  return {
    action: isOneAction ? (first?.action ?? null) : null,
    values: [...(values.get(first?.reference ?? '') ?? [])].filter(isSame),
    ownOf: (reference) => ({
      values: [...(values.get(reference) ?? [])].filter((value) => !isSame(value)),
      services: (services.get(reference) ?? []).filter((service) =>
        [...services.values()].some((others) => !others.includes(service)),
      ),
    }),
  }
}

export interface Distinction {
  /** The name of the action that all of them are; null where they are several, or it has none. */
  readonly action: string | null
  /** Facts and noted values that are the same in all. */
  readonly values: readonly NamedValue[]
  /** What only some of them have: facts, noted values, and services that took part. */
  readonly ownOf: (reference: string) => OwnTraits
}

export interface OwnTraits {
  readonly values: readonly NamedValue[]
  readonly services: readonly string[]
}

export type NamedValue = readonly [name: string, value: string]

function valuesOf({ facts, noted }: TrailSummary): Map<string, string> {
  const values = new Map(Object.entries(facts))
  for (const { kind, value } of noted) {
    const before = values.get(kind)
    if (before !== value) values.set(kind, before === undefined ? value : `${before}, ${value}`)
  }
  return values
}

/** Those whose own word it is; a summary does not name them. */
function servicesOf(trail: TrailSummary | Match): readonly string[] {
  if (!('steps' in trail)) return []
  return [...new Set(trail.steps.filter(({ claimed }) => !claimed).map(({ service }) => service))]
}
