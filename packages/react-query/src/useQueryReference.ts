'use client'
import { useQueryClient } from '@tanstack/react-query'
import type { Action } from '@waybill/browser'
import { useObserved } from './useObserved.ts'

/**
 * The reference of the response or the failure that this query ended its last fetch with, never another query's. While it fetches
 * anew that stays; what was restored from a cache or set by hand has none. Takes the result of `useQuery` or a hook like it.
 * Needs a client made with `waybillQueries`.
 */
export function useQueryReference({ refetch }: { readonly refetch: object }): Action['reference'] | undefined {
  return useObserved(refetch, useQueryClient().getQueryCache())
}
