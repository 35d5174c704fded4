import type { TimelineRow } from './timelineRows.ts'

/** The rows that are to be seen, from above to below, each with its place among the others. */
export function shownRows(rows: readonly TimelineRow[], { isOpen, wanted }: ShownRowsOptions): ShownRow[] {
  const all = everyRow(rows)
  const kept = wanted && keptRows(all, wanted)
  const sizes = new Map<EveryRow | null, number>()
  const placed: { row: EveryRow; position: number }[] = []
  for (const row of all) {
    if (kept && !kept.has(row)) continue
    const position = (sizes.get(row.parent) ?? 0) + 1
    sizes.set(row.parent, position)
    placed.push({ row, position })
  }
  const open = new Set<EveryRow | null>([null])
  const shown: ShownRow[] = []
  for (const { row: each, position } of placed) {
    if (!open.has(each.parent)) continue
    const { row, parent, level } = each
    const holds = sizes.has(each)
    const state = !holds ? 'leaf' : isOpen(row, { level, isAlone: sizes.get(parent) === 1 }) ? 'open' : 'closed'
    if (state === 'open') open.add(each)
    shown.push({
      row,
      level,
      position,
      setSize: sizes.get(parent)!,
      parentKey: parent?.row.key ?? null,
      state,
      isContext: wanted !== null && !(row.kind === 'step' && wanted.has(row.step.id)),
    })
  }
  return shown
}

export interface ShownRowsOptions {
  /** Whether the rows under this one are to be seen. */
  readonly isOpen: (row: TimelineRow, place: RowPlace) => boolean
  /** Ids of the steps to which the rows are narrowed, with those that led to them; null where all are wanted. */
  readonly wanted: ReadonlySet<string> | null
}

export interface RowPlace {
  /** 1 for what no step here caused. */
  readonly level: number
  /** Whether no other row stands beside it. */
  readonly isAlone: boolean
}

export interface ShownRow extends Omit<RowPlace, 'isAlone'> {
  readonly row: TimelineRow
  /** Among those beside it, from 1. */
  readonly position: number
  readonly setSize: number
  readonly parentKey: string | null
  /** `leaf`: nothing stands under it. */
  readonly state: 'leaf' | 'open' | 'closed'
  /** Whether it is there only for the place of others that are wanted. */
  readonly isContext: boolean
}

/** The keys of the rows around a step's, the outermost first; null where it has no row. */
export function pathTo(stepId: string, rows: readonly TimelineRow[]): string[] | null {
  const found = everyRow(rows).find(({ row }) => row.kind === 'step' && row.step.id === stepId)
  if (!found) return null
  const path: string[] = []
  for (let each = found.parent; each; each = each.parent) path.unshift(each.row.key)
  return path
}

interface EveryRow {
  readonly row: TimelineRow
  readonly parent: EveryRow | null
  readonly level: number
}

/** All rows from above to below. Without recursion: causes can be thousands deep. */
function everyRow(rows: readonly TimelineRow[]): EveryRow[] {
  const all: EveryRow[] = []
  const left: EveryRow[] = rows.map((row) => ({ row, parent: null, level: 1 })).toReversed()
  for (let each = left.pop(); each; each = left.pop()) {
    all.push(each)
    if (!('inside' in each.row)) continue
    for (let at = each.row.inside.length - 1; at >= 0; at--)
      left.push({ row: each.row.inside[at]!, parent: each, level: each.level + 1 })
  }
  return all
}

function keptRows(all: readonly EveryRow[], wanted: ReadonlySet<string>): ReadonlySet<EveryRow> {
  const kept = new Set<EveryRow>()
  for (const each of all.toReversed()) {
    if (each.row.kind === 'step' && wanted.has(each.row.step.id)) kept.add(each)
    if (kept.has(each) && each.parent) kept.add(each.parent)
  }
  return kept
}
