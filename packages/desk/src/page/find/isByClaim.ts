import type { TrailSummary } from '../../lookup/Match.ts'

/** Whether only a browser ties the trail to what was searched for. */
export function isByClaim({ foundBy }: Pick<TrailSummary, 'foundBy'>): boolean {
  return foundBy.startsWith('claim')
}
