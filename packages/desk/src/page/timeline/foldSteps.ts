import { batchesOf, worksOf } from '@waybill/trail'
import type { Batch } from '@waybill/trail'
import type { MatchStep } from '../../lookup/Match.ts'

/**
 * The steps in order; the items of one batch, and the attempts of one piece of work, drawn together at the place of the first, with
 * what happened inside them. What is one work, and what is a batch, is the same here as in the verdict.
 */
export function foldSteps(steps: readonly MatchStep[]): TimelinePart[] {
  const groups = new Map<
    string,
    { kind: 'batch' | 'attempts'; heads: readonly MatchStep[]; batch: Batch<MatchStep> | null }
  >()
  for (const batch of batchesOf(steps)) {
    const heads = batch.items.flatMap(({ attempts }) => attempts)
    for (const head of heads) groups.set(head.id, { kind: 'batch', heads, batch })
  }
  for (const { attempts } of worksOf(steps)) {
    if (attempts.length < 2 || groups.has(attempts[0]!.id)) continue
    for (const head of attempts) groups.set(head.id, { kind: 'attempts', heads: attempts, batch: null })
  }
  const folded = new Set<string>()
  const parts: TimelinePart[] = []
  for (const step of steps) {
    if (folded.has(step.id)) continue
    const group = groups.get(step.id)
    if (!group) {
      parts.push({ kind: 'step', step })
      continue
    }
    const inside = new Set(group.heads.map((each) => each.id))
    // A parent comes before its children, so one pass finds them all.
    for (const each of steps) if (!STANDS_APART.has(each.hop) && inside.has(each.parentId ?? '')) inside.add(each.id)
    for (const id of inside) folded.add(id)
    parts.push({ ...group, members: steps.filter((each) => inside.has(each.id)) })
  }
  return parts
}

export type TimelinePart = { readonly kind: 'step'; readonly step: MatchStep } | FoldedPart

export interface FoldedPart {
  readonly kind: 'attempts' | 'batch'
  /** The attempts, or the items with theirs. */
  readonly heads: readonly MatchStep[]
  /** Null where it is attempts of one piece of work. */
  readonly batch: Batch<MatchStep> | null
  /** The heads, and what happened inside them. */
  readonly members: readonly MatchStep[]
}

/** Work that begins where its cause ends; it is told on its own, wherever it was caused. */
const STANDS_APART: ReadonlySet<string> = new Set(['queue', 'worker', 'schedule', 'webhook', 'alert', 'support'])
