import { stepWords } from '@waybill/trail'
import { useId } from 'react'
import { Bar } from './Bar.tsx'
import { clockTime } from '../clockTime.ts'
import { durationText } from '../durationText.ts'
import { HopIcon } from '../HopIcon.tsx'
import type { RowContext } from './RowContext.ts'
import { StepDetails } from './StepDetails.tsx'
import type { StepRow } from './timelineRows.ts'

/** One step; opens to its ids and what else is known of it. */
export function StepItem({ row, scale, open, onToggle }: StepItemProps) {
  const id = useId()
  const { key, step, depth, ofAttempt, label } = row
  const { subject, deed, trouble } = stepWords(step)
  const isOpen = open.has(key)
  return (
    <li className="row" data-depth={depth}>
      <button
        type="button"
        className="line"
        data-row={key}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => onToggle(key)}
      >
        <time dateTime={step.at}>{clockTime(step.at, { thousandths: true })}</time>
        <HopIcon hop={step.hop} />
        <span className="what">
          <b>{subject}</b> {deed}
          {trouble && <span className="trouble">; {trouble}</span>}
          {label !== null && <span className="badge">{label}</span>}
          {ofAttempt !== null && <span className="badge">attempt {ofAttempt}</span>}
          {step.remains && <span className="remains">left as {step.remains}</span>}
          {step.claimed && <span className="claim">reported by the customer’s browser</span>}
        </span>
        <Bar
          stretches={[{ id: step.id, from: Date.parse(step.at), ms: step.durationMs, look: step.status }]}
          scale={scale}
        />
        <span className="duration">{step.status === 'running' ? 'going on' : durationText(step.durationMs)}</span>
      </button>
      <div id={id} hidden={!isOpen}>
        {isOpen && <StepDetails step={step} />}
      </div>
    </li>
  )
}

export interface StepItemProps extends RowContext {
  readonly row: StepRow
}
