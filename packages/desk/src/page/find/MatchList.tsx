import type { LookUpAnswer } from '../../lookup/Match.ts'
import { ClaimsFold } from './ClaimsFold.tsx'
import { countText } from '../countText.ts'
import { Incomplete } from '../Incomplete.tsx'
import { isByClaim } from './isByClaim.ts'
import { TrailList } from './TrailList.tsx'
import { useFocusOnce } from '../useFocusOnce.ts'

/** Several trails that one text leads to; those that only browsers tie to it stand apart, below. */
export function MatchList({ answer, onOpen }: MatchListProps) {
  const heading = useFocusOnce<HTMLHeadingElement>()
  const { matches, more, claims, unseen } = answer
  const confirmed = matches.filter((match) => !isByClaim(match))
  const claimed = matches.filter(isByClaim)
  return (
    <section className="matches">
      <h1 ref={heading} tabIndex={-1}>
        {countText(confirmed.length || claims, 'trail')}
      </h1>
      <Incomplete unseen={unseen} text="There may be more trails than these." />
      <p>{confirmed.length === 0 ? ONLY_CLAIMED : confirmed.length === 1 ? ONE : more ? MORE : ALL}</p>
      {confirmed.length > 0 && <TrailList trails={confirmed} onOpen={onOpen} />}
      {claims > 0 && (
        <ClaimsFold count={claims} isAlone={confirmed.length === 0}>
          {claims > claimed.length && <p>{claimed.length} of them are shown.</p>}
          <TrailList trails={claimed} onOpen={onOpen} />
        </ClaimsFold>
      )}
    </section>
  )
}

export interface MatchListProps {
  readonly answer: LookUpAnswer
  readonly onOpen: (reference: string) => void
}

const ALL = 'Newest first. Choose the one the customer means.'
const ONE = 'The one that a server ties to what you searched for.'
const MORE = 'The newest ones; there are more. Add the code or an order number to narrow it down.'
const ONLY_CLAIMED =
  'Only a browser said that they belong to what you searched for; no server confirmed it. Choose the one the customer means.'
