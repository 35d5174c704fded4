'use client'
import { useQueryClient } from '@tanstack/react-query'
import type { Action } from '@waybill/browser'
import { useObserved } from './useObserved.ts'

/**
 * The reference of the mutation that a `useMutation` result shows now: there from the moment of `mutate()`, gone after `reset()`.
 * Needs a client made with `waybillMutations`.
 */
export function useMutationReference(mutation: UseMutationReferenceOptions): Action['reference'] | undefined {
  const reference = useObserved(mutation.mutateAsync, useQueryClient().getMutationCache())
  return mutation.isIdle ? undefined : reference
}

/** What `useMutation` returned. */
export interface UseMutationReferenceOptions {
  readonly mutateAsync: object
  readonly isIdle: boolean
}
