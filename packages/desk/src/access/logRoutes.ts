import { Hono } from 'hono'
import { problem } from '../problem.ts'
import type { Access } from './Access.ts'
import type { AccessStore } from './AccessStore.ts'
import type { Refusals } from './createRefusals.ts'

/** `GET /api/log`: who looked at what, for whoever has the scope `admin`; the newest first, a hundred a page; with `who` only what that one did. */
export function logRoutes({ access, store, refusals }: LogRoutesOptions): Hono {
  const routes = new Hono()
  routes.get('/api/log', async (context) => {
    const admitted = await access.admit(context, 'admin')
    if (!admitted.ok) return admitted.response
    const { before, who } = context.req.query()
    if (before !== undefined && !/^\d{1,15}$/.test(before)) return NO_SUCH_PAGE()
    await refusals.flush()
    await access.record({ event: 'log-read', identity: admitted.identity })
    const lines = await store.log({ limit: PAGE + 1, who, ...(before !== undefined && { before: Number(before) }) })
    const entries = lines.slice(0, PAGE).map((line) => ({ ...line, at: new Date(line.at).toISOString() }))
    return context.json({ entries, next: lines.length > PAGE ? entries.at(-1)?.id : null })
  })
  return routes
}

export interface LogRoutesOptions {
  readonly access: Access
  readonly store: Pick<AccessStore, 'log'>
  readonly refusals: Pick<Refusals, 'flush'>
}

const PAGE = 100

const NO_SUCH_PAGE = (): Response =>
  problem({
    status: 400,
    title: 'This is no page of the log.',
    detail: 'Give `next` of the page before as `before`.',
  })
