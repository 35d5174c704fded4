import type { MouseEvent } from 'react'
import type { Match } from '../lookup/Match.ts'
import { dayAndTime } from './clockTime.ts'
import { OutcomeMark } from './OutcomeMark.tsx'
import { useFocusOnce } from './useFocusOnce.ts'

/** Several trails that one text leads to. A person chooses; none is opened by guess. */
export function MatchList({ matches, more, onOpen }: MatchListProps) {
  const heading = useFocusOnce<HTMLHeadingElement>()
  const open = (event: MouseEvent, reference: string): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    onOpen(reference)
  }
  return (
    <section className="matches">
      <h1 ref={heading} tabIndex={-1}>
        {matches.length} trails
      </h1>
      <p>
        {more
          ? 'The newest ones; there are more. Add the code or an order number to narrow it down.'
          : 'Newest first. Choose the one the customer means.'}
      </p>
      <ul>
        {matches.map((match) => (
          <li key={match.reference}>
            <a href={`/trail/${match.reference}`} onClick={(event) => open(event, match.reference)}>
              <span className="match-head">
                <OutcomeMark state={match.outcome.state} />
                <code dir="ltr">{match.reference}</code>
              </span>
              <b>{match.action}</b>
              <time dateTime={match.startedAt}>{dayAndTime(match.startedAt)}</time>
              <span className="match-sentence">{match.outcome.sentence}</span>
              {Object.entries(match.facts).map(([name, value]) => (
                <span key={name} className="badge">
                  {name} {value}
                </span>
              ))}
              {match.claimed && <span className="claim">reported by the customer’s browser</span>}
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

export interface MatchListProps {
  readonly matches: readonly Match[]
  /** Whether there are more than these. */
  readonly more: boolean
  readonly onOpen: (reference: string) => void
}
