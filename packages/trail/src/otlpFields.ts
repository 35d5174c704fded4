/** A field of parsed JSON, whatever that turns out to be; undefined where there is none of its own. */
export function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
}

/** A list among the fields; empty where there is none. */
export function listIn(value: unknown, key: string): readonly unknown[] {
  const list = fieldOf(value, key)
  return Array.isArray(list) ? list : []
}

/** An id in lower case; undefined where it is none, or the one of zeros that stands for none. */
export function hexOf(value: unknown, digits: 16 | 32): string | undefined {
  if (typeof value !== 'string' || value.length !== digits || !/^[\da-f]+$/i.test(value) || /^0+$/.test(value))
    return undefined
  return value.toLowerCase()
}

/** OTLP's JSON writes nanoseconds as a decimal string; some senders write a number. Kept to the microsecond. */
export function millisecondsOf(value: unknown): number | null {
  const text = typeof value === 'number' && value >= 0 ? BigInt(Math.floor(value)).toString() : value
  if (typeof text !== 'string' || !/^\d{15,19}$/.test(text)) return null
  return Number(text.slice(0, -3)) / 1000
}
