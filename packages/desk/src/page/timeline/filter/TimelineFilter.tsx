import { HOPS } from '@waybill/trail'
import { countText } from '../../countText.ts'
import { useTexts } from '../../texts/useTexts.ts'
import type { MatchStep } from '../../../lookup/Match.ts'
import { filterKey, NO_FILTER } from './stepFilter.ts'
import type { StepFilter } from './stepFilter.ts'

/** Narrows the steps by their text, service and kind, and says how many are left. */
export function TimelineFilter({ steps, filter, wantedCount, onChange }: TimelineFilterProps) {
  const texts = useTexts().timeline
  const services = [...new Set(steps.map(({ service }) => service))].toSorted()
  const present = new Set(steps.map(({ hop }) => hop))
  const choose = (part: Partial<StepFilter>) => onChange({ ...filter, ...part })
  const isActive = filterKey(filter) !== ''
  return (
    <fieldset className="step-filter" aria-label={texts.filterLabel}>
      <input
        type="search"
        aria-label={texts.filterLabel}
        placeholder={texts.filterLabel}
        value={filter.text}
        onChange={(event) => choose({ text: event.currentTarget.value })}
      />
      {services.length > 1 && (
        <select
          aria-label={texts.service}
          value={filter.service}
          onChange={(event) => choose({ service: event.currentTarget.value })}
        >
          <option value="">{texts.allServices}</option>
          {services.map((service) => (
            <option key={service}>{service}</option>
          ))}
        </select>
      )}
      {present.size > 1 && (
        <select
          aria-label={texts.hop}
          value={filter.hop}
          onChange={(event) => choose({ hop: event.currentTarget.value })}
        >
          <option value="">{texts.allHops}</option>
          {HOPS.filter((hop) => present.has(hop)).map((hop) => (
            <option key={hop}>{hop}</option>
          ))}
        </select>
      )}
      <output>{isActive && texts.stepsShown(countText(wantedCount), countText(steps.length))}</output>
      {isActive && (
        <button type="button" className="quiet" onClick={() => onChange(NO_FILTER)}>
          {texts.clear}
        </button>
      )}
    </fieldset>
  )
}

export interface TimelineFilterProps {
  readonly steps: readonly MatchStep[]
  readonly filter: StepFilter
  readonly wantedCount: number
  readonly onChange: (filter: StepFilter) => void
}
