import type { Context } from 'hono'
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie'
import { bearerOf } from '../bearerOf.ts'
import { createKeyRing } from '../keyRing.ts'

/**
 * Who may read: whoever sends the token as `Authorization: Bearer`, or holds the cookie that signing in with it gave. The
 * cookie is signed with the token and the store's secret and holds nothing but its end, so a new token ends every sign-in.
 */
export function createReadAccess({ readToken, secret, now }: ReadAccessOptions): ReadAccess {
  const ring = createKeyRing([readToken])
  const signingKey = `${Buffer.from(secret).toString('base64')} ${readToken}`
  return {
    isToken: (candidate) => ring.find(candidate) >= 0,
    async readerOf(context) {
      const bearer = bearerOf(context.req.raw)
      if (bearer !== null) return ring.find(bearer) >= 0 ? 'token' : null
      // Another port of this host counts as the same site to SameSite, but not to this header.
      const site = context.req.header('sec-fetch-site') ?? 'none'
      if (site !== 'same-origin' && site !== 'none') return null
      return Number(await getSignedCookie(context, signingKey, COOKIE)) > now() ? 'page' : null
    },
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

export interface ReadAccess {
  isToken(candidate: string): boolean
  /** How the request may read; null when it may not. */
  readerOf(context: Context): Promise<'token' | 'page' | null>
  signIn(context: Context): Promise<void>
  signOut(context: Context): void
}

export interface ReadAccessOptions {
  readonly readToken: string
  readonly secret: Uint8Array
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

const COOKIE = 'waybill_desk'
/** A long working day. */
const SHIFT_SECONDS = 12 * 60 * 60
