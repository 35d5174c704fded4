import type { TraceIdOptions } from '@waybill/reference'
import { Hono } from 'hono'
import type { Context } from 'hono'
import type { Access } from '../access/Access.ts'
import { FAILURE_OUTCOMES } from '../failures/FailuresAnswer.ts'
import { findFailures } from '../failures/findFailures.ts'
import { readBody } from '../readBody.ts'
import type { LookUpKind, Metrics } from '../operate/createMetrics.ts'
import { problem } from '../problem.ts'
import type { TrailSpans } from '../spans/createTrailSpans.ts'
import type { Store } from '../store/Store.ts'
import { drawMap } from '../map/drawMap.ts'
import { spanIn } from '../spanIn.ts'
import type { TraceLinks } from '../traceLinks/createTraceLinks.ts'
import type { Directory } from '../owners/createDirectory.ts'
import type { TrailSummary } from './Match.ts'
import { customerTrails } from './customerTrails.ts'
import { lookUp } from './lookUp.ts'
import { recentTrails } from './recentTrails.ts'

/**
 * `GET /api/trails/{anything}`, `POST /api/search`, `GET /api/customers/{person}`, `GET /api/recent`, `GET /api/failures` and `GET /api/map`.
 */
export function lookUpRoutes(options: LookUpRoutesOptions): Hono {
  const { store, access, metrics, identity, mostMatches, keepDays, now, spans, traceLinks, directory } = options

  const lookUpOptions = () => ({
    store,
    identity,
    limit: mostMatches,
    keepDays,
    now: now(),
    spans,
    traceLinks,
    directory,
  })

  /** Every way to read a trail goes through here: for readers only, not too often, and for the record. */
  async function answer<Answer>(context: Context, { look, find, shown }: Question<Answer>): Promise<Response> {
    const admitted = await access.admit(context, 'read')
    if (!admitted.ok) return admitted.response
    const begun = performance.now()
    const found = await find()
    if (found instanceof Response) return found
    const trails = shown(found)
    const outcome = trails.length > 0 ? 'hit' : 'miss'
    metrics.lookUp({ kind: look, outcome, durationMs: performance.now() - begun })
    await access.record({
      event: 'look-up',
      identity: admitted.identity,
      kind: trails[0]?.foundBy ?? null,
      matches: trails.length,
    })
    context.header('cache-control', 'no-store')
    return context.json(found)
  }

  const routes = new Hono()
  routes.get('/api/trails/:anything{[^]+}', (context) =>
    answer(context, {
      look: 'trail',
      find: () => lookUp(context.req.param('anything'), { ...lookUpOptions(), suggest: false }),
      shown: ({ matches }) => matches,
    }),
  )
  routes.post('/api/search', (context) =>
    answer(context, {
      look: 'search',
      async find() {
        const read = await readBody(context.req.raw, LONGEST_TEXT)
        return read.ok ? await lookUp(read.text, { ...lookUpOptions(), suggest: true }) : TOO_LONG()
      },
      shown: ({ matches, suggestions }) => [...matches, ...suggestions],
    }),
  )
  routes.get('/api/customers/:person', (context) =>
    answer(context, {
      look: 'customer',
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
  routes.get('/api/recent', (context) =>
    answer(context, {
      look: 'recent',
      async find() {
        const { since = '1h', failed, hop, service } = context.req.query()
        const span = spanIn(since)
        if (span === null) return NO_SUCH_SPAN()
        const options = {
          ...lookUpOptions(),
          limit: MOST_RECENT,
          failedOnly: failed === '1',
          failedAt: { hop, service },
        }
        return await recentTrails({ ...options, since: now() - span })
      },
      shown: ({ trails }) => trails,
    }),
  )
  routes.get('/api/failures', (context) =>
    answer(context, {
      look: 'failures',
      async find() {
        const { since = '24h', outcome, service } = context.req.query()
        const span = spanIn(since)
        if (span === null) return NO_SUCH_SPAN()
        const filter = outcome === undefined ? null : FAILURE_OUTCOMES.find((each) => each === outcome)
        if (filter === undefined) return NO_SUCH_OUTCOME()
        return await findFailures({ ...lookUpOptions(), since: now() - span, outcome: filter, service })
      },
      shown: ({ trails }) => Array.from({ length: trails }, () => ({ foundBy: 'failures' })),
    }),
  )
  routes.get('/api/map', (context) =>
    answer(context, {
      look: 'map',
      async find() {
        const span = spanIn(context.req.query('since') ?? '7d')
        return span === null ? NO_SUCH_SPAN() : await drawMap({ store, since: now() - span })
      },
      // It names no trail, only how many it was drawn from.
      shown: ({ trails }) => Array.from({ length: trails }, () => ({ foundBy: 'map' })),
    }),
  )
  return routes
}

export interface LookUpRoutesOptions {
  readonly store: Store
  readonly access: Access
  readonly metrics: Pick<Metrics, 'lookUp'>
  readonly identity: TraceIdOptions
  readonly mostMatches: number
  readonly keepDays: number
  readonly now: () => number
  /** What stores of spans hold of a trail. @default there are none */
  readonly spans?: TrailSpans | undefined
  /** Where other tools show a trail. @default nowhere */
  readonly traceLinks?: TraceLinks | undefined
  /** Who looks after what. @default nobody */
  readonly directory?: Directory | undefined
}

interface Question<Answer> {
  readonly look: LookUpKind
  /** The answer, or the response that says why there is none. */
  readonly find: () => Promise<Answer | Response>
  readonly shown: (answer: Answer) => readonly Pick<TrailSummary, 'foundBy'>[]
}

const MOST_RECENT = 100
const LONGEST_TEXT = { maxBytes: 64 * 1024, maxInflatedBytes: 64 * 1024 }

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

const NO_SUCH_OUTCOME = (): Response =>
  problem({
    status: 400,
    title: 'This is no outcome to look for.',
    detail: `Give \`outcome\` as one of ${FAILURE_OUTCOMES.join(', ')}, or leave it out.`,
  })

const TOO_LONG = (): Response =>
  problem({
    status: 413,
    title: 'The text is longer than 64 kB or no UTF-8.',
    detail: 'Paste the part that holds the code.',
  })
