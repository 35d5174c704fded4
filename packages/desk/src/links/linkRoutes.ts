import type { TraceIdOptions } from '@waybill/reference'
import { Hono } from 'hono'
import type { Context } from 'hono'
import type { Access } from '../access/Access.ts'
import { mediaTypeOf } from '../intake/mediaTypeOf.ts'
import { problem } from '../problem.ts'
import { readBody } from '../readBody.ts'
import type { Store } from '../store/Store.ts'
import { linkStep } from './linkStep.ts'
import { MOST_LINKS, readLinks } from './readLinks.ts'
import type { LinkFault } from './readLinks.ts'

/**
 * `POST /api/links`: what support's tools call a trail, such as a ticket's number, so that it is found by it. For whoever may
 * link, which a browser key, being public, never does. Where one of a request cannot be read none is taken; one that is there already changes nothing, but for the state that it tells. A reference that nothing is
 * known of is taken as well: a customer writes before her device is online again, and tools that must not call again would lose the
 * link. It holds a check symbol, and is forgotten like any other trail.
 */
export function linkRoutes(options: LinkRoutesOptions): Hono {
  const { store, access, identity, onError, now } = options

  async function take(context: Context): Promise<Response> {
    const admitted = await access.admit(context, 'link')
    if (!admitted.ok) return admitted.response
    const request = context.req.raw
    if (mediaTypeOf(request) !== 'application/json') return NO_JSON(415)
    const read = await readBody(request, LONGEST_BODY)
    if (!read.ok) return read.reason === 'size' ? TOO_LARGE() : NO_JSON(400)
    const links = readLinks(read.text)
    if (!links.ok) return BAD_LINK(links)
    const steps = links.links.map((link) => linkStep(link, { identity, secret: store.secret, now: now() }))
    const appended = await store.append(steps)
    if (!appended.ok) return BUSY()
    if (appended.refused > 0) return FULL()
    return context.json({ links: links.links })
  }

  const routes = new Hono()
  routes.post('/api/links', (context) =>
    take(context).catch((error: unknown) => {
      onError(error)
      return BUSY()
    }),
  )
  return routes
}

export interface LinkRoutesOptions {
  readonly store: Store
  readonly access: Pick<Access, 'admit'>
  readonly identity: TraceIdOptions
  readonly onError: (error: unknown) => void
  readonly now: () => number
}

const LONGEST_BODY = { maxBytes: 64 * 1024, maxInflatedBytes: 64 * 1024 }

const NO_JSON = (status: 400 | 415): Response =>
  problem({ status, title: 'Links are taken as JSON, in UTF-8.', detail: 'Send "Content-Type: application/json".' })

const TOO_LARGE = (): Response =>
  problem({ status: 413, title: 'The body is larger than 64 kB.', detail: 'Send fewer links in one request.' })

const BAD_LINK = ({ reason, index }: LinkFault): Response =>
  problem({
    status: 400,
    title: index === null ? 'These are no links.' : `Link ${index + 1} cannot be taken, so none was.`,
    detail: FAULTS[reason],
  })

const FAULTS: Readonly<Record<LinkFault['reason'], string>> = {
  form: `Send { "reference", "kind", "value" }, or a list of 1 to ${MOST_LINKS} of those.`,
  reference: '`reference` is a reference with a check symbol that fits, such as the ticket’s field holds it.',
  kind: '`kind` is a name of 1 to 40 of A-Z a-z 0-9 _ . -, such as "ticket", "order" or "conversation".',
  value: '`value` is a text of 1 to 200 characters, or a number.',
  url: '`url` is an address of http or https of at most 1000 characters, without a user name or password in it.',
  state: '`state` is a text of 1 to 40 characters, such as "open" or "solved".',
  service: '`service` is the name of whoever links, a text of 1 to 200 characters.',
}

const FULL = (): Response =>
  problem({
    status: 409,
    title: 'A trail of these is full.',
    detail: 'It keeps the steps that it has. Other links of this request were taken.',
  })

const BUSY = (): Response =>
  problem({ status: 503, title: 'The desk cannot take links right now.', headers: { 'retry-after': '2' } })
