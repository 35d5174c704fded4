/** A vendor's function on the page, as it is at this moment; undefined while there is none, and on a server. */
export function globalFunction(name: string): VendorFunction | undefined {
  const value: unknown = Reflect.get(globalThis, name)
  // What it is beyond a function only its vendor knows; what it throws is caught by the channel.
  return typeof value === 'function' ? (value as VendorFunction) : undefined
}

export type VendorFunction = (...args: readonly unknown[]) => unknown
