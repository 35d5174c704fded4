import { Hono } from 'hono'
import { problem } from '../problem.ts'
import type { Access } from './Access.ts'
import type { AccessStore } from './AccessStore.ts'
import type { Refusals } from './createRefusals.ts'

/** `GET /api/log`: who looked at what, for whoever has the scope `admin`; the newest first, a hundred a page. */
export function logRoutes({ access, store, refusals, onError }: LogRoutesOptions): Hono {
  const routes = new Hono()
  routes.get('/api/log', async (context) => {
    const admitted = await access.admit(context, 'admin')
    if (!admitted.ok) return admitted.response
    const before = context.req.query('before')
    if (before !== undefined && !/^\d{1,15}$/.test(before)) return NO_SUCH_PAGE()
    await refusals.flush()
    await access.record({ event: 'log-read', identity: admitted.identity })
    const lines = await store.log({ limit: PAGE + 1, ...(before !== undefined && { before: Number(before) }) })
    const entries = lines.slice(0, PAGE).map((line) => ({ ...line, at: new Date(line.at).toISOString() }))
    return context.json({ entries, next: lines.length > PAGE ? entries.at(-1)?.id : null })
  })
  routes.onError((error) => {
    onError(error)
    return problem({
      status: 503,
      title: 'The access log cannot be read or written.',
      detail: 'Check that the disk has room; see the desk’s output.',
    })
  })
  return routes
}

export interface LogRoutesOptions {
  readonly access: Access
  readonly store: Pick<AccessStore, 'log'>
  readonly refusals: Pick<Refusals, 'flush'>
  readonly onError: (error: unknown) => void
}

const PAGE = 100

const NO_SUCH_PAGE = (): Response =>
  problem({
    status: 400,
    title: 'This is no page of the log.',
    detail: 'Give `next` of the page before as `before`.',
  })
