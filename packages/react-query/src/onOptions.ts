/**
 * Replaces every options object that a query or a mutation is given by what `change` makes of it. React Query hands them over
 * anew at each render of a component that observes it, always by `setOptions`.
 */
export function onOptions<O extends object>(subject: Configured<O>, change: (options: O) => O): void {
  const { setOptions } = subject
  subject.setOptions = (options) => {
    setOptions.call(subject, options)
    subject.options = change(subject.options)
  }
  subject.options = change(subject.options)
}

interface Configured<O> {
  options: O
  setOptions: (options: O) => void
}
