import { Hono } from 'hono'
import type { Access } from '../access/Access.ts'
import { problem } from '../problem.ts'
import type { Metrics } from './createMetrics.ts'
import type { Readiness } from './createReadiness.ts'

/**
 * `GET /healthz` (the process answers) and `GET /readyz` (the store works), for anybody and without details; `GET /metrics` for
 * whoever has the scope `metrics`.
 */
export function operateRoutes({ access, metrics, readiness }: OperateRoutesOptions): Hono {
  const routes = new Hono()
  routes.get('/healthz', () => Response.json({ status: 'ok' }, { headers: UNKEPT }))
  routes.get('/readyz', async () => {
    const state = await readiness.state()
    return state === 'ready' ? Response.json({ status: 'ready' }, { headers: UNKEPT }) : NOT_READY[state]()
  })
  routes.get('/metrics', async (context) => {
    const admitted = await access.admit(context, 'metrics')
    if (!admitted.ok) return admitted.response
    const { type, body } = await metrics.text()
    return new Response(body, { headers: { ...UNKEPT, 'content-type': type } })
  })
  return routes
}

export interface OperateRoutesOptions {
  readonly access: Pick<Access, 'admit'>
  readonly metrics: Pick<Metrics, 'text'>
  readonly readiness: Readiness
}

const UNKEPT = { 'cache-control': 'no-store' }
const RETRY = { 'retry-after': '2' }

const NOT_READY = {
  stopping: () => problem({ status: 503, title: 'This desk is stopping.', detail: 'Ask another one.', headers: RETRY }),
  'store-failed': () =>
    problem({
      status: 503,
      title: 'The store of this desk does not work right now.',
      detail: 'See its log.',
      headers: RETRY,
    }),
}
