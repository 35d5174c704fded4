/** The same object, but for some of its methods. Not by its prototype: it may have private fields. */
export function withMethods<T extends object>(object: T, replacements: Readonly<Record<string, Replacement>>): T {
  return new Proxy(object, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (key === 'constructor' || !isMethod(value)) return value
      const method: Method = value.bind(target)
      const replacement = typeof key === 'string' && Object.hasOwn(replacements, key) ? replacements[key] : undefined
      return replacement ? replaced(method, replacement) : method
    },
    set: (target, key, value) => Reflect.set(target, key, value),
  })
}

/** The arguments, with the last of them replaced, which is a handler. */
export function withHandler(args: readonly unknown[], replacement: Replacement): unknown[] {
  const last = args.at(-1)
  return isMethod(last) ? [...args.slice(0, -1), replaced(last, replacement)] : [...args]
}

/** What is done in place of a function, given the function and what it is called with. */
export type Replacement = (original: Method, args: readonly unknown[]) => unknown

type Method = (...args: readonly unknown[]) => unknown

function replaced(original: Method, replacement: Replacement): Method {
  return (...args) => replacement(original, args)
}

function isMethod(value: unknown): value is Method {
  return typeof value === 'function'
}
