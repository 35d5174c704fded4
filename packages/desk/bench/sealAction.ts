import { sealStep } from '../src/intake/sealStep.ts'
import type { StoredStep } from '../src/store/StoredStep.ts'
import type { Action } from './createActions.ts'

/** Steps as a store takes them. */
export function sealAction(action: Action, { secret, now }: SealActionOptions): StoredStep[] {
  const leaveOut = (): void => {}
  const seal = (claimed: boolean) => (step: Action['api'][number]) =>
    sealStep(step, { secret, claimed, now, leaveOut }) ?? []
  return [...action.browser.flatMap(seal(true)), ...[...action.api, ...action.worker].flatMap(seal(false))]
}

export interface SealActionOptions {
  readonly secret: Uint8Array
  readonly now: number
}
