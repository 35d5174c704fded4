import type { Match } from '../../lookup/Match.ts'
import { stepsOf } from './fourFacts.ts'

/** What began a trail that no customer began; null where one did, or nobody knows. */
export function beganBy(match: Match): 'schedule' | 'webhook' | 'alert' | null {
  if (stepsOf(match, 'page').length > 0) return null
  const hop = stepsOf(match, 'own')[0]?.hop
  return hop === 'schedule' || hop === 'webhook' || hop === 'alert' ? hop : null
}
