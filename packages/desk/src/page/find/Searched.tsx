import type { LookUpAnswer } from '../../lookup/Match.ts'
import { SPAN_STORE_NAMES } from '../../lookup/unseenText.ts'
import { dayAndTime } from '../dayAndTime.ts'
import { useTexts } from '../texts/useTexts.ts'

/** As what a text was searched for, where, and how far back. */
export function Searched({ answer: { searched, keepDays } }: SearchedProps) {
  const { find } = useTexts()
  const { references, numbers, spans } = searched
  return (
    <dl className="searched">
      <div>
        <dt>{find.asReference}</dt>
        <dd>{references.join(', ') || find.noReference}</dd>
      </div>
      <div>
        <dt>{find.asNumber}</dt>
        <dd>
          {numbers === 0
            ? find.noNumber
            : `${find.numbers}${numbers < MOST_NUMBERS ? '' : find.firstNumbers(MOST_NUMBERS)}`}
        </dd>
      </div>
      <div>
        <dt>{find.howFarBack}</dt>
        <dd>{find.keepDays(keepDays)}</dd>
      </div>
      {spans.map(({ where, from, to }) => (
        <div key={`${where} ${from}`}>
          <dt>{find.alsoIn(SPAN_STORE_NAMES[where])}</dt>
          <dd>{find.fromTo(dayAndTime(from), dayAndTime(to))}</dd>
        </div>
      ))}
    </dl>
  )
}

export interface SearchedProps {
  readonly answer: Pick<LookUpAnswer, 'searched' | 'keepDays'>
}

/** As many as one look-up takes out of a text; see `valuesIn`. */
const MOST_NUMBERS = 50
