import type { LookUpAnswer } from '../../lookup/Match.ts'
import { Incomplete } from '../Incomplete.tsx'
import { useTexts } from '../texts/useTexts.ts'
import { useFocusOnce } from '../useFocusOnce.ts'
import { ClaimsFold } from './ClaimsFold.tsx'
import { isByClaim } from './isByClaim.ts'
import { SameInAll } from './SameInAll.tsx'
import { tellApart } from './tellApart.ts'
import { TrailList } from './TrailList.tsx'

/** Several trails that one text leads to; those that only browsers tie to it stand apart, below. */
export function MatchList({ answer, onOpen }: MatchListProps) {
  const { find } = useTexts()
  const heading = useFocusOnce<HTMLHeadingElement>()
  const { matches, more, claims, unseen } = answer
  const confirmed = matches.filter((match) => !isByClaim(match))
  const claimed = matches.filter(isByClaim)
  const [apart, claimedApart] = [tellApart(confirmed), tellApart(claimed)]
  return (
    <section className="matches">
      <h1 ref={heading} tabIndex={-1}>
        {find.trails(confirmed.length || claims)}
      </h1>
      <Incomplete unseen={unseen} text={find.incomplete} />
      <p>
        {confirmed.length === 0 ? find.onlyClaimed : confirmed.length === 1 ? find.one : more ? find.more : find.all}
      </p>
      {confirmed.length > 0 && (
        <>
          {!more && <SameInAll distinction={apart} />}
          <TrailList trails={confirmed} distinction={apart} onOpen={onOpen} />
        </>
      )}
      {claims > 0 && (
        <ClaimsFold count={claims} isAlone={confirmed.length === 0}>
          {claims > claimed.length && <p>{find.shownOfThem(claimed.length)}</p>}
          {claims === claimed.length && <SameInAll distinction={claimedApart} />}
          <TrailList trails={claimed} distinction={claimedApart} onOpen={onOpen} />
        </ClaimsFold>
      )}
    </section>
  )
}

export interface MatchListProps {
  readonly answer: LookUpAnswer
  readonly onOpen: (reference: string) => void
}
