import type { Context } from 'hono'
import { tooMany } from '../problem.ts'
import type { Access, Admitted, Identity, Scope } from './Access.ts'
import { bearerOf } from './bearerOf.ts'
import type { Caller, ProxyTrust } from './createProxyTrust.ts'
import { NOBODY } from './createRefusals.ts'
import type { Refusal, Refusals } from './createRefusals.ts'
import type { RequestLimits } from './createRequestLimits.ts'
import type { SignIns } from './createSignIns.ts'
import type { CheckedToken, TokenCheck, TooManyGuesses } from './createTokenCheck.ts'
import { ENVIRONMENT } from './environmentTokens.ts'
import type { EnvironmentToken } from './environmentTokens.ts'
import { pageOf } from './pageOf.ts'
import { ended, foreignOrigin, notKnown, tooManyGuesses, wrongScope } from './refusalAnswers.ts'

/**
 * Lets in. Who somebody is, is told by the first of these that a request has: a token as `Authorization: Bearer`; a browser key as `?key=`,
 * because what a page sends as it goes carries no headers; the cookie of a page that is signed in; the identity header of a trusted proxy.
 */
export function createDoor(options: DoorOptions): Door {
  const { callerOf, personScopes, tokenCheck, signIns, limits, refusals, onError } = options

  /** What is refused shows nothing, so it is refused also when that cannot be written down. */
  async function refuse(response: Response, refusal: Refusal): Promise<Refused> {
    await refusals.note(refusal).catch(onError)
    return { ok: false, response }
  }

  const nobody = (kind: string, { address }: Caller): Refusal => ({ who: NOBODY, via: 'token', address, kind })

  async function refuseToken(checked: BadToken, scopes: readonly Scope[], caller: Caller): Promise<Refused> {
    const { state } = checked
    if (state === 'too-many') return await refuse(tooManyGuesses(checked.waitSeconds), nobody('too-many-wrong', caller))
    if (state === 'unknown') return await refuse(notKnown(scopes), nobody('unknown-token', caller))
    return await refuse(ended(state), { ...nobody(`${state}-token`, caller), who: checked.token.name })
  }

  async function letIn(known: KnownIdentity, scopes: readonly Scope[]): Promise<Admitted> {
    const { id, ...identity } = known
    const { who, via, address } = identity
    const scope = scopes.find((each) => identity.scopes.has(each))
    if (!scope) return await refuse(wrongScope(scopes), { who, via, address, kind: `not-of-scope-${scopes.join('-')}` })
    const isServer = scope === 'ingest' || scope === 'link'
    const wait = isServer
      ? limits.ofServer(id)
      : scope === 'browser'
        ? limits.ofBrowserKey(id)
        : limits.ofReader({ id, via, address, isShared: who === ENVIRONMENT })
    return wait === 0 ? { ok: true, identity } : await refuse(tooMany(wait), { who, via, address, kind: 'too-often' })
  }

  /** A browser key is public, so it opens nothing else. Any other token in an address would stand in logs on the way, so it counts for nothing. */
  async function admitKey(key: string, scopes: readonly Scope[], context: Context, caller: Caller): Promise<Admitted> {
    const wait = limits.ofBrowser(caller.address)
    if (wait > 0) return await refuse(tooMany(wait), nobody('too-often', caller))
    const checked = await tokenCheck.checkPublic(key)
    if (checked.state === 'unknown' || !checked.token.scopes.includes('browser')) {
      return await refuseToken({ state: 'unknown' }, scopes, caller)
    }
    if (checked.state !== 'valid') return await refuseToken(checked, scopes, caller)
    const { name: who, origins } = checked.token
    if (origins.length > 0 && !origins.includes(context.req.header('origin') ?? '')) {
      return await refuse(foreignOrigin(), { ...nobody('foreign-origin', caller), who })
    }
    return await letIn(identityOf(checked.token, 'token', caller), scopes)
  }

  async function admitPage(scopes: readonly Scope[], context: Context, caller: Caller): Promise<Admitted> {
    const signIn = await signIns.find(context, caller)
    if (signIn.state === 'signed-in') return await letIn(identityOf(signIn.token, 'page', caller), scopes)
    const { person, address } = caller
    if (signIn.state === 'foreign' || (person !== null && pageOf(context.req.raw) === 'foreign')) {
      return await refuse(notKnown(scopes), { ...nobody('foreign-page', caller), via: 'page' })
    }
    if (person === null) return await refuse(notKnown(scopes), nobody('no-token', caller))
    return await letIn({ id: person, who: person, via: 'proxy', scopes: personScopes, address }, scopes)
  }

  return {
    refuse,
    refuseToken,
    letIn,
    async admit(context, scope) {
      const scopes = [scope].flat()
      const caller = callerOf(context)
      const bearer = bearerOf(context.req.raw)
      if (bearer !== null) {
        const checked = await tokenCheck.check(bearer, caller.address)
        if (checked.state !== 'valid') return await refuseToken(checked, scopes, caller)
        const identity = identityOf(checked.token, 'token', caller)
        // Where a server has the browsers' key by mistake, its steps would be claims without a word.
        return await letIn(identity.scopes.has('browser') ? { ...identity, scopes: new Set() } : identity, scopes)
      }
      const key = context.req.query('key')
      if (key !== undefined) return await admitKey(key, scopes, context, caller)
      return await admitPage(scopes, context, caller)
    },
  }
}

export interface Door extends Pick<Access, 'admit'> {
  refuse(response: Response, refusal: Refusal): Promise<Refused>
  refuseToken(checked: BadToken, scopes: readonly Scope[], caller: Caller): Promise<Refused>
  /** Lets in whoever is known, if they may do one of these and do not come too often. */
  letIn(known: KnownIdentity, scopes: readonly Scope[]): Promise<Admitted>
}

export type Refused = Extract<Admitted, { ok: false }>

export interface KnownIdentity extends Identity {
  readonly id: string
}

export interface DoorOptions {
  readonly callerOf: ProxyTrust
  /** What somebody may do who signed in at the proxy; for more they need a token. */
  readonly personScopes: ReadonlySet<Scope>
  readonly tokenCheck: TokenCheck
  readonly signIns: SignIns
  readonly limits: RequestLimits
  readonly refusals: Refusals
  readonly onError: (error: unknown) => void
}

type BadToken = Exclude<CheckedToken, { state: 'valid' }> | TooManyGuesses

/** Whose token it is, with what it includes. */
export function identityOf(token: EnvironmentToken, via: Identity['via'], { address }: Caller): KnownIdentity {
  const scopes = new Set(token.scopes)
  if (scopes.has('ingest')) scopes.add('link')
  return { id: token.id, who: token.name, via, scopes, address }
}
