import type { Batch } from '@waybill/trail'
import type { MatchStep } from '../lookup/Match.ts'
import { foldSteps } from './foldSteps.ts'
import type { FoldedPart, TimelinePart } from './foldSteps.ts'
import { waitBefore, waitInside } from './waits.ts'
import type { Wait } from './waits.ts'

/**
 * The rows of a time line: one for each step, one for all attempts of one piece of work or all items of a batch, and one for
 * every wait of more than a second. What is folded carries the rows that show when it is unfolded: of a batch those that failed and the
 * first others, and how many there are besides.
 */
export function timelineRows(steps: readonly MatchStep[]): TimelineRow[] {
  const parents = new Set(steps.map((step) => step.parentId))
  const isLeaf = (step: MatchStep): boolean => !parents.has(step.id)
  return rowsOf(foldSteps(steps), isLeaf, ({ attempt }) => ({
    depth: 0,
    ofAttempt: (attempt ?? 1) > 1 ? attempt : null,
  }))
}

export type TimelineRow = StepRow | FoldedRow | WaitRow | RestRow

export interface StepRow extends Placing {
  readonly kind: 'step'
  readonly key: string
  readonly step: MatchStep
}

interface Placing {
  /** 0 stands on its own, 1 is an attempt among attempts, 2 is inside one. */
  readonly depth: 0 | 1 | 2
  /** Which attempt the row has to name. */
  readonly ofAttempt: number | null
}

export interface FoldedRow extends Omit<FoldedPart, 'members'> {
  readonly key: string
  /** The step inside the last attempt at which it failed, where there is one. */
  readonly cause: MatchStep | null
  /** Every attempt or item, what happened inside it, and the waits between. */
  readonly rows: readonly TimelineRow[]
}

export interface WaitRow {
  readonly kind: 'wait'
  readonly key: string
  readonly wait: Wait
  readonly depth: Placing['depth']
}

/** What is not shown of a batch. */
export interface RestRow {
  readonly kind: 'rest'
  readonly key: string
  readonly done: number
  readonly failed: number
}

function rowsOf(
  parts: readonly TimelinePart[],
  isLeaf: (step: MatchStep) => boolean,
  placingOf: (step: MatchStep) => Placing,
): TimelineRow[] {
  const rows: TimelineRow[] = []
  let quietSince = Number.POSITIVE_INFINITY
  for (const part of parts) {
    const members = part.kind === 'step' ? [part.step] : part.members
    const [first] = members
    if (!first) continue
    const placing = placingOf(first)
    const before = waitBefore(first, quietSince)
    if (before) rows.push({ kind: 'wait', key: `before ${first.id}`, wait: before, depth: placing.depth })
    if (part.kind === 'step') {
      rows.push({ kind: 'step', key: first.id, step: first, ...placing })
      const inside = isLeaf(first) ? waitInside(first) : null
      if (inside) rows.push({ kind: 'wait', key: `in ${first.id}`, wait: inside, depth: placing.depth })
    } else {
      const { kind, heads, batch } = part
      const unfolded = members.map((step) => ({ kind: 'step', step }) as const)
      const areHeads = new Set(heads)
      const inside = rowsOf(unfolded, isLeaf, (step) => {
        if (!areHeads.has(step)) return { depth: 2, ofAttempt: null }
        const attempt = step.attempt ?? 1
        return { depth: 1, ofAttempt: kind === 'attempts' || attempt > 1 ? attempt : null }
      })
      rows.push({
        kind,
        key: `${kind} ${first.id}`,
        heads,
        batch,
        cause: kind === 'attempts' ? causeIn(members, heads) : null,
        rows: batch ? someOf(inside, batch, members) : inside,
      })
    }
    // A step around others is no sign of life while they rest, so of it only the beginning counts.
    const moments = members.map((step) => Date.parse(step.at) + (isLeaf(step) ? step.durationMs : 0))
    quietSince = Math.max(Number.isFinite(quietSince) ? quietSince : 0, ...moments)
  }
  return rows
}

/** A thousand rows would hide the few that matter. */
function someOf(rows: readonly TimelineRow[], batch: Batch<MatchStep>, members: readonly MatchStep[]): TimelineRow[] {
  const { counts } = batch
  const items = batch.items.map(({ attempts }) => ({ attempts, isBroken: attempts.at(-1)?.status === 'error' }))
  const chosen = [
    ...items.filter(({ isBroken }) => isBroken).slice(0, MOST_FAILED),
    ...items.filter(({ isBroken }) => !isBroken).slice(0, MOST_OTHERS),
  ]
  const shown = new Set(chosen.flatMap(({ attempts }) => attempts.map(({ id }) => id)))
  for (const { id, parentId } of members) if (shown.has(parentId ?? '')) shown.add(id)
  const failed = counts.failed - chosen.filter(({ isBroken }) => isBroken).length
  const done = counts.done - chosen.filter(({ attempts }) => attempts.at(-1)?.status === 'ok').length
  const rest = { kind: 'rest', key: `rest ${chosen[0]?.attempts[0]?.id}`, done, failed } as const
  return [
    ...rows.filter((row) => row.kind === 'rest' || shown.has(row.key.split(' ').at(-1) ?? '')),
    ...(done > 0 || failed > 0 ? [rest] : []),
  ]
}

const MOST_FAILED = 50
const MOST_OTHERS = 20

function causeIn(members: readonly MatchStep[], attempts: readonly MatchStep[]): MatchStep | null {
  const last = attempts.at(-1)
  if (last?.status !== 'error') return null
  const begun = members.indexOf(last)
  return members.slice(begun + 1).findLast((step) => step.status === 'error') ?? null
}
