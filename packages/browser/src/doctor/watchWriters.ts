import type { Finding } from './Finding.ts'
import type { ObservedCall } from './observedCall.ts'
import { writerFinding } from './otherTracer.ts'

/**
 * A copy of `init`, but seen when a patched `fetch` between us and the wire writes another `traceparent`: into our headers, or by
 * putting other headers in their place. Only of a plain object, as the waybill's own is, for of any other a copy is less.
 */
export function watchWriters(
  { url, headers }: ObservedCall,
  init: RequestInit | undefined,
  tell: (finding: Finding) => void,
): RequestInit | undefined {
  if (!init || Object.getPrototypeOf(init) !== Object.prototype) return init
  const copy = { ...init }
  if (!(copy.headers instanceof Headers)) return copy
  copy.headers = headers
  const own = headers.get('traceparent')
  const check = (value: string | null): void => {
    if (value !== null && value !== own) tell(writerFinding(url))
  }
  for (const method of ['set', 'append'] as const) {
    const write = headers[method].bind(headers)
    Object.defineProperty(headers, method, {
      configurable: true,
      value(name: string, value: string) {
        if (name.toLowerCase() === 'traceparent') check(value)
        write(name, value)
      },
    })
  }
  return new Proxy(copy, {
    set(target, key, value) {
      if (key === 'headers') check(new Headers(value).get('traceparent'))
      return Reflect.set(target, key, value)
    },
  })
}
