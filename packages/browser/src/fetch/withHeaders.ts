import { property } from './property.ts'

/**
 * The `init` to call fetch with so that the request goes out with `headers` and is otherwise the caller's. Their objects are
 * only read: everything but the headers is looked up on them when the platform asks, so streams, `duplex`, `signal` and
 * options not invented yet arrive as they are, and no second Request is made of the first.
 */
export function withHeaders(
  request: Request | undefined,
  init: RequestInit | undefined,
  headers: Headers,
): RequestInit {
  // A Request called with any init loses its referrer (https://fetch.spec.whatwg.org/#dom-request, "if init is not empty"),
  // so where the caller gave none they are handed back.
  const kept = request && isEmpty(init) ? request : undefined
  // Over an empty object, because a proxy may not contradict a frozen one.
  return new Proxy(
    {},
    {
      get(_, key) {
        if (key === 'headers') return headers
        if (kept && (key === 'referrer' || key === 'referrerPolicy')) return kept[key]
        return init ? Reflect.get(init, key) : undefined
      },
    },
  )
}

function isEmpty(init: RequestInit | null | undefined): boolean {
  for (const key in init) if (property(init, key) !== undefined) return false
  return true
}
