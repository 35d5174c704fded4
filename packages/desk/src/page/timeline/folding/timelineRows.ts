import { isChatter } from '@waybill/trail'
import type { Batch } from '@waybill/trail'
import type { MatchStep } from '../../../lookup/Match.ts'
import { foldSteps } from './foldSteps.ts'
import type { FoldedPart, TimelinePart } from './foldSteps.ts'
import { waitBefore, waitInside } from './waits.ts'
import type { Wait } from './waits.ts'

/**
 * The rows of a time line, each under that of the step which caused it: one for each step, one for all attempts of one piece of work
 * or all items of a batch, one for many log lines, and one for every wait of more than a second. Of a large batch those items are rows
 * that failed, the first others and those that are asked for; the rest is counted.
 */
export function timelineRows(steps: readonly MatchStep[], { asked = NONE }: TimelineRowsOptions = {}): TimelineRow[] {
  const isLeaf = leavesOf(steps)
  const parts = foldSteps(steps)
  // Lines inside attempts and items stay where they are: those are folded anyway.
  const loose = parts.flatMap((part) => (part.kind === 'step' && isChatter(part.step) ? [part.step] : []))
  const isApart = loose.length > MOST_CHATTER
  const told = isApart ? parts.filter((part) => part.kind !== 'step' || !isChatter(part.step)) : parts
  const rows = nest(told, {
    isLeaf,
    asked,
    placingOf: ({ attempt }) => ({ ofAttempt: (attempt ?? 1) > 1 ? attempt : null, label: null }),
  })
  if (!isApart) return rows
  return [...rows, linesRow(loose.map((step) => ({ kind: 'step', key: step.id, step, ...PLAIN, ...childless() })))]
}

export interface TimelineRowsOptions {
  /** Ids of steps that must have a row, however large their batch is. @default none */
  readonly asked?: ReadonlySet<string> | undefined
}

export type TimelineRow = StepRow | FoldedRow | LinesRow | WaitRow | RestRow

/** A row that others can stand under. */
export type ParentRow = StepRow | FoldedRow | LinesRow

export interface StepRow extends Placing, Holding {
  readonly kind: 'step'
  readonly key: string
  readonly step: MatchStep
}

interface Holding {
  /** The rows under it. */
  readonly inside: TimelineRow[]
  /** How many steps those tell, at any depth. */
  stepCount: number
  /** How many of them failed. */
  failedCount: number
}

interface Placing {
  /** Which attempt the row has to name. */
  readonly ofAttempt: number | null
  /** What tells it from the rows beside it. */
  readonly label: string | null
}

export interface FoldedRow extends Omit<FoldedPart, 'members'>, Holding {
  readonly key: string
  /** The step inside the last attempt at which it failed, where there is one. */
  readonly cause: MatchStep | null
}

/** Log lines and events below a warning, which would hide what tells. */
export interface LinesRow extends Holding {
  readonly kind: 'lines'
  readonly key: string
}

export interface WaitRow {
  readonly kind: 'wait'
  readonly key: string
  readonly wait: Wait
}

/** What is not shown of a batch. */
export interface RestRow {
  readonly kind: 'rest'
  readonly key: string
  readonly done: number
  readonly failed: number
}

/** Lines beyond these are folded, all of them, so that they do not hide the steps that tell. */
const MOST_CHATTER = 5

const NONE: ReadonlySet<string> = new Set()
const PLAIN: Placing = { ofAttempt: null, label: null }

function childless(): Holding {
  return { inside: [], stepCount: 0, failedCount: 0 }
}

/** Whether a step did its work itself: nothing but log lines stands under it. */
function leavesOf(steps: readonly MatchStep[]): (step: MatchStep) => boolean {
  const parents = new Set(steps.filter(({ hop }) => hop !== 'log').map(({ parentId }) => parentId))
  return ({ id }) => !parents.has(id)
}

function nest(parts: readonly TimelinePart[], options: NestOptions): TimelineRow[] {
  const { isLeaf, placingOf, isRoot } = options
  const roots: TimelineRow[] = []
  /** By the id of a step the row that what it caused stands under. */
  const places = new Map<string, ParentRow | null>()
  const parentOf = new Map<ParentRow, ParentRow | null>()
  let quietSince = Number.POSITIVE_INFINITY
  for (const part of parts) {
    const members = part.kind === 'step' ? [part.step] : part.members
    const [first] = members
    if (!first) continue
    // A parent comes before its children, so that no circle of causes can come about.
    const parent = isRoot?.(first) ? null : (places.get(first.parentId ?? '') ?? null)
    const siblings = parent?.inside ?? roots
    const before = waitBefore(first, quietSince)
    if (before) siblings.push({ kind: 'wait', key: `before ${first.id}`, wait: before })
    const row = part.kind === 'step' ? stepRow(part.step, placingOf) : foldedRow(part, options)
    siblings.push(row)
    parentOf.set(row, parent)
    if (part.kind === 'step') places.set(first.id, row)
    // What stands apart of its cause would be hidden inside it while that is folded, so it stands beside it.
    else for (const { id } of members) places.set(id, parent)
    const inside = part.kind === 'step' && isLeaf(first) ? waitInside(first) : null
    if (inside) siblings.push({ kind: 'wait', key: `in ${first.id}`, wait: inside })
    // A step around others is no sign of life while they rest, so of it only the beginning counts.
    for (const step of members) {
      const moment = Date.parse(step.at) + (isLeaf(step) ? step.durationMs : 0)
      quietSince = Math.max(Number.isFinite(quietSince) ? quietSince : 0, moment)
    }
  }
  for (const [row, parent] of [...parentOf].toReversed()) {
    if (!parent) continue
    const own =
      row.kind === 'step' ? { count: 1, failed: row.step.status === 'error' ? 1 : 0 } : { count: 0, failed: 0 }
    parent.stepCount += row.stepCount + own.count
    parent.failedCount += row.failedCount + own.failed
  }
  return roots
}

interface NestOptions extends RowsOptions {
  readonly placingOf: (step: MatchStep) => Placing
  /** Which steps stand under no other, whatever caused them. @default none */
  readonly isRoot?: ((step: MatchStep) => boolean) | undefined
}

interface RowsOptions {
  readonly isLeaf: (step: MatchStep) => boolean
  readonly asked: ReadonlySet<string>
}

function stepRow(step: MatchStep, placingOf: NestOptions['placingOf']): StepRow {
  return { kind: 'step', key: step.id, step, ...placingOf(step), ...childless() }
}

function foldedRow({ kind, heads, batch, members }: FoldedPart, options: RowsOptions): FoldedRow {
  return {
    kind,
    key: `${kind} ${members[0]!.id}`,
    heads,
    batch,
    cause: kind === 'attempts' ? causeIn(members, heads) : null,
    inside: batch ? itemRows(batch, { ...options, members }) : attemptRows(members, heads, options),
    stepCount: members.length,
    failedCount: members.filter(({ status }) => status === 'error').length,
  }
}

/** Each attempt, what happened inside it, and the waits between them. */
function attemptRows(members: readonly MatchStep[], heads: readonly MatchStep[], options: RowsOptions): TimelineRow[] {
  const isHead = new Set(heads.map(({ id }) => id))
  const rows = nest(stepParts(members), {
    ...options,
    isRoot: ({ id }) => isHead.has(id),
    placingOf: ({ id, attempt }) => ({ ofAttempt: isHead.has(id) ? (attempt ?? 1) : null, label: null }),
  })
  return withLinesFolded(rows)
}

/** Each item with what happened inside it. A thousand of them would hide the few that matter. */
function itemRows({ items, fact, counts }: Batch<MatchStep>, { members, ...options }: ItemOptions): TimelineRow[] {
  const stepsOf = new Map(items.map(({ attempts }) => [attempts, new Array<MatchStep>()]))
  const places = new Map(items.flatMap(({ attempts }) => attempts.map(({ id }) => [id, stepsOf.get(attempts)!])))
  // A parent comes before its children.
  for (const step of members) {
    const inside = places.get(step.id) ?? places.get(step.parentId ?? '')
    if (!inside) continue
    places.set(step.id, inside)
    inside.push(step)
  }
  const all = items.map(({ attempts }) => attempts)
  const [failed, others] = [true, false].map((isFailed) =>
    all.filter((attempts) => (attempts.at(-1)?.status === 'error') === isFailed),
  )
  const first = new Set(
    items.length <= MOST_ITEMS ? all : [...failed!.slice(0, MOST_FAILED), ...others!.slice(0, MOST_OTHERS)],
  )
  const isChosen = (attempts: readonly MatchStep[]): boolean =>
    first.has(attempts as MatchStep[]) ||
    (options.asked.size > 0 && (stepsOf.get(attempts as MatchStep[]) ?? []).some(({ id }) => options.asked.has(id)))
  const chosen = items.length <= MOST_ITEMS ? all : [...failed!, ...others!].filter(isChosen)
  const count = (status: MatchStep['status']): number => chosen.filter((each) => each.at(-1)?.status === status).length
  const rest = { kind: 'rest', done: counts.done - count('ok'), failed: counts.failed - count('error') } as const
  return [
    ...chosen.flatMap((attempts) => {
      const isHead = new Set(attempts.map(({ id }) => id))
      const rows = nest(stepParts(stepsOf.get(attempts) ?? []), {
        ...options,
        isRoot: ({ id }) => isHead.has(id),
        placingOf: ({ id, attempt, facts }) =>
          isHead.has(id)
            ? {
                ofAttempt: (attempt ?? 1) > 1 ? attempt : null,
                label: fact === undefined ? null : `${fact} ${facts[fact]}`,
              }
            : PLAIN,
      })
      return withLinesFolded(rows)
    }),
    ...(rest.done > 0 || rest.failed > 0 ? [{ ...rest, key: `rest ${chosen[0]?.[0]?.id}` }] : []),
  ]
}

interface ItemOptions extends RowsOptions {
  readonly members: readonly MatchStep[]
}

/** Of a batch that is shown whole. */
const MOST_ITEMS = 50
const MOST_FAILED = 50
const MOST_OTHERS = 20

function stepParts(steps: readonly MatchStep[]): TimelinePart[] {
  return steps.map((step) => ({ kind: 'step', step }))
}

/** Many lines under one step become one row there. */
function withLinesFolded(rows: TimelineRow[]): TimelineRow[] {
  const left = [rows]
  for (let list = left.pop(); list; list = left.pop()) {
    const lines = list.filter((row): row is StepRow => row.kind === 'step' && isChatter(row.step))
    if (lines.length > MOST_CHATTER) {
      const at = list.indexOf(lines[0]!)
      const others = list.filter((row) => row.kind !== 'step' || !isChatter(row.step))
      list.splice(0, list.length, ...others.slice(0, at), linesRow(lines), ...others.slice(at))
    }
    for (const row of list) if (row.kind === 'step') left.push(row.inside)
  }
  return rows
}

function linesRow(lines: StepRow[]): LinesRow {
  return {
    kind: 'lines',
    key: `lines ${lines[0]?.key}`,
    inside: lines,
    stepCount: lines.length,
    failedCount: lines.filter(({ step }) => step.status === 'error').length,
  }
}

function causeIn(members: readonly MatchStep[], attempts: readonly MatchStep[]): MatchStep | null {
  const last = attempts.at(-1)
  if (last?.status !== 'error') return null
  const begun = members.indexOf(last)
  return members.slice(begun + 1).findLast((step) => step.status === 'error') ?? null
}
