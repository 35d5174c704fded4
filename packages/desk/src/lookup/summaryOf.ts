import type { Match, TrailSummary } from './Match.ts'

/** A trail as it stands in a list: without its steps, which only an opened one needs. */
export function summaryOf(match: Match): TrailSummary {
  const { steps: _steps, ...summary } = match
  return summary
}
