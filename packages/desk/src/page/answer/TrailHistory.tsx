import { useMemo, useState } from 'react'
import type { Match, MatchStep } from '../../lookup/Match.ts'
import { dayAndTime } from '../dayAndTime.ts'
import { stepsOf } from './fourFacts.ts'
import { OutcomeMark } from '../OutcomeMark.tsx'
import { useTexts } from '../texts/useTexts.ts'
import { ClockNotes } from '../timeline/ClockNotes.tsx'
import { Timeline } from '../timeline/Timeline.tsx'
import { TimesNote } from '../timeline/time/TimesNote.tsx'
import { useNow } from '../timeline/time/useNow.ts'
import { zonesFor } from '../timeline/time/zonesFor.ts'
import type { Zones } from '../timeline/time/zonesFor.ts'

/**
 * What happened: the action's own work first, then each run and webhook that came later with a verdict of its own, and last, folded
 * and apart, what anybody can send who knows the reference.
 */
export function TrailHistory({ match }: TrailHistoryProps) {
  const texts = useTexts().timeline
  const [times, setTimes] = useState<keyof Zones>('own')
  const { happened, later, noted, apart, claims } = useMemo(() => chaptersOf(match), [match])
  const zones = useMemo(() => zonesFor(match.timeZone, match.startedAt), [match])
  const zone = times === 'customer' ? (zones.customer ?? undefined) : undefined
  const now = useNow(match.steps.some(({ status }) => status === 'running'))
  const shared = { now, zones, zone }
  return (
    <div className="history">
      {(match.clocks.length > 0 || zones.customer !== null) && (
        <div className="time-notes">
          <ClockNotes clocks={match.clocks} />
          <TimesNote zones={zones} startedAt={match.startedAt} shown={times} onTurn={setTimes} />
        </div>
      )}
      {happened.length > 0 && <Timeline title={texts.happened} steps={happened} {...shared} />}
      {later.map(({ run, steps }) => (
        <Timeline key={run.stepIds[0]} title={texts.later(run.name)} steps={steps} {...shared}>
          <p className="eyebrow" data-outcome={run.state}>
            <OutcomeMark state={run.state} />
            <time dateTime={run.at}>{dayAndTime(run.at)}</time>
          </p>
          <p className="sentence">{run.sentence}</p>
        </Timeline>
      ))}
      {noted.length > 0 && <Timeline title={texts.noted} steps={noted} {...shared} />}
      {apart.length > 0 && (
        <details className="apart">
          <summary>{texts.apart(apart.length, match.evicted)}</summary>
          <Timeline title={texts.apartTitle} steps={apart} {...shared}>
            <p>{texts.apartWhy}</p>
          </Timeline>
        </details>
      )}
      {claims.length > 0 && (
        <details className="apart">
          <summary>{texts.claims(claims.length)}</summary>
          <Timeline title={texts.claimsTitle} steps={claims} {...shared}>
            <p>{texts.claimsWhy}</p>
          </Timeline>
        </details>
      )}
    </div>
  )
}

export interface TrailHistoryProps {
  readonly match: Match
}

function chaptersOf(match: Match) {
  // Tickets are noted hours later: on one scale with them, what happened would be a dot.
  const isNote = ({ hop, part }: MatchStep): boolean => hop === 'support' && part === 'records'
  const isClaimed = stepsOf(match, 'own').length === 0
  return {
    happened: stepsOf(match, isClaimed ? 'claims' : 'own', 'page', 'records').filter((step) => !isNote(step)),
    later: match.later.map((run) => {
      const ids = new Set(run.stepIds)
      return { run, steps: match.steps.filter(({ id }) => ids.has(id)) }
    }),
    noted: match.steps.filter(isNote),
    apart: stepsOf(match, 'apart'),
    claims: isClaimed ? [] : stepsOf(match, 'claims'),
  }
}
