import { countText } from '../../countText.ts'
import { useTexts } from '../../texts/useTexts.ts'
import type { ShownRow } from '../folding/shownRows.ts'
import type { LinesRow } from '../folding/timelineRows.ts'
import { Chevron } from './FoldButton.tsx'
import type { RowContext } from './RowContext.ts'

/** Many log lines in one row; opens to each of them. */
export function LinesItem({ row: { key, stepCount }, state, context }: LinesItemProps) {
  const texts = useTexts().timeline
  return (
    <button
      type="button"
      className="line lines"
      data-row={key}
      aria-expanded={state === 'open'}
      onClick={() => context.onTurn(key)}
      onFocus={() => context.onFocus(key)}
    >
      <span className="what">{texts.logLines(countText(stepCount))}</span>
      <Chevron />
    </button>
  )
}

export interface LinesItemProps extends Pick<ShownRow, 'state'> {
  readonly row: LinesRow
  readonly context: RowContext
}
