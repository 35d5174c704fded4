import type { Action } from '@waybill/browser'

/**
 * The actions that may end from here, and whether they also end by themselves when they fall silent: a click's own and a background
 * call's do; those begun for mutations end with their last one. Any other, such as that of `waybill.run`, is not in it.
 */
export const owned = new WeakMap<Action, boolean>()
