import type { TraceIdOptions } from '@waybill/reference'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { clientAddress } from '../clientAddress.ts'
import { readBody } from '../readBody.ts'
import { problem, tooMany } from '../problem.ts'
import { createRateLimit } from '../rateLimit.ts'
import type { Store } from '../store/Store.ts'
import type { ReadAccess } from './createReadAccess.ts'
import { drawMap } from '../map/drawMap.ts'
import { spanIn } from '../map/spanIn.ts'
import type { TrailSummary } from './Match.ts'
import { customerTrails } from './customerTrails.ts'
import { lookUp } from './lookUp.ts'

/**
 * `GET /api/trails/{anything}`, `POST /api/search`, `GET /api/customers/{person}` and `GET /api/map`, and the page's signing in and out.
 */
export function lookUpRoutes(options: LookUpRoutesOptions): Hono {
  const { store, access, identity, mostMatches, keepDays, trustProxy, log, onError, now } = options
  const looking = createRateLimit({ perMinute: options.lookUpsPerMinute, now })
  const signingIn = createRateLimit({ perMinute: 20, now })

  const lookUpOptions = () => ({ store, identity, limit: mostMatches, keepDays, now: now() })

  /** Every way to read a trail goes through here: for readers only, not too often, and for the record. */
  async function answer<Answer>(context: Context, { find, shown }: Question<Answer>): Promise<Response> {
    const reader = await access.readerOf(context)
    if (!reader) return NOT_SIGNED_IN()
    const address = clientAddress(context, trustProxy)
    const wait = looking(`${reader} ${address}`)
    if (wait) return tooMany(wait)
    const found = await find()
    if (found instanceof Response) return found
    const trails = shown(found)
    log({
      event: 'look-up',
      at: new Date(now()).toISOString(),
      reader,
      address,
      kind: trails[0]?.foundBy ?? null,
      matches: trails.length,
    })
    context.header('cache-control', 'no-store')
    return context.json(found)
  }

  const routes = new Hono()
  routes.get('/api/trails/:anything{[^]+}', (context) =>
    answer(context, {
      find: () => lookUp(context.req.param('anything'), { ...lookUpOptions(), suggest: false }),
      shown: ({ matches }) => matches,
    }),
  )
  routes.post('/api/search', (context) =>
    answer(context, {
      async find() {
        const read = await readBody(context.req.raw, LONGEST_TEXT)
        return read.ok ? await lookUp(read.text, { ...lookUpOptions(), suggest: true }) : TOO_LONG()
      },
      shown: ({ matches, suggestions }) => [...matches, ...suggestions],
    }),
  )
  routes.get('/api/customers/:person', (context) =>
    answer(context, {
      async find() {
        const { said = 'by-server', after } = context.req.query()
        if (said !== 'by-server' && said !== 'by-browser') return NO_SUCH_PAGE()
        if (after !== undefined && !/^\d{1,16}$/.test(after)) return NO_SUCH_PAGE()
        const person = context.req.param('person')
        if (!/^[\da-f]{16,64}$/.test(person)) return NO_SUCH_PAGE()
        return await customerTrails(person, { ...lookUpOptions(), said, ...(after && { after: Number(after) }) })
      },
      shown: ({ trails }) => trails,
    }),
  )
  routes.get('/api/map', (context) =>
    answer(context, {
      async find() {
        const span = spanIn(context.req.query('since') ?? '7d')
        return span === null ? NO_SUCH_SPAN() : await drawMap({ store, since: now() - span })
      },
      // It names no trail, only how many it was drawn from.
      shown: ({ trails }) => Array.from({ length: trails }, () => ({ foundBy: 'map' })),
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
  readonly keepDays: number
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
  /** What led to the first trail: `reference`, `person`, `fact:order`, `suggestion`, `map` and so on; null when nothing was found. */
  readonly kind: string | null
  /** How many trails it showed, suggestions among them. */
  readonly matches: number
}

interface Question<Answer> {
  /** The answer, or the response that says why there is none. */
  readonly find: () => Promise<Answer | Response>
  readonly shown: (answer: Answer) => readonly Pick<TrailSummary, 'foundBy'>[]
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

const NO_SUCH_PAGE = (): Response =>
  problem({
    status: 400,
    title: 'This is no page of a customer’s trails.',
    detail:
      'Give the first 16 to 64 hex digits of `person`, `said=by-server` or `by-browser`, and `next` of the page before as `after`.',
  })

const NO_SUCH_SPAN = (): Response =>
  problem({
    status: 400,
    title: 'This is no span of time.',
    detail: 'Give `since` as a number with m, h or d: 24h, 7d.',
  })

const TOO_LONG = (): Response =>
  problem({
    status: 413,
    title: 'The text is longer than 64 kB or no UTF-8.',
    detail: 'Paste the part that holds the code.',
  })
