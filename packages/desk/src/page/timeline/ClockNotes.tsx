import type { CorrectedClock } from '../../lookup/Match.ts'
import { durationText } from '../durationText.ts'
import { useTexts } from '../texts/useTexts.ts'
import { CorrectedMark } from './rows/CorrectedMark.tsx'

/** Which clocks were found wrong, once for the whole trail. */
export function ClockNotes({ clocks }: ClockNotesProps) {
  const texts = useTexts().timeline
  if (clocks.length === 0) return null
  return (
    <ul className="clock-notes">
      {clocks.map((clock) => (
        <li key={`${clock.service} ${clock.claimed}`}>
          <CorrectedMark /> {texts.clockWrong(clock, durationText(Math.abs(clock.aheadMs)))}
        </li>
      ))}
    </ul>
  )
}

export interface ClockNotesProps {
  readonly clocks: readonly CorrectedClock[]
}
