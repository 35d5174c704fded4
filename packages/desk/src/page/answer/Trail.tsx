import type { Match } from '../../lookup/Match.ts'
import type { DeskClient } from '../createDeskClient.ts'
import { Handover } from '../handover/Handover.tsx'
import { HopMap } from '../hopMap/HopMap.tsx'
import { Incomplete } from '../Incomplete.tsx'
import { useTexts } from '../texts/useTexts.ts'
import type { Desk } from '../useDesk.ts'
import { Answer } from './Answer.tsx'
import { TrailFacts } from './TrailFacts.tsx'
import { TrailHistory } from './TrailHistory.tsx'

/** One trail: the answer, the ways to hand it on, how it came about, and what it is known by. */
export function Trail({ match, desk, client }: TrailProps) {
  const { access, look, lookAtCustomer, refresh } = desk
  const texts = useTexts().answer
  // Where the desk does not say who it is, nobody else can be signed in.
  const who = access.state === 'signed-in' ? (access.session.who ?? '') : ''
  const mayLink = access.state === 'signed-in' && access.session.scopes.includes('link')
  const askAgain = (): void => void refresh(match.reference)
  return (
    <>
      <Incomplete unseen={match.unseen} text={texts.incomplete} />
      <article className="trail">
        <div className="story">
          <Answer match={match} client={client} who={who} mayLink={mayLink} onOpen={look} onChanged={askAgain} />
          <Handover match={match} client={client} mayLink={mayLink} onChanged={askAgain} />
          <HopMap match={match} />
          <TrailHistory match={match} />
        </div>
        <TrailFacts match={match} onSearch={look} onCustomer={lookAtCustomer} />
      </article>
    </>
  )
}

export interface TrailProps {
  readonly match: Match
  readonly client: Pick<DeskClient, 'setHandling' | 'attachTicket'>
  readonly desk: Pick<Desk, 'access' | 'look' | 'lookAtCustomer' | 'refresh'>
}
