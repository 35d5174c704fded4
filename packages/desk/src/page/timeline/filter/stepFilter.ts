import { stepWords } from '@waybill/trail'
import type { MatchStep } from '../../../lookup/Match.ts'

/** What the steps are narrowed to; empty strings narrow nothing. */
export interface StepFilter {
  readonly text: string
  readonly service: string
  readonly hop: string
}

export const NO_FILTER: StepFilter = { text: '', service: '', hop: '' }

/** The ids of the steps that a filter wants; null where it wants all. */
export function wantedSteps(steps: readonly MatchStep[], filter: StepFilter): ReadonlySet<string> | null {
  if (filterKey(filter) === '') return null
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean)
  return new Set(
    steps
      .filter(
        (step) =>
          (filter.service === '' || step.service === filter.service) &&
          (filter.hop === '' || step.hop === filter.hop) &&
          hasAll(step, words),
      )
      .map(({ id }) => id),
  )
}

/** Equal for filters that want the same; empty for one that wants all. */
export function filterKey({ text, service, hop }: StepFilter): string {
  return [text.trim(), service, hop].some(Boolean) ? JSON.stringify([text.trim(), service, hop]) : ''
}

/** Whether all words are somewhere in what a row and its details say. */
function hasAll(step: MatchStep, words: readonly string[]): boolean {
  if (words.length === 0) return true
  const { subject, deed, trouble } = stepWords(step)
  const { facts, attributes, error } = step
  const said = [
    subject,
    deed,
    trouble,
    step.service,
    step.hop,
    step.name,
    step.remains,
    error?.type,
    error?.message,
    ...Object.entries(facts).flat(),
    ...Object.entries(attributes).flat(),
  ]
  const text = said.join('\n').toLowerCase()
  // Of an id only the whole means something: parts of many look alike.
  return words.every((word) => text.includes(word) || word === step.id || word === step.jobId?.toLowerCase())
}
