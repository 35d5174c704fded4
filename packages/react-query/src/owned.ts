import type { Action } from '@waybill/browser'

/**
 * The actions that may be failed from here, by how many mutations are in them: those begun for a mutation succeed with the last
 * one. `Infinity` where nobody holds a handle, a click's own and that of a background call: they end when they fall silent.
 */
export const owned = new WeakMap<Action, number>()
