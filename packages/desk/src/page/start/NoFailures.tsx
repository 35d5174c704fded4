import { useTexts } from '../texts/useTexts.ts'
import { FAILURE_SPANS } from './failureFilter.ts'
import type { FailureFilter } from './failureFilter.ts'

/** That nothing failed, as far as is known, and what to do then. */
export function NoFailures({ filter, isWhole, onChange }: NoFailuresProps) {
  const { start } = useTexts()
  const { since, outcome, service } = filter
  const isNarrow = outcome !== null || service !== null
  const longer = FAILURE_SPANS[FAILURE_SPANS.indexOf(since) + 1]
  return (
    <div className="no-failures">
      <h3>{!isWhole ? start.noneKnown : isNarrow ? start.noneOfThese(since) : start.none(since)}</h3>
      <p>{isNarrow ? start.noneOfTheseHint : start.noneHint}</p>
      {isNarrow && (
        <button type="button" className="second-button" onClick={() => onChange({ outcome: null, service: null })}>
          {start.showAll}
        </button>
      )}
      {longer && (
        <button type="button" className="second-button" onClick={() => onChange({ since: longer })}>
          {start.further(longer)}
        </button>
      )}
    </div>
  )
}

export interface NoFailuresProps {
  readonly filter: FailureFilter
  /** Whether all was looked through. */
  readonly isWhole: boolean
  readonly onChange: (changes: Partial<FailureFilter>) => void
}
