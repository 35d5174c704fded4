import type { FailedTrail as FailedTrailAnswer } from '../../failures/FailuresAnswer.ts'
import { dayAndTime } from '../dayAndTime.ts'
import { followInPage } from '../followInPage.ts'
import { useTexts } from '../texts/useTexts.ts'
import { shortTime } from '../shortTime.ts'

/** One trail of a failure, with what tells it from the others, and who handles it. */
export function FailedTrail({ trail, onOpen }: FailedTrailProps) {
  const { start } = useTexts()
  const { reference, action, startedAt, facts, claimed, handling } = trail
  return (
    <a href={`/trail/${reference}`} onClick={followInPage(() => onOpen(reference))}>
      <code dir="ltr">{reference}</code>
      <time dateTime={startedAt} title={dayAndTime(startedAt)}>
        {shortTime(startedAt)}
      </time>
      <span>{action ?? start.noAction}</span>
      {Object.entries(facts).map(([name, value]) => (
        <span key={name} className="badge">
          {name} {value}
        </span>
      ))}
      {claimed && <span className="claim">{start.claimed}</span>}
      {handling && (
        <span className="handled-by" data-handling={handling.state}>
          {start.handling[handling.state](handling.by)}, {shortTime(handling.at)}
          {handling.isOutdated && `, ${start.failedSince}`}
        </span>
      )}
    </a>
  )
}

export interface FailedTrailProps {
  readonly trail: FailedTrailAnswer
  readonly onOpen: (reference: string) => void
}
