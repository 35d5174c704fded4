import type { LookUpAnswer } from '../../lookup/Match.ts'
import { Incomplete } from '../Incomplete.tsx'
import { useTexts } from '../texts/useTexts.ts'
import { useFocusOnce } from '../useFocusOnce.ts'
import { SameInAll } from './SameInAll.tsx'
import { Searched } from './Searched.tsx'
import { slipIn } from './slipIn.ts'
import { tellApart } from './tellApart.ts'
import { TrailList } from './TrailList.tsx'

/** Nothing was found: trails that were perhaps meant, or else what was searched and how far back the desk remembers. */
export function Nothing({ answer, text, onOpen, onRetry }: NothingProps) {
  const { find } = useTexts()
  const { suggestions, complete, unseen } = answer
  const heading = useFocusOnce<HTMLHeadingElement>()
  const isGuess = suggestions.length > 0
  const [only, ...others] = suggestions
  const distinction = tellApart(suggestions)
  return (
    <section className={isGuess ? 'matches' : 'notice'}>
      {isGuess ? (
        <>
          <h1 ref={heading} tabIndex={-1}>
            {only && others.length === 0 ? find.didYouMean(only.reference) : find.didYouMeanOne}
          </h1>
          <p>{others.length === 0 ? find.nearOne : find.nearSome}</p>
          <SameInAll distinction={distinction} />
          <TrailList
            trails={suggestions}
            distinction={distinction}
            slipOf={(reference) => slipIn(reference, text)}
            onOpen={onOpen}
          />
          <h2>{find.whatWasSearched}</h2>
        </>
      ) : (
        <h1>{complete ? find.nothing : find.notSeen}</h1>
      )}
      {!complete && <Incomplete unseen={unseen} text={find.nothingIncomplete} />}
      <Searched answer={answer} />
      <p>{find.offlineBrowsers}</p>
      <button type="button" className={isGuess ? 'second-button' : 'main-button'} onClick={() => void onRetry()}>
        {find.tryAgain}
      </button>
    </section>
  )
}

export interface NothingProps {
  readonly answer: LookUpAnswer
  /** What was looked for. */
  readonly text: string
  readonly onOpen: (reference: string) => void
  readonly onRetry: () => Promise<void>
}
