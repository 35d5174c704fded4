'use client'
import type { Action } from '@waybill/browser'
import type { Marked } from './Marked.ts'

/**
 * The reference of the mutation that a `useMutation` result shows: there from the moment of `mutate()`, gone after `reset()`.
 * Needs a client made with `waybillMutations`.
 */
export function useMutationReference(mutation: object): Action['reference'] | undefined {
  return (mutation as Marked).reference
}
