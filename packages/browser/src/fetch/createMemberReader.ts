/**
 * Reads what a caller gives fetch beside the address into a plain object, for other libraries copy it: each member the platform
 * knows is asked for once, own and inherited, getters too. Their object is only read, so streams, `duplex` and `signal` arrive as they are.
 */
export function createMemberReader(): (request: Request | undefined, init: object) => RequestInit {
  // The platform says which members it knows.
  const names: (string | symbol)[] = []
  Reflect.construct(Request, ['data:,', new Proxy({}, { get: (_, name) => void names.push(name) })])

  return (request, init) => {
    const members: Record<string | symbol, unknown> = { ...init }
    for (const name of names) if (!(name in members)) members[name] = Reflect.get(init, name)
    // A Request called with any init loses its referrer (https://fetch.spec.whatwg.org/#dom-request, "if init is not empty"), so
    // where the caller gave none it is handed back.
    if (request && names.every((name) => members[name] === undefined)) {
      members['referrer'] = request.referrer
      members['referrerPolicy'] = request.referrerPolicy
    }
    return members
  }
}
