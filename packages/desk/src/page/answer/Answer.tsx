import type { Match } from '../../lookup/Match.ts'
import type { DeskClient } from '../createDeskClient.ts'
import { dayAndTime } from '../dayAndTime.ts'
import { OutcomeMark } from '../OutcomeMark.tsx'
import { useTexts } from '../texts/useTexts.ts'
import { useFocusOnce } from '../useFocusOnce.ts'
import { beganBy } from './beganBy.ts'
import { fourFacts } from './fourFacts.ts'
import { HandlingBar } from './HandlingBar.tsx'
import { LinkedTrails } from './LinkedTrails.tsx'
import { StepLink } from './StepLink.tsx'
import { TodoFact } from './TodoFact.tsx'

/** The answer in one breath, then the four facts. Whoever is in a hurry can stop reading here. */
export function Answer({ match, client, who, mayLink, onOpen, onChanged }: AnswerProps) {
  const heading = useFocusOnce<HTMLHeadingElement>()
  const texts = useTexts().answer
  const { outcome, action, startedAt, claimed, screen } = match
  const facts = fourFacts(match)
  const began = beganBy(match)
  const kind =
    began === null ? null : { schedule: texts.scheduledRun, webhook: texts.webhook, alert: texts.alert }[began]
  return (
    <section className="answer" data-outcome={outcome.state}>
      <p className="eyebrow">
        <OutcomeMark state={outcome.state} />
        {outcome.pageFailure && <strong className="disagreement">{texts.pageDisagrees}</strong>}
        <time dateTime={startedAt}>{dayAndTime(startedAt)}</time>
        {kind !== null && <span>{kind}</span>}
        {claimed && <span className="claim">{texts.reportedByBrowser}</span>}
      </p>
      <h1 ref={heading} tabIndex={-1}>
        {action ?? match.reference}
      </h1>
      <p className="sentence">{outcome.sentence}</p>
      {screen && <p className="screen">{texts.screenSaid(screen.text)}</p>}
      {kind === null && <p className="hint">{texts.noProof}</p>}
      <HandlingBar match={match} client={client} who={who} mayLink={mayLink} onChanged={onChanged} />
      <dl className="four-facts">
        <div>
          <dt>{texts.started}</dt>
          <dd>{facts.started}</dd>
        </div>
        <div>
          <dt>{texts.touched}</dt>
          <dd>{facts.touched}</dd>
        </div>
        <div>
          <dt>{texts.failed}</dt>
          <dd>
            {facts.failedStepId === null ? (
              facts.failed
            ) : (
              <StepLink stepId={facts.failedStepId}>{facts.failed}</StepLink>
            )}
          </dd>
        </div>
        <div>
          <dt>{texts.todo}</dt>
          <dd>
            <TodoFact match={match} />
          </dd>
        </div>
      </dl>
      <LinkedTrails links={match.links} onOpen={onOpen} />
    </section>
  )
}

export interface AnswerProps {
  readonly match: Match
  readonly client: Pick<DeskClient, 'setHandling'>
  /** Whoever is signed in; '' where the desk does not say. */
  readonly who: string
  /** Whether whoever is signed in may note something. */
  readonly mayLink: boolean
  /** Opens another trail. */
  readonly onOpen: (reference: string) => void
  /** Asks for this one again. */
  readonly onChanged: () => void
}
