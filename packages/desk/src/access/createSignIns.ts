import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { AccessStore, StoredSignIn } from './AccessStore.ts'
import type { Caller } from './createProxyTrust.ts'
import type { CheckedToken, TokenCheck } from './createTokenCheck.ts'
import { ENVIRONMENT } from './environmentTokens.ts'
import type { EnvironmentToken } from './environmentTokens.ts'
import { hashToken } from './hashToken.ts'
import { pageOf } from './pageOf.ts'

/**
 * Pages that are signed in: a random id in a cookie, kept here as a hash with the token it was made with, for twelve hours or until that token
 * ends. Signing out ends it for whoever has a copy of the cookie as well.
 */
export function createSignIns({ store, environment, tokenCheck, now }: SignInsOptions): SignIns {
  async function tokenOf(signIn: StoredSignIn, id: string): Promise<CheckedToken> {
    if (signIn.seal === null) return await tokenCheck.checkId(signIn.tokenId)
    for (const token of environment.values()) {
      if (isEqual(sealOf(token, id), signIn.seal)) return { state: 'valid', token }
    }
    return { state: 'unknown' }
  }

  return {
    async find(context, { isSecure }) {
      const id = getCookie(context, cookieName(isSecure))
      if (!id) return { state: 'none' }
      const page = pageOf(context.req.raw)
      const isReading = context.req.method === 'GET' || context.req.method === 'HEAD'
      // The cookie alone does not tell that the person wanted it: another port of this host counts as the same site to SameSite.
      if (page === 'foreign' || (page === 'unsaid' && !isReading)) return { state: 'foreign' }
      const signIn = await store.signInByHash(hashToken(id))
      if (!signIn || signIn.expiresAt <= now()) return { state: 'none' }
      const checked = await tokenOf(signIn, id)
      return checked.state === 'valid'
        ? { state: 'signed-in', token: checked.token, hash: signIn.hash }
        : { state: 'none' }
    },
    async begin(context, token, { isSecure }) {
      const id = randomBytes(32).toString('base64url')
      const isKept = token.name !== ENVIRONMENT
      await store.addSignIn({
        hash: hashToken(id),
        tokenId: isKept ? token.id : ENVIRONMENT,
        seal: isKept ? null : sealOf(token, id),
        expiresAt: now() + SHIFT_SECONDS * 1000,
      })
      setCookie(context, cookieName(isSecure), id, { ...cookieOptions(isSecure), maxAge: SHIFT_SECONDS })
    },
    async end(context, hash, { isSecure }) {
      setCookie(context, cookieName(isSecure), '', { ...cookieOptions(isSecure), maxAge: 0 })
      if (hash !== null) await store.endSignIn(hash)
    },
  }
}

export interface SignIns {
  /** The sign-in of the request's cookie; `foreign` when another site's page had it sent, whatever it is worth. */
  find(context: Context, caller: Caller): Promise<FoundSignIn>
  /** Signs a page in, with a cookie in the answer. */
  begin(context: Context, token: EnvironmentToken, caller: Caller): Promise<void>
  /** Ends a sign-in for good, and takes its cookie back. */
  end(context: Context, hash: string | null, caller: Caller): Promise<void>
}

export type FoundSignIn =
  | { readonly state: 'signed-in'; readonly token: EnvironmentToken; readonly hash: string }
  | { readonly state: 'none' | 'foreign' }

export interface SignInsOptions {
  readonly store: Pick<AccessStore, 'addSignIn' | 'signInByHash' | 'endSignIn'>
  readonly environment: ReadonlyMap<string, EnvironmentToken>
  readonly tokenCheck: Pick<TokenCheck, 'checkId'>
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** A long working day. */
const SHIFT_SECONDS = 12 * 60 * 60

/** With this prefix no sibling host and no unencrypted answer can set it: RFC 6265bis, 4.1.3.2. */
function cookieName(isSecure: boolean): string {
  return isSecure ? '__Host-waybill_desk' : 'waybill_desk'
}

function cookieOptions(isSecure: boolean) {
  return { path: '/', httpOnly: true, sameSite: 'Strict', secure: isSecure } as const
}

function sealOf(token: EnvironmentToken, id: string): string {
  return createHmac('sha256', id).update(token.hash).digest('hex')
}

function isEqual(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
}
