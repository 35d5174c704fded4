import { useTexts } from '../../texts/useTexts.ts'
import type { WaitRow } from '../folding/timelineRows.ts'
import { Bar } from '../time/Bar.tsx'
import type { RowContext } from './RowContext.ts'

/** A stretch in which nothing happened but time. */
export function WaitItem({ row: { key, wait }, context: { scale, view } }: WaitItemProps) {
  const texts = useTexts().timeline
  const to = wait.from + wait.ms
  const isSqueezed = scale.breaks.some((each) => each.from >= wait.from && each.to <= to)
  return (
    <div className="line wait">
      <span className="what">
        {wait.text}
        {isSqueezed && <span className="quiet-words"> {texts.shortened}</span>}
      </span>
      <Bar stretches={[{ id: key, from: wait.from, to, look: 'wait' }]} scale={scale} view={view} />
    </div>
  )
}

export interface WaitItemProps {
  readonly row: WaitRow
  readonly context: RowContext
}
