import type { Context } from 'hono'
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie'
import { problem, tooMany } from '../problem.ts'
import type { Access, AccessEntry, Identity } from './Access.ts'
import { bearerOf } from './bearerOf.ts'
import { clientAddress } from './clientAddress.ts'
import { createKeyRing } from './createKeyRing.ts'
import { createRateLimit } from './createRateLimit.ts'

/**
 * Who may read: whoever sends the token as `Authorization: Bearer`, or holds the cookie that signing in with it gave. The
 * cookie is signed with the token and the store's secret and holds nothing but its end, so a new token ends every sign-in.
 */
export function createAccess(options: AccessOptions): DeskAccess {
  const { readToken, secret, requestsPerMinute, trustProxy, log, now } = options
  const ring = createKeyRing([readToken])
  const signingKey = `${Buffer.from(secret).toString('base64')} ${readToken}`
  const asking = createRateLimit({ perMinute: requestsPerMinute, now })

  async function readerOf(context: Context): Promise<Identity | null> {
    const identity = { who: 'environment', scopes: new Set(['read', 'admin'] as const) }
    const address = clientAddress(context, trustProxy)
    const bearer = bearerOf(context.req.raw)
    if (bearer !== null) return ring.find(bearer) >= 0 ? { ...identity, via: 'token', address } : null
    // Another port of this host counts as the same site to SameSite, but not to this header.
    const site = context.req.header('sec-fetch-site') ?? 'none'
    if (site !== 'same-origin' && site !== 'none') return null
    const end = Number(await getSignedCookie(context, signingKey, COOKIE))
    return end > now() ? { ...identity, via: 'page', address } : null
  }

  return {
    async admit(context) {
      const identity = await readerOf(context)
      if (!identity) return { ok: false, response: NOT_SIGNED_IN() }
      const wait = asking(`${identity.via} ${identity.address}`)
      return wait ? { ok: false, response: tooMany(wait) } : { ok: true, identity }
    },
    record({ event, identity, kind = null, matches = 0 }) {
      const { who, via, address } = identity
      log({ event, at: new Date(now()).toISOString(), who, via, address, kind, matches })
    },
    isSignedIn: async (context) => (await readerOf(context)) !== null,
    isToken: (candidate) => ring.find(candidate) >= 0,
    async signIn(context) {
      const secure = new URL(context.req.url).protocol === 'https:'
      const options = { path: '/', httpOnly: true, sameSite: 'Strict', secure, maxAge: SHIFT_SECONDS } as const
      await setSignedCookie(context, COOKIE, String(now() + SHIFT_SECONDS * 1000), signingKey, options)
    },
    signOut(context) {
      deleteCookie(context, COOKIE, { path: '/' })
    },
  }
}

export interface DeskAccess extends Access {
  isSignedIn(context: Context): Promise<boolean>
  isToken(candidate: string): boolean
  signIn(context: Context): Promise<void>
  signOut(context: Context): void
}

export interface AccessOptions {
  readonly readToken: string
  readonly secret: Uint8Array
  readonly requestsPerMinute: number
  readonly trustProxy: boolean
  readonly log: (line: AccessLogLine) => void
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** An entry as it is written down. */
export interface AccessLogLine extends Omit<AccessEntry, 'identity'>, Pick<Identity, 'who' | 'via' | 'address'> {
  /** ISO 8601 with milliseconds. */
  readonly at: string
}

const COOKIE = 'waybill_desk'
/** A long working day. */
const SHIFT_SECONDS = 12 * 60 * 60

export const NOT_SIGNED_IN = (): Response =>
  problem({
    status: 401,
    title: 'Reading trails needs the desk’s read token.',
    detail: 'Send it as "Authorization: Bearer <token>", or sign in on the page.',
    headers: { 'www-authenticate': 'Bearer realm="waybill"' },
  })
