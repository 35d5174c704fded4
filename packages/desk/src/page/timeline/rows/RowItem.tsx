import { memo } from 'react'
import type { CSSProperties, Ref } from 'react'
import { stepAddress } from '../focusStep.ts'
import type { ShownRow } from '../folding/shownRows.ts'
import { FoldedItem } from './FoldedItem.tsx'
import { LinesItem } from './LinesItem.tsx'
import { RestItem } from './RestItem.tsx'
import type { RowContext } from './RowContext.ts'
import { StepItem } from './StepItem.tsx'
import { WaitItem } from './WaitItem.tsx'

/** One row in its place. The list is flat, so that it can be drawn in parts; how deep a row stands is said by its level. */
export const RowItem = memo(function RowItem({ shown, context, index, offset, measure }: RowItemProps) {
  const { row, level, position, setSize, state, isContext } = shown
  const style: RowStyle = { '--level': level - 1 }
  if (offset !== null) style.transform = `translateY(${offset}px)`
  return (
    <li
      ref={measure}
      className="row"
      id={row.kind === 'step' ? stepAddress(row.key).slice(1) : undefined}
      data-step={row.kind === 'step' ? row.key : undefined}
      data-index={index}
      data-state={state}
      data-context={isContext || undefined}
      data-placed={offset !== null || undefined}
      aria-level={level}
      aria-posinset={position}
      aria-setsize={setSize}
      style={style}
    >
      {contentOf(shown, context)}
    </li>
  )
})

export interface RowItemProps {
  readonly shown: ShownRow
  readonly context: RowContext
  /** Among all rows that can be seen, from 0. */
  readonly index: number
  /** Pixels from the list's beginning; null where rows simply follow one another. */
  readonly offset: number | null
  /** Is told how tall the row has become; null where nobody needs to know. */
  readonly measure: Ref<HTMLLIElement> | null
}

interface RowStyle extends CSSProperties {
  '--level': number
}

function contentOf({ row, state, isContext }: ShownRow, context: RowContext) {
  switch (row.kind) {
    case 'step':
      return <StepItem row={row} state={state} isContext={isContext} context={context} />
    case 'attempts':
    case 'batch':
      return <FoldedItem row={row} state={state} context={context} />
    case 'lines':
      return <LinesItem row={row} state={state} context={context} />
    case 'wait':
      return <WaitItem row={row} context={context} />
    case 'rest':
      return <RestItem row={row} />
    default:
      return row satisfies never
  }
}
