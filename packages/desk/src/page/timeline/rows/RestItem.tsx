import { countText } from '../../countText.ts'
import { useTexts } from '../../texts/useTexts.ts'
import type { RestRow } from '../folding/timelineRows.ts'

/** How many items of a batch stand for themselves nowhere. */
export function RestItem({ row: { done, failed } }: RestItemProps) {
  const texts = useTexts().timeline
  const words = [failed > 0 && texts.moreFailed(countText(failed)), done > 0 && texts.moreDone(countText(done))]
  return (
    <p className="line rest">
      <span className="what">{words.filter(Boolean).join(', ')}</span>
    </p>
  )
}

export interface RestItemProps {
  readonly row: RestRow
}
