/** A property of anything, undefined where there is none; `of`: as its prototype sees that. Errors come from anywhere, and their getters may throw. */
export function property(from: unknown, key: string, of: unknown = Object(from)): unknown {
  try {
    return Reflect.get(Object(from), key, of)
  } catch {
    return undefined
  }
}
