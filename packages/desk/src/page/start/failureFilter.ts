import { FAILURE_OUTCOMES } from '../../failures/FailuresAnswer.ts'
import type { FailureOutcome } from '../../failures/FailuresAnswer.ts'

/** Which failures are shown. It stands in the address, so that it can be gone back to and handed on; nothing of a customer is in it. */
export interface FailureFilter {
  readonly since: FailureSpan
  /** Null for any. */
  readonly outcome: FailureOutcome | null
  /** Null for all. */
  readonly service: string | null
}

/** How far back. */
export type FailureSpan = '1h' | '24h' | '7d' | '30d'

export const FAILURE_SPANS: readonly FailureSpan[] = ['1h', '24h', '7d', '30d']

/** The filter that an address's query says; what is no filter in it is as if it were not there. */
export function filterIn(query: string): FailureFilter {
  const asked = new URLSearchParams(query)
  const service = asked.get('service') ?? ''
  return {
    since: FAILURE_SPANS.find((span) => span === asked.get('since')) ?? '24h',
    outcome: FAILURE_OUTCOMES.find((outcome) => outcome === asked.get('outcome')) ?? null,
    service: service === '' || service.length > LONGEST_NAME ? null : service,
  }
}

/** The query for an address: only what differs from what is shown at first. */
export function queryOf({ since, outcome, service }: FailureFilter): string {
  const query = new URLSearchParams({
    ...(since !== '24h' && { since }),
    ...(outcome !== null && { outcome }),
    ...(service !== null && { service }),
  })
  return query.size === 0 ? '' : `?${query}`
}

const LONGEST_NAME = 200
