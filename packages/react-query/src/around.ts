import type { Action, Waybill } from '@waybill/browser'

/**
 * Runs functions among the options of a query or a mutation in the action that `actions` says at each call. A component that observes
 * it hands over new options at each render; before 5.28 queries take them where nobody else can reach, so the property is watched.
 */
export function around<K extends string>(
  waybill: Waybill,
  subject: { options: object },
  actions: Readonly<Record<K, () => Action | undefined>>,
): void {
  let options: Record<string, unknown>
  const set = (given: object): void => {
    options = { ...given }
    for (const key in actions) {
      const fn = options[key]
      if (typeof fn !== 'function') continue
      options[key] = (...args: unknown[]): unknown => {
        const action = actions[key]()
        return action && action !== waybill.current() ? action.resume(() => fn(...args)) : fn(...args)
      }
    }
  }
  set(subject.options)
  Object.defineProperty(subject, 'options', { get: () => options, set })
}
