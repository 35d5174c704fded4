import type { Action, Waybill } from '@waybill/browser'

/**
 * Runs the function among the options of a query or a mutation in the action that `actionOf` says at each attempt. A component
 * that observes it hands over new options at each render, always by `setOptions`.
 */
export function around<K extends string>(
  waybill: Waybill,
  subject: Configured<K>,
  key: K,
  actionOf: () => Action | undefined,
): void {
  const { setOptions } = subject
  subject.setOptions = (options) => {
    setOptions.call(subject, options)
    const fn = subject.options[key]
    if (typeof fn !== 'function') return
    const attempt = (...args: unknown[]): unknown => {
      const action = actionOf()
      return !action || waybill.current() === action ? fn(...args) : action.resume(() => fn(...args))
    }
    subject.options = { ...subject.options, [key]: attempt }
  }
  subject.setOptions(subject.options)
}

interface Configured<K extends string> {
  options: Partial<Record<K, unknown>>
  setOptions(options: object): void
}
