import type { DrillHopKind } from './DrillConfig.ts'

/** What a drill says of one place. */
export interface Finding {
  /** The hop's name, or `answer`, `screen`, `forged headers`. */
  readonly name: string
  readonly kind: DrillHopKind | 'answer' | 'screen' | 'forged'
  readonly verdict: Verdict
  /** Other faults of the same place. */
  readonly also: readonly Verdict[]
  /** What was seen, in a few words without anything of a record but ids. */
  readonly detail: string
  /** Other ids that stood in the reference's place. */
  readonly others: readonly string[]
  /** Where it went wrong already, for what follows from that. */
  readonly cause: string | null
}

/**
 * - `present`: in a field of its own, the same on every record.
 * - `text-only`: inside a message, where no search by field finds it.
 * - `changed`: another id stands in its place. `changed-on-retry`: the first attempt had it, a later one another.
 * - `missing`: the record is there, and holds no reference.
 * - `form`: in a field, in another shape than the printed one.
 * - `no-attempt`: the attempt's number has no field of its own.
 * - `no-run`: a scheduled run without a reference of its own.
 * - `echoed`: a forged header was believed.
 * - `no-record`: nothing new was seen, or fewer attempts than told, so nothing is proved.
 * - `follows`: wrong, but only handed on what it was given by a place that is named.
 */
export type Verdict =
  | 'present'
  | 'text-only'
  | 'changed'
  | 'changed-on-retry'
  | 'missing'
  | 'form'
  | 'no-attempt'
  | 'no-run'
  | 'echoed'
  | 'no-record'
  | 'follows'

/** The faults of that place, the worst first. */
export function faultsOf(finding: Pick<Finding, 'verdict' | 'also'>): readonly Verdict[] {
  return isFault(finding) ? [finding.verdict, ...finding.also] : finding.also
}

/** Whether it is a fault of that place. */
export function isFault({ verdict }: Pick<Finding, 'verdict'>): boolean {
  return verdict !== 'present' && verdict !== 'follows'
}

/** What a hop was given by those before it: one of these ids, or perhaps none at all. */
export interface Given {
  readonly ids: ReadonlySet<string>
  readonly isNonePossible: boolean
}
