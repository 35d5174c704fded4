import type { Match } from '../../lookup/Match.ts'
import { dayAndTime } from '../clockTime.ts'
import { fourFacts } from './fourFacts.ts'
import { LinkedTrails } from './LinkedTrails.tsx'
import { OutcomeMark } from '../OutcomeMark.tsx'
import { useFocusOnce } from '../useFocusOnce.ts'

/** The answer in one breath, then the four facts. Whoever is in a hurry can stop reading here. */
export function Answer({ match, onOpen }: AnswerProps) {
  const heading = useFocusOnce<HTMLHeadingElement>()
  const { outcome, action, startedAt, claimed } = match
  const facts = fourFacts(match)
  return (
    <section className="answer" data-outcome={outcome.state}>
      <p className="eyebrow">
        <OutcomeMark state={outcome.state} />
        {outcome.pageFailure && <strong className="disagreement">but the customer’s page says it failed</strong>}
        <time dateTime={startedAt}>{dayAndTime(startedAt)}</time>
        {claimed && <span className="claim">reported by the customer’s browser</span>}
      </p>
      <h1 ref={heading} tabIndex={-1}>
        {action ?? match.reference}
      </h1>
      <p className="sentence">{outcome.sentence}</p>
      <dl className="four-facts">
        <div>
          <dt>Started</dt>
          <dd>{facts.started}</dd>
        </div>
        <div>
          <dt>Touched</dt>
          <dd>{facts.touched}</dd>
        </div>
        <div>
          <dt>Failed</dt>
          <dd>{facts.failed}</dd>
        </div>
        <div>
          <dt>What to do</dt>
          <dd>
            <strong>{facts.todo}</strong>
          </dd>
        </div>
      </dl>
      <p className="hint">{NO_PROOF}</p>
      <LinkedTrails links={match.links} onOpen={onOpen} />
    </section>
  )
}

/** References are meant to be handed on, so that anybody may hold one. */
const NO_PROOF =
  'Whoever quotes this code is not proven to be the customer. Check who they are before you tell them more or change anything.'

export interface AnswerProps {
  readonly match: Match
  /** Opens another trail. */
  readonly onOpen: (reference: string) => void
}
