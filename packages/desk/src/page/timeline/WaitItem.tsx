import { Bar } from './Bar.tsx'
import type { TimeScale } from './Bar.tsx'
import type { WaitRow } from './timelineRows.ts'

/** A stretch in which nothing happened but time. */
export function WaitItem({ row: { key, wait, depth }, scale }: WaitItemProps) {
  return (
    <li className="row wait" data-depth={depth}>
      <div className="line">
        <span className="what">{wait.text}</span>
        <Bar stretches={[{ id: key, from: wait.from, ms: wait.ms, look: 'wait' }]} scale={scale} />
      </div>
    </li>
  )
}

export interface WaitItemProps {
  readonly row: WaitRow
  readonly scale: TimeScale
}
