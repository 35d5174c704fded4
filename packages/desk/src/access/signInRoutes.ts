import { Hono } from 'hono'
import { readBody } from '../readBody.ts'
import type { Access, Scope } from './Access.ts'
import type { ProxyTrust } from './createProxyTrust.ts'
import { identityOf } from './createDoor.ts'
import type { Door } from './createDoor.ts'
import { NOBODY } from './createRefusals.ts'
import type { SignIns } from './createSignIns.ts'
import type { TokenCheck } from './createTokenCheck.ts'
import { pageOf } from './pageOf.ts'
import { notKnown } from './refusalAnswers.ts'

/** The page's signing in and out: `GET /session`, `POST /login` with a token as its body, `POST /logout`. */
export function signInRoutes(options: SignInRoutesOptions): Hono {
  const { access, door, signIns, tokenCheck, callerOf, personScopes, onError } = options
  const routes = new Hono()

  routes.get('/session', async (context) => {
    const caller = callerOf(context)
    const signIn = await signIns.find(context, caller)
    if (signIn.state === 'signed-in') {
      const { who, scopes } = identityOf(signIn.token, 'page', caller)
      return context.json({ signedIn: true, who, scopes: [...scopes] })
    }
    const { person: who } = caller
    return context.json({ signedIn: who !== null, who, scopes: who === null ? [] : [...personScopes] })
  })

  routes.post('/login', async (context) => {
    const caller = callerOf(context)
    // A foreign page could sign somebody in as somebody else.
    if (pageOf(context.req.raw) === 'foreign') {
      const refusal = { who: NOBODY, via: 'page', address: caller.address, kind: 'foreign-page' } as const
      return (await door.refuse(notKnown(TO_SIGN_IN), refusal)).response
    }
    const read = await readBody(context.req.raw, LONGEST_TOKEN)
    const checked = await tokenCheck.check(read.ok ? read.text.trim() : '', caller.address)
    if (checked.state !== 'valid') return (await door.refuseToken(checked, TO_SIGN_IN, caller)).response
    const admitted = await door.letIn(identityOf(checked.token, 'page', caller), TO_SIGN_IN)
    if (!admitted.ok) return admitted.response
    await access.record({ event: 'sign-in', identity: admitted.identity })
    await signIns.begin(context, checked.token, caller)
    return context.body(null, 204)
  })

  routes.post('/logout', async (context) => {
    const caller = callerOf(context)
    const signIn = await signIns.find(context, caller)
    if (signIn.state === 'foreign') {
      const refusal = { who: NOBODY, via: 'page', address: caller.address, kind: 'foreign-page' } as const
      return (await door.refuse(notKnown(TO_SIGN_IN), refusal)).response
    }
    await signIns.end(context, signIn.state === 'signed-in' ? signIn.hash : null, caller)
    if (signIn.state === 'signed-in') {
      const identity = identityOf(signIn.token, 'page', caller)
      // It has ended, whether or not that can be written down.
      await access.record({ event: 'sign-out', identity }).catch(onError)
    }
    return context.body(null, 204)
  })

  return routes
}

export interface SignInRoutesOptions {
  readonly access: Pick<Access, 'record'>
  readonly door: Pick<Door, 'refuse' | 'refuseToken' | 'letIn'>
  readonly signIns: SignIns
  readonly tokenCheck: Pick<TokenCheck, 'check'>
  readonly callerOf: ProxyTrust
  /** What somebody may do who signed in at the proxy. */
  readonly personScopes: ReadonlySet<Scope>
  readonly onError: (error: unknown) => void
}

const LONGEST_TOKEN = { maxBytes: 1024, maxInflatedBytes: 1024 }

/** Whoever signs in on the page reads there. */
const TO_SIGN_IN: readonly Scope[] = ['read', 'admin']
