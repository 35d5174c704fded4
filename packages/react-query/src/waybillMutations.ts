import { MutationCache } from '@tanstack/react-query'
import type { Mutation, MutationCacheConfig, MutationFunction, MutationOptions } from '@tanstack/react-query'
import type { Action, Waybill } from '@waybill/browser'
import { createSharedEnd } from './createSharedEnd.ts'

/**
 * A `MutationCache` in which every mutation belongs to a customer action, from `mutate()` to its last retry. A mutation that is
 * started inside an action (a click's, a handle's `run`, "Try again") belongs to that one; any other begins its own. An action
 * that it begins, and a click's that has called nothing yet, is named by `meta.action`, else by the first part of its
 * `mutationKey`, and ends with it. Its calls carry the reference on every attempt, also after React Query's timers, after a
 * pause, and after it was restored from a persisted cache.
 *
 * ```ts
 * const queryClient = new QueryClient({ mutationCache: waybillMutations(waybill) })
 * ```
 */
export function waybillMutations(waybill: Waybill, config: MutationCacheConfig = {}): MutationCache {
  const cache = new MutationCache(config)
  const actions = new WeakMap<AnyMutation, Action>()
  const end = createSharedEnd()

  const recordOf = (reference: unknown) => waybill.session.actions().find((record) => record.reference === reference)

  const own = (action: Action): Action => {
    end.own(action)
    return action
  }

  const actionFor = (mutation: AnyMutation): Action | undefined => {
    const name = nameOf(mutation)
    const current = waybill.current()
    // In a click that has called nothing yet, `begin` gives the click's own action and its name.
    if (!current) return own(waybill.begin(name ?? 'Mutation'))
    return name && !recordOf(current.reference) ? own(waybill.begin(name)) : current
  }

  /** Perhaps while rendering, where nothing is minted: a mutation whose action is not known any more begins one when it runs. */
  const restored = ({ meta }: AnyMutation): Action | undefined => {
    const record = recordOf(meta?.['reference'])
    const action = record && waybill.actionOf(record.reference)
    return action && own(action)
  }

  const follow = (mutation: AnyMutation, action: Action | undefined): void => {
    if (!action || actions.has(mutation)) return
    actions.set(mutation, action)
    end.join(action)
  }

  const attempt = <T>(mutation: AnyMutation, fn: () => Promise<T>): Promise<T> => {
    const action = actions.get(mutation) ?? own(waybill.begin(nameOf(mutation) ?? 'Mutation'))
    follow(mutation, action)
    if (action.state !== 'open') action.retry()
    // In the customer's own event the action is in force already; a retry comes from a timer, where ky calls a microtask later.
    return waybill.current() === action ? action.run(fn) : action.resume(fn)
  }

  /** Options whose function runs inside the mutation's action, and whose `meta` takes the reference along into a persisted cache. */
  const carried = <O extends AnyOptions>(mutation: AnyMutation, options: O): O => {
    const fn = options.mutationFn && (originals.get(options.mutationFn) ?? options.mutationFn)
    if (!fn) return options
    const mutationFn: AnyFunction = (variables, context) => attempt(mutation, () => fn(variables, context))
    originals.set(mutationFn, fn)
    return { ...options, mutationFn, meta: { ...options.meta, reference: actions.get(mutation)?.reference } }
  }

  cache.subscribe((event) => {
    const { mutation } = event
    if (!mutation) return
    if (event.type === 'added') {
      follow(mutation, mutation.state.status === 'pending' ? restored(mutation) : actionFor(mutation))
      mutation.options = carried(mutation, mutation.options)
    }
    const action = actions.get(mutation)
    if (!action) return
    if (event.type === 'observerAdded' || event.type === 'observerOptionsUpdated') {
      // An observer hands its options to its pending mutation at every render.
      event.observer.options = carried(mutation, event.observer.options)
      observedActions.set(event.observer.mutate, action)
    }
    if (event.type === 'observerRemoved') observedActions.delete(event.observer.mutate)
    if (event.type === 'updated' && event.action.type === 'success') end.leave(action)
    if (event.type === 'updated' && event.action.type === 'error') end.leave(action, { error: event.action.error })
  })
  return cache
}

/** The action of the mutation that an observer shows now, by the observer's `mutate`, which `useMutation` hands out. */
export const observedActions = new WeakMap<object, Action>()

const originals = new WeakMap<AnyFunction, AnyFunction>()

/** Whatever a mutation's types are, nothing here looks into them. */
type AnyMutation = Mutation<unknown, unknown>
type AnyOptions = MutationOptions<unknown, unknown, unknown>
type AnyFunction = MutationFunction

function nameOf({ options }: AnyMutation): string | undefined {
  const name = options.meta?.['action'] ?? options.mutationKey?.[0]
  return typeof name === 'string' && name ? name : undefined
}
