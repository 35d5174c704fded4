import { QueryCache } from '@tanstack/react-query'
import type { Query, QueryCacheConfig } from '@tanstack/react-query'
import type { Action, Waybill } from '@waybill/browser'
import { inForce } from './inForce.ts'
import { onOptions } from './onOptions.ts'
import { owned } from './owned.ts'
import { recordOf } from './recordOf.ts'
import { observed } from './useObserved.ts'

/**
 * A `QueryCache` in which a fetch that a customer's action causes belongs to it, with its retries and over a pause. A fetch that a
 * timer, the focus or the network causes is nobody's, and its retries keep the reference of the call that failed.
 */
export function waybillQueries(waybill: Waybill, config: QueryCacheConfig = {}): QueryCache {
  const fetches = new WeakMap<Query, Fetch>()
  const references = new WeakMap<Query, Fetch['reference']>()

  const attempt = (query: Query, fn: () => unknown): unknown => {
    const fetch = fetches.get(query) ?? {}
    const { action } = fetch
    const result = !action || waybill.current() === action ? fn() : action.resume(fn)
    // Runs where `fn` ends, which continues the call it awaited last.
    const note = (outcome: unknown): void => {
      fetch.reference = waybill.referenceOf(outcome) ?? waybill.current()?.reference ?? action?.reference
      fetch.action ??= fetch.reference && waybill.actionOf(fetch.reference)
    }
    Promise.resolve(result).then(note, note)
    return result
  }

  const cache = new QueryCache(config)
  cache.subscribe((event) => {
    const { query, type } = event
    if (type === 'added') {
      onOptions<Query['options']>(query, ({ queryFn, ...options }) => ({
        ...options,
        queryFn: typeof queryFn === 'function' ? (context) => attempt(query, () => queryFn(context)) : queryFn,
      }))
    }
    if (type === 'observerAdded') observed.set(event.observer.refetch, () => references.get(query))
    if (type !== 'updated') return
    if (event.action.type === 'fetch') fetches.set(query, { action: inForce(waybill) })
    const { action, reference } = fetches.get(query) ?? {}
    if (event.action.type === 'error') {
      // Links an error that no call is known to have caused, unless that would end what somebody else began.
      const { error } = event.action
      const isOurs =
        action && (action.state !== 'open' || owned.get(action) === Infinity || recordOf(waybill, action)?.background)
      if (isOurs && !waybill.referenceOf(error)) action.fail(error)
      references.set(query, reference)
    }
    if (event.action.type === 'success' && !event.action.manual) references.set(query, reference)
  })
  return cache
}

interface Fetch {
  /** Known from the start, or from the first call that was nobody's. */
  action?: Action | undefined
  /** Of the last attempt. */
  reference?: Action['reference'] | undefined
}
