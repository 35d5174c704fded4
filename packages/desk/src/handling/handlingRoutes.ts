import { parseReference } from '@waybill/reference'
import type { Reference, TraceIdOptions } from '@waybill/reference'
import { Hono } from 'hono'
import type { Context } from 'hono'
import type { Access, Identity } from '../access/Access.ts'
import { mediaTypeOf } from '../intake/mediaTypeOf.ts'
import type { NotedHandling } from '../lookup/Match.ts'
import type { Metrics } from '../operate/createMetrics.ts'
import { problem } from '../problem.ts'
import { readBody } from '../readBody.ts'
import type { TrailSpans } from '../spans/createTrailSpans.ts'
import type { Store } from '../store/Store.ts'
import type { StoredStep } from '../store/StoredStep.ts'
import { handlingsIn } from './handlingsIn.ts'
import { handlingStep } from './handlingStep.ts'
import { notedHandling } from './notedHandling.ts'
import { readHandling } from './readHandling.ts'
import type { HandlingRead } from './readHandling.ts'

/**
 * `POST /api/trails/{reference}/handling`: who is on a trail, so that two people do not finish one refund twice. For whoever may link. Whoever changes it says which handling they saw; where that is
 * not the newest any more, or somebody else was first at the same instant, nothing changes and the answer is 409 with the one that is in force, for those who may also read.
 *
 * The store decides who was first: all write, read the trail back, and go by its order of arrival. On ClickHouse, which has no such order among several desks, two desks may both say yes
 * within the same moment; from then on every answer names the same one.
 */
export function handlingRoutes(options: HandlingRoutesOptions): Hono {
  const { store, access, metrics, identity, spans, now } = options

  function lastIn(kept: readonly StoredStep[]): NotedHandling | null {
    const last = handlingsIn(kept, store).at(-1)
    return last ? notedHandling(last) : null
  }

  /** Whether anything is known of it, here or where spans are kept, and the handling that is in force. */
  async function newestOf(reference: Reference): Promise<Newest> {
    const kept = await store.trail(reference)
    if (kept.length > 0) return { state: 'known', handling: lastIn(kept) }
    const elsewhere = await spans?.(reference, kept)
    if (elsewhere && elsewhere.steps.length > 0) return { state: 'known', handling: null }
    return { state: elsewhere && elsewhere.unseen.length > 0 ? 'unseen' : 'unknown' }
  }

  async function late(who: Identity, handling: NotedHandling | null): Promise<Response> {
    metrics.handled({ outcome: 'late' })
    await access.record({ event: 'handle', identity: who, kind: 'late', matches: 1 })
    return LATE(who.scopes.has('read') ? handling : undefined)
  }

  async function take(context: Context<object, '/api/trails/:reference/handling'>): Promise<Response> {
    const admitted = await access.admit(context, 'link')
    if (!admitted.ok) return admitted.response
    const { identity: who } = admitted
    const request = context.req.raw
    if (mediaTypeOf(request) !== 'application/json') return NO_JSON(415)
    const body = await readBody(request, LONGEST_BODY)
    if (!body.ok) return body.reason === 'size' ? TOO_LARGE() : NO_JSON(400)
    const read = readHandling(body.text, who)
    if (!read.ok) return WRONG(read.reason)
    const parsed = parseReference(context.req.param('reference'))
    const known: Newest = parsed.ok ? await newestOf(parsed.reference) : { state: 'unknown' }
    if (!parsed.ok || known.state !== 'known') {
      await access.record({ event: 'handle', identity: who })
      return known.state === 'unseen' ? BUSY() : UNKNOWN()
    }
    const { reference } = parsed
    const { said, after } = read
    if ((known.handling?.id ?? null) !== after) return await late(who, known.handling)
    if (said.state === 'open' && known.handling === null) return WRONG('nothing')
    const step = handlingStep(reference, said, { after, secret: store.secret, identity, now: now() })
    // Before it is done: nothing is that is not written down.
    await access.record({ event: 'handle', identity: who, kind: said.state, matches: 1 })
    const appended = await store.append([step])
    if (!appended.ok) return BUSY()
    if (appended.refused > 0) return FULL()
    const handling = lastIn(await store.trail(reference))
    if (handling?.id !== step.id) return await late(who, handling)
    metrics.handled({ outcome: said.state })
    context.header('cache-control', 'no-store')
    return context.json({ handling })
  }

  const routes = new Hono()
  routes.post('/api/trails/:reference/handling', (context) => take(context))
  return routes
}

export interface HandlingRoutesOptions {
  readonly store: Pick<Store, 'trail' | 'append' | 'secret'>
  readonly access: Pick<Access, 'admit' | 'record'>
  readonly metrics: Pick<Metrics, 'handled'>
  readonly identity: TraceIdOptions
  /** What stores of spans hold of a trail. @default there are none */
  readonly spans?: TrailSpans | undefined
  readonly now: () => number
}

/** `unseen`: nothing is known here, and elsewhere it could not be looked for. */
type Newest =
  { readonly state: 'known'; readonly handling: NotedHandling | null } | { readonly state: 'unknown' | 'unseen' }

const LONGEST_BODY = { maxBytes: 16 * 1024, maxInflatedBytes: 16 * 1024 }

const NO_JSON = (status: 400 | 415): Response =>
  problem({ status, title: 'This is taken as JSON, in UTF-8.', detail: 'Send "Content-Type: application/json".' })

const TOO_LARGE = (): Response =>
  problem({ status: 413, title: 'The body is larger than 16 kB.', detail: 'Send a shorter note.' })

const WRONG = (fault: Fault): Response =>
  problem({ status: 400, title: 'This says nothing of how a trail is handled.', detail: FAULTS[fault] })

type Fault = Extract<HandlingRead, { ok: false }>['reason'] | 'nothing'

const FAULTS: Readonly<Record<Fault, string>> = {
  form: 'Send { "state", "by", "note", "after" }.',
  state: '`state` is "taken", "done" or "open".',
  by: '`by` is your name, a text of 1 to 80 characters.',
  note: '`note` is a text of at most 500 characters.',
  nothing: 'Nobody has taken it up, so it cannot be given back.',
  after: '`after` is the `id` of the handling that you saw, or null where there was none.',
}

const UNKNOWN = (): Response =>
  problem({
    status: 404,
    title: 'Nothing is known under this reference.',
    detail: 'It may be misread, not have arrived yet, or have been forgotten for its age.',
  })

const LATE = (handling: NotedHandling | null | undefined): Response =>
  problem({
    status: 409,
    title: 'Somebody else was first, or it is not as you saw it any more.',
    detail: 'Nothing was changed. Look at `handling`, which is in force, and give its `id` as `after` to change it.',
    ...(handling !== undefined && { extensions: { handling } }),
  })

const FULL = (): Response =>
  problem({ status: 507, title: 'The trail is full.', detail: 'It keeps the steps that it has; nothing was changed.' })

const BUSY = (): Response =>
  problem({ status: 503, title: 'The desk cannot take this right now.', headers: { 'retry-after': '2' } })
