import { property } from './property.ts'

/**
 * Reads what a caller gives fetch beside the address into a plain object, for other libraries copy it: each member the platform
 * knows is asked for once and in the platform's order, own and inherited, getters too. Their object is only read, so streams,
 * `duplex` and `signal` arrive as they are. What was read and cannot be sent is returned so that fetch refuses it.
 */
export function createMemberReader(): (request: Request | undefined, init: object) => RequestInit {
  // The platform says which members it knows.
  const names: (string | symbol)[] = []
  Reflect.construct(Request, ['data:,', new Proxy({}, { get: (_, name) => void names.push(name) })])

  return (request, init) => {
    const members: Record<string | symbol, unknown> = {}
    // What only other libraries know is copied, too, but no getter of it is asked.
    for (const name of Object.keys(init)) members[name] = Object.getOwnPropertyDescriptor(init, name)?.value
    let pairs: HeadersInit | undefined
    let refused: typeof pairs
    try {
      for (const name of names) {
        const value: unknown = Reflect.get(init, name)
        members[name] = name === 'method' && Object(value) === value ? String(value) : value
        // An iterator, which can be read only once.
        if (name === 'headers' && typeof property(value, 'next') === 'function')
          pairs = [...(value as Iterable<[string, string]>)]
      }
      refused = pairs
      if (pairs) members['headers'] = new Headers(pairs)
    } catch (error) {
      return {
        // The first that the platform asks for, and by then ours are in the place of their headers.
        get body() {
          if (!refused) throw error
          this.headers = refused
          // Nor can a GET have one, should another library have taken ours by then.
          return ''
        },
      }
    }
    // A Request called with any init loses its referrer (https://fetch.spec.whatwg.org/#dom-request, "if init is not empty"), so
    // where the caller gave none it is handed back, whatever a class of theirs says of it.
    if (request && names.every((name) => members[name] === undefined))
      for (const name of ['referrer', 'referrerPolicy']) members[name] = Reflect.get(Request.prototype, name, request)
    return members
  }
}
