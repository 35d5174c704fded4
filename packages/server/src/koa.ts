import type { Readable } from 'node:stream'
import { maskPath } from '@waybill/trail'
import { sendProblem } from './http/sendProblem.ts'
import { isCatchAll, SERVED } from './http/servedRequest.ts'
import { serveNode } from './http/serveNode.ts'
import type { NodeRequest, NodeResponse } from './http/serveNode.ts'
import type { ServeOptions, ServerWaybill } from './ServerWaybill.ts'

/**
 * Koa middleware (3 and 2) that serves each request under its reference, as a step named by the route that `@koa/router` matched. Put it
 * first: `app.use(waybillMiddleware(waybill))`. The plain text that Koa makes of an error nobody caught becomes a problem with the
 * reference. Koa emits its `error` event as ever, and an `onerror` of the application's own `app.context` answers as ever.
 */
export function waybillMiddleware(waybill: ServerWaybill, options: ServeOptions = {}): Middleware {
  return async (ctx, next) => {
    const { req: request, res: response, originalUrl: path } = ctx
    const isFirst = !SERVED.has(request)
    const served = serveNode(waybill, { ...options, request, response, path, route: () => routeOf(ctx) })
    if (!served) return next()
    const { onerror } = ctx
    const { reference } = served.step.context
    const isKoas = isFirst && !Object.hasOwn(ctx.app.context, 'onerror')
    if (isFirst)
      ctx.onerror = (error) => {
        // Koa calls it at the end of every request. What the connection reports is no doing of the application's.
        if (error !== undefined && error !== null && error !== request.socket?.errored) served.thrown = error
        const { end } = response
        // All is Koa's but the text.
        if (isKoas)
          response.end = () => {
            response.end = end
            return sendProblem(error, { request, response, reference })
          }
        try {
          onerror.call(ctx, error)
        } finally {
          response.end = end
        }
      }
    const result = await waybill.resume(served.step.context, next)
    const { body }: { body?: Partial<Readable> } = Object(ctx)
    // Koa pipes it into the answer after all middleware is done, and a stream runs where it is piped.
    if (isFirst && typeof body?.pipe === 'function') {
      const pipe = body.pipe.bind(body)
      body.pipe = (target, options) => waybill.resume(served.step.context, () => pipe(target, options))
    }
    return result
  }
}

export type Middleware = (ctx: KoaContext, next: () => Promise<unknown>) => Promise<unknown>

/** What is used of Koa's context, in either version. */
export interface KoaContext {
  readonly req: NodeRequest & { readonly socket?: { readonly errored?: unknown } }
  readonly res: NodeResponse
  readonly originalUrl: string
  readonly method: string
  readonly app: { readonly context: object }
  onerror(error: unknown): void
}

/** `matched` are the layers of routers whose path fits, also those of other methods. */
function routeOf(ctx: KoaContext): string | undefined {
  const { matched }: { matched?: readonly KoaLayer[] } = Object(ctx)
  const path = matched?.findLast(({ methods }) => methods.includes(ctx.method))?.path
  if (path === undefined) return undefined
  if (typeof path !== 'string') return maskPath(ctx.originalUrl)
  return isCatchAll(path) ? undefined : path
}

interface KoaLayer {
  readonly path: string | RegExp
  readonly methods: readonly string[]
}
