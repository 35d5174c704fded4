import { parseReference } from '@waybill/reference'
import type { Reference, TraceIdOptions } from '@waybill/reference'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { stream } from 'hono/streaming'
import type { Access, Identity } from '../access/Access.ts'
import { mediaTypeOf } from '../intake/mediaTypeOf.ts'
import { problem } from '../problem.ts'
import { readBody } from '../readBody.ts'
import type { FoundReference, Store, Whom } from '../store/Store.ts'
import { exportTrail } from './exportTrail.ts'
import { readWhom } from './readWhom.ts'
import type { WhomAsked } from './readWhom.ts'

/**
 * What a person may ask for by law, for whoever has the scope `admin`: `POST /api/erase` and `POST /api/export` with `{ "person" }` or
 * `{ "reference" }`, and `GET /api/export/{reference}`. The id is in a body and no address, so that no proxy logs it.
 */
export function privacyRoutes(options: PrivacyRoutesOptions): Hono {
  const {
    store,
    access,
    identity: { namespace = '' },
    onError,
    now,
  } = options

  async function asked(context: Context): Promise<(WhomAsked & ExportAsked) | Response> {
    const admitted = await access.admit(context, 'admin')
    if (!admitted.ok) return admitted.response
    // A page of another origin cannot send this type without being asked first.
    if (mediaTypeOf(context.req.raw) !== 'application/json') return NO_WHOM(415)
    const read = await readBody(context.req.raw, LONGEST_BODY)
    const whom = read.ok ? await readWhom(read.text, store) : null
    return whom ? { ...whom, identity: admitted.identity } : NO_WHOM(400)
  }

  async function referencesOf(whom: Whom): Promise<readonly Reference[]> {
    if ('reference' in whom) return store.known([whom.reference])
    const all = new Set<Reference>()
    for (const find of [
      (after?: number) => store.find([whom.personHash], { limit: PAGE, after }),
      async (after?: number) => (await store.findClaims([whom.personHash], { limit: PAGE, after })).found,
    ]) {
      let found: readonly FoundReference[]
      let after: number | undefined
      do {
        found = await find(after)
        for (const { reference } of found) all.add(reference)
        after = found.at(-1)?.place
      } while (found.length === PAGE)
    }
    return [...all]
  }

  async function exportAll(context: Context, { whom, identity }: ExportAsked): Promise<Response> {
    const references = await referencesOf(whom)
    const kind = 'reference' in whom ? 'reference' : 'person'
    const matches = references.length
    await access.record({ event: 'export', identity, kind: matches > 0 ? kind : null, matches })
    if (references.length === 0) return NOTHING()
    const name = 'reference' in whom ? whom.reference : 'person'
    const at = now()
    context.header('content-type', 'application/json')
    context.header('content-disposition', `attachment; filename="waybill-${name}.json"`)
    context.header('cache-control', 'no-store')
    // A person may have more trails than fit into memory at once.
    return stream(
      context,
      async (out) => {
        await out.write(`{"exportedAt":${JSON.stringify(new Date(at).toISOString())},"trails":[`)
        let separator = '\n'
        for (const reference of references) {
          const trail = await exportTrail(reference, { store, whom, namespace, now: at })
          if (!trail || out.aborted) continue
          await out.write(separator + JSON.stringify(trail))
          separator = ',\n'
        }
        await out.write('\n]}\n')
      },
      // What was sent by then is no whole JSON, so nobody takes it for all there is.
      async (error) => onError(error),
    )
  }

  const routes = new Hono()
  routes.post('/api/erase', async (context) => {
    const request = await asked(context)
    if (request instanceof Response) return request
    const { whom, dryRun, identity } = request
    // Written down before anything is gone, for afterwards nobody could tell who did it.
    const found = await store.erase(whom, { dryRun: true })
    const kind = 'reference' in whom ? 'reference' : 'person'
    const matches = found.trails + found.stripped
    await access.record({ event: dryRun ? 'look-up' : 'erase', identity, kind, matches })
    const erased = dryRun ? found : await store.erase(whom)
    context.header('cache-control', 'no-store')
    return context.json({ ...erased, dryRun })
  })
  routes.post('/api/export', async (context) => {
    const request = await asked(context)
    return request instanceof Response ? request : await exportAll(context, request)
  })
  routes.get('/api/export/:reference', async (context) => {
    const admitted = await access.admit(context, 'admin')
    if (!admitted.ok) return admitted.response
    const parsed = parseReference(context.req.param('reference'))
    return parsed.ok
      ? await exportAll(context, { whom: { reference: parsed.reference }, identity: admitted.identity })
      : NOTHING()
  })
  return routes
}

export interface PrivacyRoutesOptions {
  readonly store: Store
  readonly access: Access
  readonly identity: TraceIdOptions
  readonly onError: (error: unknown) => void
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

interface ExportAsked {
  readonly whom: Whom
  readonly identity: Identity
}

const PAGE = 500
const LONGEST_BODY = { maxBytes: 16 * 1024, maxInflatedBytes: 16 * 1024 }

const NO_WHOM = (status: 400 | 415): Response =>
  problem({
    status,
    title: 'This does not say whom it is about.',
    detail: 'Send "Content-Type: application/json" and either { "person": "…" } or { "reference": "RF7-K29-QXR" }.',
  })

const NOTHING = (): Response =>
  problem({ status: 404, title: 'Nothing is kept of this.', detail: 'Check the code or the id.' })
