import { Hono } from 'hono'
import { problem, tooMany } from '../problem.ts'
import { readBody } from '../readBody.ts'
import { clientAddress } from './clientAddress.ts'
import { NOT_SIGNED_IN } from './createAccess.ts'
import type { DeskAccess } from './createAccess.ts'
import { createRateLimit } from './createRateLimit.ts'

/** The page's signing in and out: `GET /session`, `POST /login`, `POST /logout`. */
export function signInRoutes({ access, trustProxy, onError, now }: SignInRoutesOptions): Hono {
  const signingIn = createRateLimit({ perMinute: 20, now })
  const routes = new Hono()
  routes.get('/session', async (context) => {
    context.header('cache-control', 'no-store')
    return context.json({ signedIn: await access.isSignedIn(context) })
  })
  routes.post('/login', async (context) => {
    const wait = signingIn(clientAddress(context, trustProxy))
    if (wait) return tooMany(wait)
    const read = await readBody(context.req.raw, LONGEST_TOKEN)
    if (!read.ok || !access.isToken(read.text.trim())) return NOT_SIGNED_IN()
    await access.signIn(context)
    return context.body(null, 204)
  })
  routes.post('/logout', (context) => {
    access.signOut(context)
    return context.body(null, 204)
  })
  routes.onError((error) => {
    onError(error)
    return problem({
      status: 500,
      title: 'Signing in failed on our side.',
      detail: 'Try again; if it stays, see the log.',
    })
  })
  return routes
}

export interface SignInRoutesOptions {
  readonly access: DeskAccess
  readonly trustProxy: boolean
  readonly onError: (error: unknown) => void
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

const LONGEST_TOKEN = { maxBytes: 1024, maxInflatedBytes: 1024 }
