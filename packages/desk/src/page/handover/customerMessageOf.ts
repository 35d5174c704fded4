import type { Match } from '../../lookup/Match.ts'

/**
 * What a customer may be told of a trail. It claims no more than the trail shows: they are told to try again only where its advice says so,
 * and that something went through only on a server's word. Where part of it could not be seen, nothing is claimed.
 */
export function customerMessageOf(match: CustomerMatch): CustomerMessage {
  const { outcome, waitsFor, handling, unseen, claimed, steps } = match
  const { state, advice, pageFailure } = outcome
  if (unseen.length > 0) return 'finding-out'
  if (waitsFor === 'person' && handling?.state === 'done') return 'dealt-with'
  const isUnsettled = claimed && state !== 'failed'
  if (state === 'unknown' || isUnsettled || advice === 'ask-engineering') return 'finding-out'
  if (pageFailure !== null) return state === 'failed' ? 'finding-out' : PAGE_FAILED[state]
  if (state === 'running') return 'working'
  if (state === 'failed') return BY_ADVICE[advice]
  // A run that came later waits for somebody: that it went through may not be the whole truth.
  if (waitsFor === 'person') return 'finding-out'
  return isOurs(steps) ? 'processed' : 'done'
}

export type CustomerMatch = Pick<Match, 'outcome' | 'waitsFor' | 'handling' | 'unseen' | 'claimed'> & {
  readonly steps: readonly Pick<Match['steps'][number], 'part' | 'hop'>[]
}

/**
 * `done-unseen`, `working-unseen`: the customer's page said that it failed. `put-right`: work of ours that failed. `by-hand`: somebody here
 * has to finish it. `dealt-with`: somebody says that they did. `processed`: work of ours that went well.
 */
export type CustomerMessage =
  | 'done'
  | 'done-unseen'
  | 'working'
  | 'working-unseen'
  | 'try-again'
  | 'other-card'
  | 'correct'
  | 'sign-in'
  | 'refused'
  | 'put-right'
  | 'by-hand'
  | 'finding-out'
  | 'dealt-with'
  | 'processed'

const PAGE_FAILED = { succeeded: 'done-unseen', running: 'working-unseen' } as const

const BY_ADVICE = {
  none: 'finding-out',
  'customer-retry': 'try-again',
  'customer-other-card': 'other-card',
  'customer-correct': 'correct',
  'customer-sign-in': 'sign-in',
  'no-retry': 'refused',
  rerun: 'put-right',
  'rerun-failed': 'put-right',
  redeliver: 'put-right',
  'manual-fix': 'by-hand',
} as const

/** Work that no customer's request began. */
function isOurs(steps: CustomerMatch['steps']): boolean {
  const first = steps.find(({ part }) => part === 'own')
  return !steps.some(({ part }) => part === 'page') && first?.hop !== 'api'
}
