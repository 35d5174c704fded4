import type { RefObject } from 'react'
import { useSingleKeys } from '../singleKeys.ts'
import { useShortcut } from '../useShortcut.ts'
import type { ShownRow } from './folding/shownRows.ts'
import type { ZoomStep } from './time/TimeAxis.tsx'

/**
 * While focus is inside a time line, up and down walk its rows, Home and End go to the first and the last; right unfolds what a step
 * led to, then opens it; left closes it, then folds it, then goes to what caused it. Plus, minus and zero spread the bars, unless single
 * keys are turned off.
 */
export function useTimelineKeys({
  section,
  shown,
  detailed,
  fold,
  detail,
  focusOn,
  onZoom,
}: TimelineKeysOptions): void {
  const hasKeys = useSingleKeys()
  const focused = (): number => Number(document.activeElement?.closest<HTMLElement>('.row')?.dataset['index'] ?? NO_ROW)
  const goTo = (event: KeyboardEvent, rows: readonly ShownRow[]): void => {
    const next = rows.find(({ row }) => 'inside' in row)
    if (!next) return
    event.preventDefault()
    focusOn(next.row.key)
  }
  useShortcut('ArrowDown', (event) => goTo(event, shown.slice(focused() + 1)), { within: section })
  useShortcut('ArrowUp', (event) => goTo(event, shown.slice(0, at(focused(), shown.length)).toReversed()), {
    within: section,
  })
  useShortcut('Home', (event) => goTo(event, shown), { within: section })
  useShortcut('End', (event) => goTo(event, shown.toReversed()), { within: section })
  useShortcut(
    'ArrowRight',
    () => {
      const row = shown[focused()]
      if (row?.state === 'closed') fold(row, true)
      else if (row?.row.kind === 'step') detail(row.row.key, true)
    },
    { within: section },
  )
  useShortcut(
    'ArrowLeft',
    () => {
      const row = shown[focused()]
      if (!row) return
      if (detailed.has(row.row.key)) detail(row.row.key, false)
      else if (row.state === 'open') fold(row, false)
      else if (row.parentKey !== null) focusOn(row.parentKey)
    },
    { within: section },
  )
  const zoom = (to: ZoomStep) => () => {
    if (hasKeys) onZoom(to)
  }
  useShortcut('+', zoom('in'), { within: section })
  // The same key without Shift, on keyboards that want it for a plus.
  useShortcut('=', zoom('in'), { within: section })
  useShortcut('-', zoom('out'), { within: section })
  useShortcut('0', zoom('whole'), { within: section })
}

export interface TimelineKeysOptions {
  readonly section: RefObject<HTMLElement | null>
  readonly shown: readonly ShownRow[]
  readonly detailed: ReadonlySet<string>
  readonly fold: (row: ShownRow, open: boolean) => void
  readonly detail: (key: string, open: boolean) => void
  readonly focusOn: (key: string) => void
  readonly onZoom: (to: ZoomStep) => void
}

const NO_ROW = -1

/** With focus beside the rows, up begins at the last. */
function at(index: number, length: number): number {
  return index === NO_ROW ? length : index
}
