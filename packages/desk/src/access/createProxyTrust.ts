import { BlockList, isIP } from 'node:net'
import type { Context } from 'hono'
import type { Scope } from './Access.ts'

/**
 * Tells where a request came from and what a trusted proxy says of it. Only a request whose socket ends at one of `trustedProxies` is
 * believed; from anybody else these headers are what a client made up.
 *
 * @throws TypeError when an entry is neither an address nor a network, trusts everybody, or a header for the identity is named but nobody trusted to write it.
 */
export function createProxyTrust({ trustedProxies = [], identityHeader }: ProxyTrustOptions): ProxyTrust {
  const trusted = new BlockList()
  for (const entry of trustedProxies) trust(trusted, entry)
  if (identityHeader !== undefined && trustedProxies.length === 0) {
    throw new TypeError(
      '[waybill] identityHeader is set, but no proxy is trusted to write it, so nobody could sign in by it. Set trustedProxies to the proxy’s address.',
    )
  }
  if (identityHeader !== undefined && !/^[\w-]+$/.test(identityHeader)) {
    throw new TypeError('[waybill] identityHeader is no name of a header. Write one such as X-Forwarded-Email.')
  }

  const isTrusted = (address: string): boolean => {
    const family = isIP(address)
    return family !== 0 && trusted.check(address, family === 6 ? 'ipv6' : 'ipv4')
  }

  return (context) => {
    const peer = peerOf(context)
    if (!isTrusted(peer)) return { address: peer, isSecure: isEncrypted(context), person: null }
    const schemes = context.req.header('x-forwarded-proto')?.split(',') ?? []
    const isSecure = isEncrypted(context) || schemes.some((scheme) => scheme.trim().toLowerCase() === 'https')
    const said = identityHeader === undefined ? undefined : context.req.header(identityHeader)?.trim()
    const person = said !== undefined && PERSON.test(said) ? said : null
    return { address: clientOf(peer, context.req.header('x-forwarded-for') ?? ''), isSecure, person }
  }

  /** Each proxy adds on the right whom it heard from, so what stands left of the first that is not trusted may be made up. */
  function clientOf(peer: string, forwarded: string): string {
    const entries = forwarded.split(',')
    let client = peer
    while (isTrusted(client)) {
      const next = addressIn(entries.pop() ?? '')
      if (next === null) break
      client = next
    }
    return client
  }
}

export type ProxyTrust = (context: Context) => Caller

/** Whom a request comes from, as far as that can be known without a token. */
export interface Caller {
  /** The client's address; `local` for a request that came by no socket. */
  readonly address: string
  /** Whether the client's own connection is encrypted. */
  readonly isSecure: boolean
  /** Who signed in at the trusted proxy; null for nobody. */
  readonly person: string | null
}

export interface ProxyTrustOptions {
  /**
   * Addresses or networks of your own proxies, such as `10.0.0.7` or `10.0.0.0/8`. What they say in `X-Forwarded-For` and
   * `X-Forwarded-Proto` is believed, and of nobody else. @default none
   */
  readonly trustedProxies?: readonly string[] | undefined
  /**
   * The header in which a trusted proxy says who signed in there, such as `X-Forwarded-Email`; they may then read, or what `identityScopes` says. The proxy must drop
   * this header where a client sends it. @default none
   */
  readonly identityHeader?: string | undefined
  /** What those people may do: `read`, and with `link` also tie tickets to trails and say who handles them. For all else there are tokens. @default ['read'] */
  readonly identityScopes?: readonly Scope[] | undefined
}

/**
 * What people may do who signed in at a proxy.
 *
 * @throws TypeError when that is more than a proxy's word is enough for.
 */
export function personScopesOf({ identityScopes = ['read'] }: ProxyTrustOptions): ReadonlySet<Scope> {
  if (!identityScopes.includes('read') || !identityScopes.every((scope) => scope === 'read' || scope === 'link')) {
    throw new TypeError(
      '[waybill] identityScopes is not "read", or "read" and "link", and a proxy’s word is enough for no more. For all else make tokens: waybill token create.',
    )
  }
  return new Set(identityScopes)
}

/** A list of several, or a name with spaces, is nobody: it may be the client's own header with the proxy's behind it. */
const PERSON = /^[\u0021-\u002b\u002d-\u007e]{1,200}$/

function trust(list: BlockList, entry: string): void {
  const [address = '', prefix, ...rest] = entry.split('/')
  const family = isIP(address)
  const bits = family === 6 ? 128 : 32
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) >= 1 && Number(prefix) <= bits)
  if (family === 0 || !isPrefix || rest.length > 0) {
    throw new TypeError(
      '[waybill] An entry of trustedProxies is no address and no network, so it would trust nobody or everybody. Write one such as 10.0.0.7, 10.0.0.0/8 or fd00::/8.',
    )
  }
  const type = family === 6 ? 'ipv6' : 'ipv4'
  if (prefix === undefined) list.addAddress(address, type)
  else list.addSubnet(address, Number(prefix), type)
}

function peerOf(context: Context): string {
  const { incoming } = Object(context.env)
  const address: unknown = Object(Object(incoming).socket).remoteAddress
  return typeof address === 'string' ? (addressIn(address) ?? 'local') : 'local'
}

function isEncrypted(context: Context): boolean {
  return new URL(context.req.url).protocol === 'https:'
}

/** An address as proxies write it, with a port or without, in the one way that all spellings of it come down to. */
function addressIn(text: string): string | null {
  const plain = text.trim()
  const [, inner] = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(plain) ?? /^([\d.]+):\d{1,5}$/.exec(plain) ?? [null, plain]
  const address = (inner ?? '').replace(/%.*$/, '')
  if (isIP(address) === 4) return address
  if (isIP(address) === 0) return null
  const short = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  // An IPv4 address inside an IPv6 one, as a socket for both gives it.
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(short) ?? []
  if (high === undefined || low === undefined) return short
  const [first, second] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return [first >> 8, first & 255, second >> 8, second & 255].join('.')
}
