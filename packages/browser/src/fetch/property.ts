/** A property of anything, undefined where there is none. Errors come from anywhere, and their getters may throw. */
export function property(from: unknown, key: string): unknown {
  try {
    return Reflect.get(Object(from), key)
  } catch {
    return undefined
  }
}
