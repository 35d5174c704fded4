import type { Finding } from './Finding.ts'
import type { ObservedCall } from './observedCall.ts'
import { writerFinding } from './otherTracer.ts'

/**
 * The same `init`, but seen when a patched `fetch` between us and the wire writes another `traceparent`: into our headers, or by
 * putting other headers in their place.
 */
export function watchWriters(
  { url }: ObservedCall,
  init: RequestInit | undefined,
  tell: (finding: Finding) => void,
): RequestInit | undefined {
  if (!init || !(init.headers instanceof Headers)) return init
  const own = init.headers.get('traceparent')
  const check = (value: string | null): void => {
    if (value !== null && value !== own) tell(writerFinding(url))
  }
  for (const method of ['set', 'append'] as const) {
    const write = init.headers[method].bind(init.headers)
    // On this one object, which the waybill made for this call.
    Object.defineProperty(init.headers, method, {
      configurable: true,
      value(name: string, value: string) {
        if (name.toLowerCase() === 'traceparent') check(value)
        write(name, value)
      },
    })
  }
  return new Proxy(init, {
    set(target, key, value) {
      if (key === 'headers') check(new Headers(value).get('traceparent'))
      return Reflect.set(target, key, value)
    },
  })
}
