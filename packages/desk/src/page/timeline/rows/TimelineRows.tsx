import { useCallback, useLayoutEffect, useRef } from 'react'
import { countText } from '../../countText.ts'
import { useTexts } from '../../texts/useTexts.ts'
import { useWindowedList } from '../../useWindowedList.ts'
import type { ShownRow } from '../folding/shownRows.ts'
import type { RowContext } from './RowContext.ts'
import { RowItem } from './RowItem.tsx'
import { usePrinting } from './usePrinting.ts'

/**
 * The rows of a time line. Where there are few, all of them are there, for the browser's own search, for paper and for screen readers;
 * where there are many, those near what is seen, and the one that has focus.
 */
export function TimelineRows({ rows, context, current, target }: TimelineRowsProps) {
  const texts = useTexts().timeline
  const isPrinting = usePrinting()
  const list = useRef<HTMLOListElement>(null)
  const isWhole = isPrinting || rows.length <= MOST_WHOLE
  const { virtualizer, top } = useWindowedList<HTMLLIElement>({
    list,
    count: rows.length,
    keyOf: useCallback((index: number) => rows[index]!.row.key, [rows]),
    estimatePx: USUAL_HEIGHT,
    overscan: OVERSCAN,
    heldAt: current === null ? -1 : rows.findIndex(({ row }) => row.key === current),
    isOn: !isWhole,
  })

  const reached = useRef<RowTarget | null>(null)
  useLayoutEffect(() => {
    if (target === null || reached.current === target) return
    const line = list.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(target.key)}"]`)
    // While a filter is being cleared the row is still to come.
    if (!line) return
    reached.current = target
    line.focus({ preventScroll: true })
    line.closest('.row')?.scrollIntoView({ block: target.block })
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- the row may come with other rows than the target did
  }, [target, rows])

  const drawn = isWhole
    ? rows.slice(0, MOST_PRINTED).map((_, index) => ({ index, offset: null }))
    : virtualizer.getVirtualItems().map(({ index, start }) => ({ index, offset: start - top }))
  return (
    <>
      <ol className="rows" ref={list} style={isWhole ? undefined : { blockSize: virtualizer.getTotalSize() }}>
        {drawn.map(({ index, offset }) => {
          const shown = rows[index]
          return (
            shown && (
              <RowItem
                key={shown.row.key}
                shown={shown}
                context={context}
                index={index}
                offset={offset}
                measure={isWhole ? null : virtualizer.measureElement}
              />
            )
          )
        })}
      </ol>
      {isPrinting && rows.length > MOST_PRINTED && (
        <p className="left-out">{texts.leftOut(countText(MOST_PRINTED), countText(rows.length))}</p>
      )}
    </>
  )
}

export interface TimelineRowsProps {
  readonly rows: readonly ShownRow[]
  readonly context: RowContext
  /** The key of the row that focus is in or was in last; it stays there, however far away one scrolls. */
  readonly current: string | null
  /** The row to give focus to; another object for each time. */
  readonly target: RowTarget | null
}

export interface RowTarget {
  readonly key: string
  readonly block: 'nearest' | 'center'
}

const MOST_WHOLE = 200
const MOST_PRINTED = 1000
const OVERSCAN = 12
/** Of a row of one line; the others are measured once they are there. */
const USUAL_HEIGHT = 34
