import type { Outcome } from '@waybill/trail'
import type { WaitsFor } from './Match.ts'

/** Whose turn it is, by what is to be done. A page that shows a failure while its server finished leaves telling that to a person. */
export function waitsForOf({ state, advice, pageFailure }: Outcome): WaitsFor {
  if (pageFailure !== null) return 'person'
  if (state === 'running') return 'work'
  switch (advice) {
    case 'none':
    case 'no-retry':
      return 'nobody'
    case 'customer-retry':
    case 'customer-other-card':
    case 'customer-correct':
    case 'customer-sign-in':
      return 'customer'
    case 'rerun':
    case 'rerun-failed':
    case 'redeliver':
    case 'manual-fix':
    case 'ask-engineering':
      return 'person'
    default:
      return advice satisfies never
  }
}
