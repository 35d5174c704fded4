import { isRead } from '@waybill/trail'
import type { Match } from '../../lookup/Match.ts'

/**
 * What a customer may be told of a trail. It claims no more than servers tell, and where anything speaks against it, nothing: they are told
 * to try again only where the advice says so, and that something went through only where all of it did.
 */
export function customerMessageOf(match: CustomerMatch): CustomerMessage {
  const { outcome, later, handling, unseen, steps } = match
  const { state, advice, pageFailure } = outcome
  if (unseen.length > 0) return 'finding-out'
  if (handling?.state === 'done') return handling.isOutdated ? 'finding-out' : 'dealt-with'
  if (state === 'unknown' || advice === 'ask-engineering' || !isCertain(match)) return 'finding-out'
  const open = later.filter((run) => run.state !== 'succeeded')
  if (open.length > 0)
    return state === 'succeeded' && pageFailure === null && open.every((run) => run.state === 'running')
      ? 'working'
      : 'finding-out'
  if (pageFailure !== null) return state === 'failed' ? 'finding-out' : PAGE_FAILED[state]
  if (state === 'running') return 'working'
  if (state === 'succeeded') return isOurs(steps) ? 'processed' : 'done'
  const message = BY_ADVICE[advice]
  // What the customer gave may be why it failed.
  if (message === 'put-right') return isOurs(steps) ? message : 'finding-out'
  // Their page may say that a later attempt went well, of which no server tells yet.
  const round = steps.findLast(({ part, action }) => part === 'page' && action !== null)
  return message !== 'by-hand' && round?.action === 'succeeded' ? 'finding-out' : message
}

export type CustomerMatch = Pick<Match, 'outcome' | 'later' | 'handling' | 'unseen' | 'claimed'> & {
  readonly steps: readonly Pick<Match['steps'][number], 'part' | 'hop' | 'action' | 'name' | 'effect' | 'attributes'>[]
}

/**
 * Whether servers tell it, and no browser tells of more: an action or a write that no server's step came of may be the customer's as well
 * as a stranger's.
 */
function isCertain({ claimed, steps }: CustomerMatch): boolean {
  const isMore = (step: CustomerMatch['steps'][number]): boolean =>
    step.part === 'claims' && step.hop === 'browser' && (step.action !== null || !isRead(step))
  return !claimed && !steps.some(isMore)
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
