import type { Action, Waybill } from '@waybill/browser'
import type { Reference } from '@waybill/reference'

/**
 * Runs `fn` as the next attempt of the action behind `reference`: what it calls keeps the reference. An action that this
 * session no longer knows cannot go on, so `fn` just runs.
 */
export function tryAgain<T>(waybill: Waybill | undefined, reference: Reference | undefined, fn: () => T): T {
  const action = reference && waybill?.actionOf(reference)
  if (!waybill || !action) return fn()
  takeUp(waybill, action)
  return action.run(fn)
}

/** Counts the next attempt, unless the running code is part of it already: "Try again" that calls `retry` counts once. */
export function takeUp(waybill: Waybill, action: Action): void {
  if (action.state !== 'open' || waybill.current()?.reference !== action.reference) action.retry()
}
