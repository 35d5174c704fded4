import type { Action, Waybill } from '@waybill/browser'

/**
 * Runs functions among the options of a query or a mutation in the action that `actions` says at each call. A component
 * that observes it hands over new options at each render; before 5.28 React Query took them by a method that nobody else can reach,
 * so it is the property that is watched.
 */
export function around<K extends string>(
  waybill: Waybill,
  subject: { options: object },
  actions: Readonly<Record<K, () => Action | undefined>>,
  onFetch?: () => void,
): void {
  /** Options that were read here may be given back. */
  const wrapped = new WeakSet<object>()
  let options = subject.options
  Object.defineProperty(subject, 'options', {
    configurable: true,
    enumerable: true,
    get: () => options,
    set(given: Options) {
      const changed: Options = { ...given }
      options = changed
      for (const key of Object.keys(actions) as K[]) {
        const fn = given[key]
        if (typeof fn !== 'function' || wrapped.has(fn)) continue
        const own = (...args: unknown[]): unknown => {
          const action = actions[key]()
          return action && action !== waybill.current() ? action.resume(() => fn(...args)) : fn(...args)
        }
        wrapped.add(own)
        changed[key] = own
      }
      if (onFetch) changed['behavior'] = after(onFetch, given['behavior'])
    },
  })
  subject.options = options
}

type Options = Record<string, unknown>

/** What React Query lets take part in a fetch as it begins. */
function after(onFetch: () => void, behavior: unknown): object {
  return {
    onFetch(...args: unknown[]): void {
      onFetch()
      ;(behavior as { onFetch(...args: unknown[]): void } | undefined)?.onFetch(...args)
    },
  }
}
