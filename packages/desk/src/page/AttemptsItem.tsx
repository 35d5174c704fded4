import { useId } from 'react'
import type { ReactNode } from 'react'
import { Bar } from './Bar.tsx'
import { clockTime } from './clockTime.ts'
import { durationText } from './durationText.ts'
import { HopIcon } from './HopIcon.tsx'
import type { RowContext } from './RowContext.ts'
import { stepSentence } from './stepSentence.ts'
import type { AttemptsRow } from './timelineRows.ts'

/** All attempts of one piece of work in one row; opens to each of them. */
export function AttemptsItem({ row, scale, open, onToggle, children }: AttemptsItemProps) {
  const id = useId()
  const { key, attempts, cause } = row
  const [first] = attempts
  const last = attempts.at(-1)
  if (!first || !last) return null
  const { subject, deed, trouble } = stepSentence(last)
  const why = cause && stepSentence(cause)
  const isOpen = open.has(key)
  const stretches = attempts.map((step) => ({ from: Date.parse(step.at), ms: step.durationMs, look: step.status }))
  const lengthMs = Date.parse(last.at) + last.durationMs - Date.parse(first.at)
  return (
    <li className="row" data-depth={0}>
      <button
        type="button"
        className="line"
        data-row={key}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => onToggle(key)}
      >
        <time dateTime={first.at}>{clockTime(first.at, { thousandths: true })}</time>
        <HopIcon hop={first.hop} />
        <span className="what">
          <b>{subject}</b> {deed}
          {trouble && !why && <span className="trouble">; the last time {trouble}</span>}
          <span className="badge">{attempts.length} attempts</span>
          {why && (
            <span className="trouble below">
              the last time it {why.deed}; {why.trouble}
            </span>
          )}
          {attempts.every((step) => step.claimed) && <span className="claim">reported by the customer’s browser</span>}
        </span>
        <Bar stretches={stretches} scale={scale} />
        <span className="duration">{durationText(lengthMs)}</span>
      </button>
      <div id={id} hidden={!isOpen} className="inside">
        {isOpen && children}
      </div>
    </li>
  )
}

export interface AttemptsItemProps extends RowContext {
  readonly row: AttemptsRow
  /** The rows inside. */
  readonly children: ReactNode
}
