import { QueryCache } from '@tanstack/react-query'
import type { Query } from '@tanstack/react-query'
import type { Action, Waybill } from '@waybill/browser'
import { around } from './around.ts'
import type { Marked } from './Marked.ts'
import { owned } from './owned.ts'

/**
 * A `QueryCache` in which a fetch that a customer's action causes belongs to it, with its retries and over a pause. A fetch that a
 * timer, the focus or the network causes is nobody's, and its retries keep the reference of the call that failed. The `signal` of
 * a query function is not looked at.
 */
export function waybillQueries(waybill: Waybill, config: QueryCacheOptions = {}): QueryCache {
  /** Of each query's last fetch. */
  const actions = new WeakMap<Query, Action>()

  /** That of the code which begins a fetch, else of the call which ends it. */
  const actionOf = (query: Query, isEnding?: boolean): Action | undefined => {
    let action = actions.get(query)
    if (!action && (action = waybill.current())) {
      // A click's that has called nothing yet is on no record.
      if (isEnding || !waybill.actionOf(action.reference)) owned.set(action, true)
      actions.set(query, action)
    }
    return action
  }

  const cache = new QueryCache(config)
  cache.subscribe(({ type: event, query, action: { type, error, data, manual } = {} }: Event) => {
    if (event === 'added') around(waybill, query, { queryFn: () => actionOf(query) })
    // Also of one that takes the place of another.
    if (type === 'fetch') actions.delete(query)
    if (type === 'pause') actionOf(query)
    // Before 5.87 a fetch that is cancelled, and its state reverted, ends like a failure.
    if (manual || error?.revert || (error ?? data) === undefined) return
    const action = actionOf(query, true)
    if (type === 'failed') return
    // Links the error, unless that would end what somebody else began.
    if (error && action && (owned.get(action) || action.state !== 'open')) action.fail(error)
    query.state.reference = waybill.referenceOf(error) ?? waybill.actionOf(action?.reference)?.reference
  })
  return cache
}

/** What a cache tells of a query, as far as it matters here. */
interface Event {
  readonly type: string
  readonly query: Query & { readonly state: Marked }
  /** What the query dispatched. */
  readonly action?: {
    readonly type?: string
    readonly error?: { readonly revert?: boolean }
    readonly data?: unknown
    readonly manual?: boolean
  }
}

/** What `new QueryCache` takes, for which React Query had no name at first. */
type QueryCacheOptions = NonNullable<ConstructorParameters<typeof QueryCache>[0]>
