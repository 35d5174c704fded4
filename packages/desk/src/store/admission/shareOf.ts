import { isChatter } from '@waybill/trail'
import type { StoredStep } from '../StoredStep.ts'

/**
 * How full a trail may be, as a share of its cap, for a step still to be taken in. Log lines come by the hundred and tell less than spans,
 * so they must not keep those out: below WARN they are taken while a tenth is taken up, others up to a half.
 */
export function shareOf(step: StoredStep): number {
  if (step.hop !== 'log') return 1
  return isChatter(step) ? 1 / 10 : 1 / 2
}
