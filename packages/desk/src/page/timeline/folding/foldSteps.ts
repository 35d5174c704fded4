import { batchesOf, worksOf } from '@waybill/trail'
import type { Batch } from '@waybill/trail'
import type { MatchStep } from '../../../lookup/Match.ts'

/**
 * The steps in order; the items of one batch, and the attempts of one piece of work, drawn together at the place of the first, with
 * what happened inside them. What is one work, and what is a batch, is the same here as in the verdict.
 */
export function foldSteps(steps: readonly MatchStep[]): TimelinePart[] {
  const groups = new Map<string, Group>()
  for (const batch of batchesOf(steps)) {
    const heads = batch.items.flatMap(({ attempts }) => attempts)
    const group: Group = { kind: 'batch', heads, batch, members: [] }
    for (const head of heads) groups.set(head.id, group)
  }
  for (const { attempts } of worksOf(steps)) {
    if (attempts.length < 2 || groups.has(attempts[0]!.id)) continue
    const group: Group = { kind: 'attempts', heads: attempts, batch: null, members: [] }
    for (const head of attempts) groups.set(head.id, group)
  }
  const inside = new Map<string, Group>()
  const parts: TimelinePart[] = []
  // A parent comes before its children, so one pass finds all that is inside.
  for (const step of steps) {
    const around = STANDS_APART.has(step.hop) ? undefined : inside.get(step.parentId ?? '')
    const group = around ?? groups.get(step.id)
    if (!group) {
      parts.push({ kind: 'step', step })
      continue
    }
    if (group.members.length === 0) parts.push(group)
    inside.set(step.id, group)
    group.members.push(step)
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

interface Group extends FoldedPart {
  readonly members: MatchStep[]
}

/** Work that begins where its cause ends; it is told on its own, wherever it was caused. */
const STANDS_APART: ReadonlySet<string> = new Set(['queue', 'worker', 'schedule', 'webhook', 'alert', 'support'])
