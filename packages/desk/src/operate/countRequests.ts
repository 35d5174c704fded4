import type { MiddlewareHandler } from 'hono'
import type { Metrics } from './createMetrics.ts'
import { routeNameOf } from './routeNameOf.ts'

/** Counts every answer. */
export function countRequests(metrics: Pick<Metrics, 'request'>): MiddlewareHandler {
  return async (context, next) => {
    const begun = performance.now()
    await next()
    metrics.request({
      route: routeNameOf(context.req.path),
      status: context.res.status,
      durationMs: performance.now() - begun,
    })
  }
}
