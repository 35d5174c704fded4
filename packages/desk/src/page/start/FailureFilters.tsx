import { useTexts } from '../texts/useTexts.ts'
import { FAILURE_OUTCOMES } from '../../failures/FailuresAnswer.ts'
import { FAILURE_SPANS } from './failureFilter.ts'
import type { FailureFilter } from './failureFilter.ts'

/** Chooses which failures are shown: of which time, with which outcome, at which service. */
export function FailureFilters({ filter, services, onChange }: FailureFiltersProps) {
  const { start } = useTexts()
  const { since, outcome, service } = filter
  // The address may name one of which nothing failed.
  const named = service === null || services.includes(service) ? services : [service, ...services]
  return (
    <div className="failures-filters">
      <label>
        {start.heardOf}{' '}
        <select
          value={since}
          onChange={({ currentTarget }) =>
            onChange({ since: FAILURE_SPANS.find((span) => span === currentTarget.value) ?? since })
          }
        >
          {FAILURE_SPANS.map((span) => (
            <option key={span} value={span}>
              {start.spans[span]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {start.outcome}{' '}
        <select
          value={outcome ?? ''}
          onChange={({ currentTarget }) =>
            onChange({ outcome: FAILURE_OUTCOMES.find((each) => each === currentTarget.value) ?? null })
          }
        >
          <option value="">{start.anyOutcome}</option>
          {FAILURE_OUTCOMES.map((each) => (
            <option key={each} value={each}>
              {start.outcomes[each]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {start.service}{' '}
        <select
          value={service ?? ''}
          onChange={({ currentTarget }) => onChange({ service: currentTarget.value || null })}
        >
          <option value="">{start.anyService}</option>
          {named.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}

export interface FailureFiltersProps {
  readonly filter: FailureFilter
  /** Those of which something failed. */
  readonly services: readonly string[]
  readonly onChange: (changes: Partial<FailureFilter>) => void
}
