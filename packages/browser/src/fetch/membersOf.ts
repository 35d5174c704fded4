/**
 * What the caller gave beside the address, as a plain object, for other libraries copy it: each member is read once, own and
 * inherited, getters too. Their object is only read, so streams, `duplex`, `signal` and options not invented yet arrive as they are.
 */
export function membersOf(init: RequestInit | null | undefined): RequestInit {
  const members: Record<string, unknown> = { ...init }
  for (const name of MEMBERS) {
    if (name in members) continue
    const value: unknown = Reflect.get(Object(init), name)
    if (value !== undefined) members[name] = value
  }
  return members
}

const MEMBERS =
  'body cache credentials duplex headers integrity keepalive method mode priority redirect referrer referrerPolicy signal window'.split(
    ' ',
  )
