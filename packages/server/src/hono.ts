import type { Context, MiddlewareHandler } from 'hono'
import { asThrown } from './step/errorType.ts'
import { serveFetch } from './http/serveFetch.ts'
import { BROKEN, isCatchAll, servedOf } from './http/servedRequest.ts'
import type { Served } from './http/servedRequest.ts'
import { serveNode } from './http/serveNode.ts'
import type { NodeRequest, NodeResponse } from './http/serveNode.ts'
import { streamedResponse } from './http/streamedResponse.ts'
import type { ServeOptions, ServerWaybill } from './ServerWaybill.ts'

/**
 * Hono middleware that serves each request under its reference, as a step named by the matched route. Put it first:
 * `app.use(waybillMiddleware(waybill))`. An error that reaches Hono's own plain-text answer becomes a problem with the
 * reference; what `app.onError` answers stays as it is.
 */
export function waybillMiddleware(waybill: ServerWaybill, options: ServeOptions = {}): MiddlewareHandler {
  return async (c, next) => {
    const { incoming, outgoing }: NodeBindings = Object(c.env)
    const { raw, path } = c.req
    if (servedOf(incoming ?? raw)) return next()
    const route = (): string | undefined => routeOf(c)
    if (incoming && outgoing) {
      // Under `@hono/node-server` node itself knows best when an answer was sent.
      const served = serveNode(waybill, { ...options, request: incoming, response: outgoing, route })
      if (!served) return next()
      const { context } = served.step
      await waybill.resume(context, () => handled(waybill, { c, next, served }))
      if (waybill.guard(() => isAtHand(c.res))) return
      const streamed = waybill.guard(() => streamedResponse(waybill, c.res, { context, texts: TEXTS }))
      if (streamed) c.res = streamed
      return
    }
    const served = waybill.guard(() => serveFetch(waybill, { ...options, request: raw, path, route, texts: TEXTS }))
    if (!served) return next()
    try {
      await waybill.resume(served.step.context, () => handled(waybill, { c, next, served }))
    } catch (error) {
      served.end({ status: 500 })
      throw error
    }
    c.res = served.answer(c.res)
  }
}

/**
 * Whether the answer was made of a text. Of those `@hono/node-server` makes no `Response`, which costs more than the rest of the request,
 * unless somebody looks at their headers: it keeps what they were made of in a list, status, body and headers, under a symbol of its own.
 */
function isAtHand(response: Response): boolean {
  const cache = Object.getOwnPropertySymbols(response).find(({ description }) => description === 'cache')
  const made: unknown = cache && Reflect.get(response, cache)
  return Array.isArray(made) && typeof made[1] === 'string'
}

/** So Hono spells the types of what `c.json`, `c.text` and `c.html` are given. */
const TEXTS = /^(?:application\/(?:[\w.-]+\+)?json|text\/(?:plain|html); ?charset=UTF-8)/

interface NodeBindings {
  readonly incoming?: NodeRequest
  readonly outgoing?: NodeResponse
}

async function handled(waybill: ServerWaybill, { c, next, served }: Handled): Promise<void> {
  try {
    await next()
    served.thrown = c.error
    if (await isHonosOwn(c)) {
      const detail = c.res.status < 500 ? c.error?.message : undefined
      c.res = waybill.problem({ ...BROKEN, status: c.res.status, detail })
    }
  } catch (error) {
    // Hono hands on what is no Error; its server answers.
    served.thrown = asThrown(error)
    throw error
  }
}

interface Handled {
  readonly c: Context
  readonly next: () => Promise<void>
  readonly served: Served
}

/** Whether the answer to an error is the one that Hono gives where the application says nothing. */
async function isHonosOwn({ error, res }: Context): Promise<boolean> {
  if (!error || res.status < 400 || !/^text\/plain\b/.test(res.headers.get('content-type') ?? '')) return false
  const text = await res.clone().text()
  return 'getResponse' in error ? !Object(error).res && text === error.message : text === 'Internal Server Error'
}

/**
 * The pattern of the handler that answered. `use` registers middleware for all methods with a wildcard. The getters and not the functions
 * of `hono/route`, so that this file needs nothing of Hono at run time.
 */
function routeOf({ req }: Context): string | undefined {
  const { path, method } = req.matchedRoutes[req.routeIndex] ?? {}
  return path === undefined || isCatchAll(path, { ofAllMethods: method === 'ALL' }) ? undefined : path
}
