'use client'
import { useQueryClient } from '@tanstack/react-query'
import type { QueryKey } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import type { Action } from '@waybill/browser'
import type { Marked } from './Marked.ts'

/**
 * The reference of the response or the failure that a query's last fetch ended with, never another query's. While it fetches anew
 * that stays. Takes what `useQuery` or a hook like it takes. Needs a client made with `waybillQueries`.
 */
export function useQueryReference({ queryKey }: { readonly queryKey: QueryKey }): Action['reference'] | undefined {
  const client = useQueryClient()
  const read = () => (client.getQueryState(queryKey) as Marked | undefined)?.reference
  return useSyncExternalStore(client.getQueryCache().subscribe, read, read)
}
