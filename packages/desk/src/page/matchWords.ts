import type { TrailSummary } from '../lookup/Match.ts'

/** Whether only a browser ties the trail to what was searched for. */
export function isByClaim({ foundBy }: Pick<TrailSummary, 'foundBy'>): boolean {
  return foundBy.startsWith('claim')
}

/** `1 trail`, `20 trails`. */
export function trailsText(count: number): string {
  return `${numberText(count)} ${count === 1 ? 'trail' : 'trails'}`
}

/** `1 report`, `5,000 reports`. */
export function reportsText(count: number): string {
  return `${numberText(count)} ${count === 1 ? 'report' : 'reports'}`
}

/** The desk counts up to 10 000. */
function numberText(count: number): string {
  return count < 10_000 ? count.toLocaleString('en-GB') : '10,000 or more'
}
