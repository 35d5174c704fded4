import type { Action, Waybill } from '@waybill/browser'

/**
 * Runs functions among the options of a query or a mutation in the action that `actions` says at each call. A component
 * that observes it hands over new options at each render, always by `setOptions`.
 */
export function around<K extends string>(
  waybill: Waybill,
  subject: Configured<NoInfer<K>>,
  actions: Readonly<Record<K, () => Action | undefined>>,
): void {
  const { setOptions } = subject
  subject.setOptions = (given) => {
    setOptions.call(subject, given)
    const options = (subject.options = { ...subject.options })
    for (const key of Object.keys(actions) as K[]) {
      const fn = options[key]
      if (typeof fn !== 'function') continue
      options[key] = (...args: unknown[]): unknown => {
        const action = actions[key]()
        return action && action !== waybill.current() ? action.resume(() => fn(...args)) : fn(...args)
      }
    }
  }
  subject.setOptions(subject.options)
}

interface Configured<K extends string> {
  options: Partial<Record<K, unknown>>
  setOptions(options: object): void
}
