import type { Match, MatchStep } from '../../lookup/Match.ts'
import { dayAndTime } from '../clockTime.ts'
import { stepsOf } from './fourFacts.ts'
import { OutcomeMark } from '../OutcomeMark.tsx'
import { Timeline } from '../timeline/Timeline.tsx'

/**
 * What happened: the action's own work first, then each run and webhook that came later with a verdict of its own, and last, folded
 * and apart, what anybody can send who knows the reference.
 */
export function TrailHistory({ match }: TrailHistoryProps) {
  // Tickets are noted hours later: on one scale with them, what happened would be a dot.
  const isNote = ({ hop, part }: MatchStep): boolean => hop === 'support' && part === 'records'
  const noted = match.steps.filter(isNote)
  const claims = stepsOf(match, 'claims')
  const apart = stepsOf(match, 'apart')
  const isClaimed = stepsOf(match, 'own').length === 0
  const happened = stepsOf(match, isClaimed ? 'claims' : 'own', 'page', 'records').filter((step) => !isNote(step))
  return (
    <div className="history">
      {happened.length > 0 && <Timeline title="What happened" steps={happened} />}
      {match.later.map((run) => (
        <Timeline
          key={run.stepIds[0]}
          title={`Later: ${run.name}`}
          steps={match.steps.filter(({ id }) => run.stepIds.includes(id))}
        >
          <p className="eyebrow" data-outcome={run.state}>
            <OutcomeMark state={run.state} />
            <time dateTime={run.at}>{dayAndTime(run.at)}</time>
          </p>
          <p className="sentence">{run.sentence}</p>
        </Timeline>
      ))}
      {noted.length > 0 && <Timeline title="Noted by support" steps={noted} />}
      {apart.length > 0 && (
        <details className="apart">
          <summary>{`Other requests under this reference (${apart.length}${match.evicted > 0 ? `; ${match.evicted} more were not kept` : ''})`}</summary>
          <Timeline title="Other requests" steps={apart}>
            <p>
              No known call of the customer’s page caused these. Anybody who knows the reference can send such a
              request, so they do not count in the answer above.
            </p>
          </Timeline>
        </details>
      )}
      {claims.length > 0 && !isClaimed && (
        <details className="apart">
          <summary>{`Reported by browsers alone (${claims.length})`}</summary>
          <Timeline title="Browsers’ reports" steps={claims}>
            <p>
              No server has a step that these led to. Anybody with the public key can report such a thing, so they do
              not count in the answer above.
            </p>
          </Timeline>
        </details>
      )}
    </div>
  )
}

export interface TrailHistoryProps {
  readonly match: Match
}
