import type { TraceIdOptions } from '@waybill/reference'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { clientAddress } from '../clientAddress.ts'
import { readBody } from '../readBody.ts'
import { problem, tooMany } from '../problem.ts'
import { createRateLimit } from '../rateLimit.ts'
import type { Store } from '../store/Store.ts'
import type { ReadAccess } from './createReadAccess.ts'
import { lookUp } from './lookUp.ts'

/** `GET /api/trails/{anything}` and `POST /api/search`, and the page's signing in and out. */
export function lookUpRoutes(options: LookUpRoutesOptions): Hono {
  const { store, access, identity, mostMatches, trustProxy, log, onError, now } = options
  const looking = createRateLimit({ perMinute: options.lookUpsPerMinute, now })
  const signingIn = createRateLimit({ perMinute: 20, now })

  async function answer(context: Context, readText: () => Promise<string | null>): Promise<Response> {
    const reader = await access.readerOf(context)
    if (!reader) return NOT_SIGNED_IN()
    const address = clientAddress(context, trustProxy)
    const wait = looking(`${reader} ${address}`)
    if (wait) return tooMany(wait)
    const text = await readText()
    if (text === null) return TOO_LONG()
    const found = await lookUp(text, { store, identity, limit: mostMatches, now: now() })
    log({
      event: 'look-up',
      at: new Date(now()).toISOString(),
      reader,
      address,
      kind: found.matches[0]?.foundBy ?? null,
      matches: found.matches.length,
    })
    context.header('cache-control', 'no-store')
    return context.json(found)
  }

  const routes = new Hono()
  routes.get('/api/trails/:anything{[^]+}', (context) => answer(context, async () => context.req.param('anything')))
  routes.post('/api/search', (context) =>
    answer(context, async () => {
      const read = await readBody(context.req.raw, LONGEST_TEXT)
      return read.ok ? read.text : null
    }),
  )
  routes.get('/session', async (context) => {
    context.header('cache-control', 'no-store')
    return context.json({ signedIn: (await access.readerOf(context)) !== null })
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
      title: 'The look-up failed on our side.',
      detail: 'Try again; if it stays, see the log.',
    })
  })
  return routes
}

export interface LookUpRoutesOptions {
  readonly store: Store
  readonly access: ReadAccess
  readonly identity: TraceIdOptions
  readonly mostMatches: number
  readonly lookUpsPerMinute: number
  readonly trustProxy: boolean
  readonly log: (entry: LookUpLogEntry) => void
  readonly onError: (error: unknown) => void
  readonly now: () => number
}

/** One look-up, for the record: who and when, and how much it showed. Never what was typed. */
export interface LookUpLogEntry {
  readonly event: 'look-up'
  /** ISO 8601 with milliseconds. */
  readonly at: string
  /** By the token itself, or by a page signed in with it. */
  readonly reader: 'token' | 'page'
  readonly address: string
  /** What led to the first match: `reference`, `person`, `fact:order` and so on; null when nothing was found. */
  readonly kind: string | null
  readonly matches: number
}

const LONGEST_TEXT = { maxBytes: 64 * 1024, maxInflatedBytes: 64 * 1024 }
const LONGEST_TOKEN = { maxBytes: 1024, maxInflatedBytes: 1024 }

const NOT_SIGNED_IN = (): Response =>
  problem({
    status: 401,
    title: 'Reading trails needs the desk’s read token.',
    detail: 'Send it as "Authorization: Bearer <token>", or sign in on the page.',
    headers: { 'www-authenticate': 'Bearer realm="waybill"' },
  })

const TOO_LONG = (): Response =>
  problem({
    status: 413,
    title: 'The text is longer than 64 kB or no UTF-8.',
    detail: 'Paste the part that holds the code.',
  })
