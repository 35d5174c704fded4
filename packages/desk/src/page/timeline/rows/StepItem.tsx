import { stepWords } from '@waybill/trail'
import { useId } from 'react'
import { durationText } from '../../durationText.ts'
import { HopIcon } from '../../HopIcon.tsx'
import { useTexts } from '../../texts/useTexts.ts'
import type { ShownRow } from '../folding/shownRows.ts'
import type { StepRow } from '../folding/timelineRows.ts'
import { Bar } from '../time/Bar.tsx'
import { spanOf } from '../time/spanOf.ts'
import { momentText } from '../../momentText.ts'
import { CorrectedMark } from './CorrectedMark.tsx'
import { FoldButton } from './FoldButton.tsx'
import type { RowContext } from './RowContext.ts'
import { StepDetails } from './StepDetails.tsx'

/** One step; opens to its ids and what else is known of it. */
export function StepItem({ row, state, isContext, context }: StepItemProps) {
  const id = useId()
  const texts = useTexts().timeline
  const { key, step, ofAttempt, label, stepCount, failedCount } = row
  const { subject, deed, trouble } = stepWords(step)
  const { scale, view, zones, zone, detailed, onTurn, onFold, onFocus } = context
  const isOpen = detailed.has(key)
  const { from, to, course } = spanOf(step, context)
  const look = course === 'ended' ? step.status : course === 'silent' ? 'silent' : 'running'
  return (
    <>
      <button
        type="button"
        className="line"
        data-row={key}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => onTurn(key)}
        onFocus={() => onFocus(key)}
      >
        <time dateTime={step.at}>{momentText(step.at, { as: 'milliseconds', zone })}</time>
        <HopIcon hop={step.hop} />
        <span className="what">
          <b>{subject}</b> {deed}
          {trouble && <span className="trouble">; {trouble}</span>}
          {label !== null && <span className="badge">{label}</span>}
          {ofAttempt !== null && <span className="badge">{texts.attempt(ofAttempt)}</span>}
          {state === 'closed' && <span className="badge">{texts.hidden(stepCount, failedCount)}</span>}
          {step.atByOwnClock !== null && <CorrectedMark />}
          {isContext && <span className="badge">{texts.forContext}</span>}
          {course === 'silent' && <span className="below quiet-words">{texts.endNotReported}</span>}
          {step.remains && <span className="remains">{texts.leftAs(step.remains)}</span>}
          {step.claimed && <span className="claim">{texts.claimed}</span>}
        </span>
        <Bar stretches={[{ id: step.id, from, to, look }]} scale={scale} view={view} />
        <span className="duration">
          {course === 'ended' ? durationText(step.durationMs) : course === 'silent' ? texts.unknown : texts.goingOn}
        </span>
      </button>
      {state !== 'leaf' && (
        <FoldButton isOpen={state === 'open'} name={texts.ledTo(stepCount)} onFold={() => onFold(key)} />
      )}
      {isOpen && (
        <div id={id}>
          <StepDetails step={step} zones={zones} />
        </div>
      )}
    </>
  )
}

export interface StepItemProps extends Pick<ShownRow, 'state' | 'isContext'> {
  readonly row: StepRow
  readonly context: RowContext
}
