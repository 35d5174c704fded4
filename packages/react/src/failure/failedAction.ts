import type { Action, FailOptions, Waybill } from '@waybill/browser'

/**
 * The action that an error without a reference is the end of: `known` if it has a name, else one that begins here. It has failed
 * when this returns, so that support finds it.
 */
export function failedAction(waybill: Waybill, error: unknown, { name, known, during }: FailedActionOptions): Action {
  const action = known?.name ? known : waybill.begin(name)
  action.fail(error, { during })
  return action
}

interface FailedActionOptions extends FailOptions {
  /** Of an action that begins here. */
  readonly name: string
  readonly known: Action | undefined
}
