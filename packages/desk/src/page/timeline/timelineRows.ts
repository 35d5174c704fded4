import type { Batch } from '@waybill/trail'
import type { MatchStep } from '../../lookup/Match.ts'
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
    label: null,
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
  /** What tells it from the rows beside it. */
  readonly label: string | null
}

export interface FoldedRow extends Omit<FoldedPart, 'members'> {
  readonly key: string
  /** The step inside the last attempt at which it failed, where there is one. */
  readonly cause: MatchStep | null
  /** Every attempt or item, what happened inside it, and the waits between attempts. */
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
      const attempts = (): TimelineRow[] =>
        rowsOf(unfolded, isLeaf, (step) => {
          const isHead = heads.includes(step)
          return { depth: isHead ? 1 : 2, ofAttempt: isHead ? (step.attempt ?? 1) : null, label: null }
        })
      rows.push({
        kind,
        key: `${kind} ${first.id}`,
        heads,
        batch,
        cause: kind === 'attempts' ? causeIn(members, heads) : null,
        rows: batch ? itemRows(batch, { members, isLeaf }) : attempts(),
      })
    }
    // A step around others is no sign of life while they rest, so of it only the beginning counts.
    const moments = members.map((step) => Date.parse(step.at) + (isLeaf(step) ? step.durationMs : 0))
    quietSince = Math.max(Number.isFinite(quietSince) ? quietSince : 0, ...moments)
  }
  return rows
}

/** Each item with what happened inside it. A thousand of them would hide the few that matter. */
function itemRows({ items, fact, counts }: Batch<MatchStep>, { members, isLeaf }: ItemOptions): TimelineRow[] {
  const partsOf = new Map(items.map(({ attempts }) => [attempts, new Array<TimelinePart>()]))
  const places = new Map(items.flatMap(({ attempts }) => attempts.map(({ id }) => [id, partsOf.get(attempts)!])))
  // A parent comes before its children.
  for (const step of members) {
    const parts = places.get(step.id) ?? places.get(step.parentId ?? '')
    if (!parts) continue
    places.set(step.id, parts)
    parts.push({ kind: 'step', step })
  }
  const [failed, others] = [true, false].map((isFailed) =>
    items.map(({ attempts }) => attempts).filter((attempts) => (attempts.at(-1)?.status === 'error') === isFailed),
  )
  const isWhole = items.length <= MOST_ITEMS
  const chosen = isWhole
    ? items.map(({ attempts }) => attempts)
    : [...failed!.slice(0, MOST_FAILED), ...others!.slice(0, MOST_OTHERS)]
  const count = (status: MatchStep['status']): number => chosen.filter((each) => each.at(-1)?.status === status).length
  const rest = { kind: 'rest', done: counts.done - count('ok'), failed: counts.failed - count('error') } as const
  return [
    ...chosen.flatMap((attempts) =>
      rowsOf(partsOf.get(attempts) ?? [], isLeaf, (step) => {
        if (!attempts.includes(step)) return { depth: 2, ofAttempt: null, label: null }
        const { attempt, facts } = step
        const label = fact === undefined ? null : `${fact} ${facts[fact]}`
        return { depth: 1, ofAttempt: (attempt ?? 1) > 1 ? attempt : null, label }
      }),
    ),
    ...(rest.done > 0 || rest.failed > 0 ? [{ ...rest, key: `rest ${chosen[0]?.[0]?.id}` }] : []),
  ]
}

interface ItemOptions {
  readonly members: readonly MatchStep[]
  readonly isLeaf: (step: MatchStep) => boolean
}

/** Of a batch that is shown whole. */
const MOST_ITEMS = 50
const MOST_FAILED = 50
const MOST_OTHERS = 20

function causeIn(members: readonly MatchStep[], attempts: readonly MatchStep[]): MatchStep | null {
  const last = attempts.at(-1)
  if (last?.status !== 'error') return null
  const begun = members.indexOf(last)
  return members.slice(begun + 1).findLast((step) => step.status === 'error') ?? null
}
