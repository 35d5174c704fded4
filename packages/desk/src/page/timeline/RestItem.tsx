import { countText } from '../countText.ts'
import type { RestRow } from './timelineRows.ts'

/** How many items of a batch stand for themselves nowhere. */
export function RestItem({ row: { done, failed } }: RestItemProps) {
  const words = [failed > 0 && `${countText(failed)} more failed`, done > 0 && `${countText(done)} more done`]
  return (
    <li className="row rest">
      <p className="line">
        <span className="what">{words.filter(Boolean).join(', ')}</span>
      </p>
    </li>
  )
}

export interface RestItemProps {
  readonly row: RestRow
}
