import { MutationCache } from '@tanstack/react-query'
import type { Mutation } from '@tanstack/react-query'
import type { Action, Waybill } from '@waybill/browser'
import { around } from './around.ts'
import type { Marked } from './Marked.ts'
import { owned } from './owned.ts'

/**
 * A `MutationCache` in which every mutation belongs to a customer action, from `mutate()` to its last retry. A mutation that is
 * started inside an action (a click's that called something already, a handle's `run`, "Try again") belongs to that one and
 * leaves its end to it; any other has its own, in a click the click's, named by `meta.action`, else by the first part of its
 * `mutationKey`, and ends it; `meta.repeatable` is that of `useAction`. Its calls carry the reference on every attempt, also after
 * React Query's timers, after a pause, and after it was restored from a persisted cache.
 *
 * ```ts
 * const queryClient = new QueryClient({ mutationCache: waybillMutations(waybill), queryCache: waybillQueries(waybill) })
 * ```
 */
export function waybillMutations(waybill: Waybill, config: MutationCacheOptions = {}): MutationCache {
  const actionOf = (marked?: Marked) => waybill.actionOf(marked?.reference)

  const start = ({ options, state }: AnyMutation): Action => {
    const current = waybill.current()
    let action = actionOf(current)
    if (!action) {
      // A click's that has called nothing yet is on no record: `begin` gives it, with its name.
      // oxlint-disable-next-line typescript/no-base-to-string -- a key that begins with an object has no name to give
      const name = String(options.meta?.['action'] ?? options.mutationKey?.[0] ?? current?.name ?? '')
      // Of `repeatable` it takes nothing but `true`.
      action = waybill.begin(name, options.meta)
      owned.set(action, false)
    }
    state.reference = action.reference
    return action
  }

  const running = ({ reference }: Action): number =>
    cache.getAll().filter(({ state }) => (state as Marked).reference === reference && state.status === 'pending').length

  const attempt = (mutation: AnyMutation): Action => {
    const { state } = mutation
    const action = actionOf(state) ?? start(mutation)
    // Not once it failed with another mutation that was in it.
    const isAgain = !state.failureCount === (action.state === 'failed') || action.state === 'abandoned'
    // Another mutation in it is not tried again; what failed on the wire counts by itself.
    if (isAgain && owned.has(action) && running(action) < 2) {
      action.fail(state.failureReason)
      action.retry()
    }
    return action
  }

  const cache = new MutationCache({
    ...config,
    // The first to hear of it, so that whoever hears next finds the error's reference.
    onError(error, ...rest) {
      const action = actionOf(rest[2].state as Marked)
      if (action && owned.has(action)) {
        // What went before in the action was all there was.
        if (action.state === 'succeeded') action.retry()
        action.fail(error)
      }
      return config?.onError?.(error, ...rest)
    },
  })

  cache.subscribe(({ type, mutation }) => {
    const own = () => actionOf(mutation?.state as Marked | undefined)
    const action = own()
    if (type === 'added') {
      // Perhaps restored while rendering, where nothing is minted: without a known action it begins one when it runs.
      if (action) owned.set(action, false)
      else if (mutation.state.status === 'idle') start(mutation)
      around(waybill, mutation, { mutationFn: () => attempt(mutation), onSuccess: own, onError: own, onSettled: own })
    }
    if (type === 'updated' && action && owned.has(action)) {
      // Code that awaits the mutation may start another, which is part of the same attempt.
      setTimeout(() => running(action) || action.succeed())
    }
  })
  return cache
}

/** Whatever a mutation's types are, nothing here looks into them. */
type AnyMutation = Mutation<unknown, unknown> & { readonly state: Marked }

/** What `new MutationCache` takes, for which React Query had no name at first. */
type MutationCacheOptions = NonNullable<ConstructorParameters<typeof MutationCache>[0]>
