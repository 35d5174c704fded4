'use client'
import { useCallback, useSyncExternalStore } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import type { Action } from '@waybill/browser'
import { observedActions } from './waybillMutations.ts'

/**
 * The reference of the mutation that a `useMutation` result shows now: there from the moment of `mutate()`, gone after `reset()`.
 * Needs a client made with `waybillMutations`.
 */
export function useMutationReference(mutation: { readonly mutateAsync: object }): Action['reference'] | undefined {
  const { mutateAsync } = mutation
  const cache = useQueryClient().getMutationCache()
  const subscribe = useCallback((listener: () => void) => cache.subscribe(listener), [cache])
  return useSyncExternalStore(subscribe, () => observedActions.get(mutateAsync)?.reference, nothing)
}

const nothing = (): undefined => undefined
