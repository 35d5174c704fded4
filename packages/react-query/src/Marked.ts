import type { Action } from '@waybill/browser'

/**
 * The state of a query or a mutation with the reference it is under. There it goes wherever React Query takes the state: into a
 * mutation's result, back when a fetch is reverted, and into a persisted cache.
 */
export interface Marked {
  reference?: Action['reference'] | undefined
}
