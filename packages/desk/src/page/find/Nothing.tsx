import type { LookUpAnswer } from '../../lookup/Match.ts'
import { SPAN_STORE_NAMES } from '../../lookup/unseenText.ts'
import { dayAndTime } from '../clockTime.ts'
import { Incomplete } from '../Incomplete.tsx'
import { TrailList } from './TrailList.tsx'
import { useFocusOnce } from '../useFocusOnce.ts'

/** Nothing was found: trails that were perhaps meant, or else what was searched and how far back the desk remembers. */
export function Nothing({ answer, onOpen, onRetry }: NothingProps) {
  const { suggestions, searched, keepDays, complete, unseen } = answer
  const heading = useFocusOnce<HTMLHeadingElement>()
  const isGuess = suggestions.length > 0
  const [only, ...others] = suggestions
  return (
    <section className={isGuess ? 'matches' : 'notice'}>
      {isGuess ? (
        <>
          <h1 ref={heading} tabIndex={-1}>
            {only && others.length === 0 ? `Did you mean ${only.reference}?` : 'Did you mean one of these?'}
          </h1>
          <p>
            The code is not known. {others.length === 0 ? 'A known one differs' : 'These are, and differ'} from it by a
            single slip: ask the customer what they did, and when, before you open {others.length === 0 ? 'it' : 'one'}.
          </p>
          <TrailList trails={suggestions} onOpen={onOpen} />
          <h2>What was searched</h2>
        </>
      ) : (
        <h1>{complete ? 'Nothing is known about this' : 'Not found in what could be searched'}</h1>
      )}
      {!complete && (
        <Incomplete
          unseen={unseen}
          text="It may be there all the same. Try again in a while; if it stays so, tell whoever runs the desk."
        />
      )}
      <dl className="searched">
        <div>
          <dt>As a reference or trace-id</dt>
          <dd>{searched.references.join(', ') || 'none could be read in it'}</dd>
        </div>
        <div>
          <dt>As a number or id</dt>
          <dd>{numbersText(searched.numbers)}</dd>
        </div>
        <div>
          <dt>How far back</dt>
          <dd>{keepDays === 1 ? 'one day' : `${keepDays} days`} after a trail’s last step; what is older is gone</dd>
        </div>
        {searched.spans.map(({ where, from, to }) => (
          <div key={`${where} ${from}`}>
            <dt>Also in {SPAN_STORE_NAMES[where]}</dt>
            <dd>
              {dayAndTime(from)} to {dayAndTime(to)}
            </dd>
          </div>
        ))}
      </dl>
      <p>A browser that is offline reports later.</p>
      <button type="button" className={isGuess ? 'second-button' : 'main-button'} onClick={() => void onRetry()}>
        Try again
      </button>
    </section>
  )
}

export interface NothingProps {
  readonly answer: LookUpAnswer
  readonly onOpen: (reference: string) => void
  readonly onRetry: () => Promise<void>
}

function numbersText(count: number): string {
  if (count === 0) return 'nothing in it could be one'
  const kinds = 'of an order, a ticket, a customer, a job, a session, a span, another tool’s trace'
  return count < MOST_NUMBERS ? kinds : `${kinds}; only the first ${MOST_NUMBERS} in it`
}

/** As many as one look-up takes out of a text; see `valuesIn`. */
const MOST_NUMBERS = 50
