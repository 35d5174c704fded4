import { MutationCache } from '@tanstack/react-query'
import type { Mutation, MutationCacheConfig } from '@tanstack/react-query'
import type { Action, Waybill } from '@waybill/browser'
import { inForce } from './inForce.ts'
import { onOptions } from './onOptions.ts'
import { owned } from './owned.ts'
import { recordOf } from './recordOf.ts'
import { observed } from './useObserved.ts'

/**
 * A `MutationCache` in which every mutation belongs to a customer action, from `mutate()` to its last retry. A mutation that is
 * started inside an action (a click's, a handle's `run`, "Try again") belongs to that one; any other begins its own. An action
 * that it begins, and a click's that has called nothing yet, is named by `meta.action`, else by the first part of its
 * `mutationKey`, and ends with it. Its calls carry the reference on every attempt, also after React Query's timers, after a
 * pause, and after it was restored from a persisted cache, which keeps it in `meta.waybillReference`.
 *
 * ```ts
 * const queryClient = new QueryClient({ mutationCache: waybillMutations(waybill), queryCache: waybillQueries(waybill) })
 * ```
 */
export function waybillMutations(waybill: Waybill, config: MutationCacheConfig = {}): MutationCache {
  const actions = new WeakMap<AnyMutation, Action>()

  const join = (mutation: AnyMutation, action: Action, count = owned.get(action)): Action => {
    actions.set(mutation, action)
    if (count !== undefined) owned.set(action, count + 1)
    return action
  }

  const begin = (mutation: AnyMutation): Action => join(mutation, waybill.begin(nameOf(mutation) ?? 'Mutation'), 0)

  const start = (mutation: AnyMutation): void => {
    const current = inForce(waybill)
    // In a click that has called nothing yet, `begin` gives the click's own action and its name.
    if (!current || (nameOf(mutation) && !recordOf(waybill, current))) begin(mutation)
    else join(mutation, current)
  }

  /** Perhaps while rendering, where nothing is minted: a mutation whose action is not known any more begins one when it runs. */
  const restore = (mutation: AnyMutation): void => {
    const record = recordOf(waybill, { reference: mutation.meta?.['waybillReference'] as Action['reference'] })
    const action = record && waybill.actionOf(record.reference)
    if (action) join(mutation, action, owned.get(action) ?? 0)
  }

  const fail = (mutation: AnyMutation, error: unknown): void => {
    const action = actions.get(mutation)
    if (action && owned.has(action)) action.fail(error)
  }

  const settled = async (mutation: AnyMutation): Promise<void> => {
    // Code that awaits the mutation may start another, which is part of the same attempt.
    // oxlint-disable-next-line no-await-in-loop -- counting microtasks is the point
    for (let hops = HOPS; hops > 0; hops--) await undefined
    const left = (owned.get(action) ?? Infinity) - 1
    owned.set(action, left)
    if (left === 0) action.succeed()
  }

  const carry = (mutation: AnyMutation): void => {
    const { state } = mutation
    const isRestored = state.status === 'pending'
    let wasSent = isRestored && (state.failureCount > 0 || !state.isPaused)
    if (isRestored) restore(mutation)
    else start(mutation)

    const attempt = <T>(fn: () => Promise<T>): Promise<T> => {
      const action = actions.get(mutation) ?? begin(mutation)
      const { failureCount, failureReason } = mutation.state
      const isUncounted = failureCount
        ? // A call that is sent again because it failed counts by itself; not one that had an answer, as with GraphQL.
          recordOf(waybill, action)?.calls.some(({ error }) => !error)
        : action.state !== 'open'
      if (wasSent || (isUncounted && owned.get(action) === 1)) {
        if (failureCount) action.fail(failureReason)
        action.retry()
      }
      wasSent = false
      return waybill.current() === action ? fn() : action.resume(fn)
    }

    onOptions<AnyMutation['options']>(mutation, ({ mutationFn, ...options }) => ({
      ...options,
      ...(mutationFn && {
        mutationFn: (...args) => attempt(() => mutationFn(...args)),
        meta: { ...options.meta, waybillReference: actions.get(mutation)?.reference },
      }),
    }))
  }

  const cache = new MutationCache({
    ...config,
    // The first to hear of it, so that whoever hears next finds the error's reference.
    onError(...args) {
      fail(args[3], args[0])
      return config.onError?.(...args)
    },
  })

  cache.subscribe((event) => {
    const { mutation, type } = event
    if (!mutation) return
    if (type === 'added') carry(mutation)
    if (type === 'observerAdded') observed.set(event.observer.mutate, () => actions.get(mutation)?.reference)
    if (type === 'updated' && mutation.state.status !== 'pending') settled(mutation)
  })
  return cache
}

/** Whatever a mutation's types are, nothing here looks into them. */
type AnyMutation = Mutation<unknown, unknown>

/** As many as what continues from a traced call stays in its action. */
const HOPS = 64

function nameOf({ options }: AnyMutation): string | undefined {
  const name = options.meta?.['action'] ?? options.mutationKey?.[0]
  return typeof name === 'string' && name ? name : undefined
}
