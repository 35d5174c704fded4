import type { Readable } from 'node:stream'
import { maskPath } from '@waybill/trail'
import { sendProblem } from './http/sendProblem.ts'
import { isCatchAll, servedOf } from './http/servedRequest.ts'
import type { Served } from './http/servedRequest.ts'
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
    const isFirst = servedOf(request) === undefined
    const served = serveNode(waybill, { ...options, request, response, path, route: () => routeOf(ctx) })
    if (!served) return next()
    const { context } = served.step
    if (!isFirst) return waybill.resume(context, next)
    answerErrors(ctx, served)
    const result = await waybill.resume(context, next)
    const { body }: { body?: Partial<Readable> } = Object(ctx)
    // Koa pipes it into the answer after all middleware is done, and a stream runs where it is piped.
    if (typeof body?.pipe === 'function') {
      const pipe = body.pipe.bind(body)
      body.pipe = (target, end) => waybill.resume(context, () => pipe(target, end))
    }
    return result
  }
}

/** Lets Koa do all that it does about an error, but for the text that it sends. */
function answerErrors(ctx: KoaContext, served: Served): void {
  const { req: request, res: response, onerror: koas } = ctx
  const isOwn = Object.hasOwn(ctx.app.context, 'onerror')
  const onerror = (error: unknown): void => {
    // Koa calls it at the end of every request. What the connection reports is no doing of the application's.
    if (error !== undefined && error !== null && error !== request.socket?.errored) served.thrown = error
    const { end } = response
    if (!isOwn)
      response.end = () => {
        response.end = end
        return sendProblem(error, { request, response, reference: served.step.context.reference })
      }
    try {
      koas.call(ctx, error)
    } finally {
      response.end = end
    }
  }
  Object.assign(ctx, { onerror })
}

export type Middleware = (ctx: KoaContext, next: () => Promise<unknown>) => Promise<unknown>

/** What is used of Koa's context, in either version. */
export interface KoaContext {
  readonly req: NodeRequest & { readonly socket?: { readonly errored?: unknown } }
  readonly res: NodeResponse
  readonly originalUrl: string
  readonly method: string
  readonly app: { readonly context: object }
  readonly onerror: (error: unknown) => void
}

/** `matched` are the layers of routers whose path fits, also those of other methods. */
function routeOf(ctx: KoaContext): string | undefined {
  const { matched }: { matched?: readonly KoaLayer[] } = Object(ctx)
  const layer = matched?.findLast(({ methods }) => methods.includes(ctx.method))
  if (!layer) return undefined
  const { path, methods } = layer
  if (typeof path !== 'string') return maskPath(ctx.originalUrl)
  return isCatchAll(path, { ofAllMethods: methods.includes('TRACE') }) ? undefined : path
}

interface KoaLayer {
  readonly path: string | RegExp
  readonly methods: readonly string[]
}
