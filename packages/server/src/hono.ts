import type { Context, MiddlewareHandler } from 'hono'
import type { HandleOptions, ServerWaybill } from './ServerWaybill.ts'
import { BROKEN, echo, endServed, isPreflight, openServed } from './http/servedRequest.ts'

/**
 * Hono middleware that serves each request under its reference, as a step named by the matched route. Put it first:
 * `app.use('/api/*', waybillMiddleware(waybill))`. An error that reaches Hono's own plain-text answer becomes a problem with
 * the reference; what `app.onError` answers stays as it is.
 */
export function waybillMiddleware(waybill: ServerWaybill, { hop }: MiddlewareOptions = {}): MiddlewareHandler {
  return async (c, next) => {
    const { method, path } = c.req
    const { headers } = c.req.raw
    // Mounted twice, on the app and on a part of it, one request is still served once.
    if (isPreflight(method, headers) || c.get(SERVED)) return next()
    c.set(SERVED, true)
    const step = openServed(waybill, { method, path, headers, hop })
    await waybill.resume(step.context, async () => {
      let thrown: unknown
      try {
        await next()
        thrown = c.error
        if (isHonosOwn(c)) c.res = waybill.problem({ ...BROKEN, status: c.res.status })
      } catch (error) {
        // Hono hands on what is no Error; its server answers.
        thrown = error ?? new Error('nothing was thrown')
        throw error
      } finally {
        const route = waybill.guard(() => routeOf(c))
        const status = c.finalized ? c.res.status : 500
        endServed(step, { status, method, route, thrown })
      }
      waybill.guard(() => respond(c, step.context.reference))
    })
  }
}

export interface MiddlewareOptions {
  /** `webhook` for calls of partners. @default 'api' */
  readonly hop?: HandleOptions['hop']
}

const SERVED = 'waybill.served'

function isHonosOwn(c: Context): boolean {
  return c.error !== undefined && c.res.status >= 400 && /^text\/plain\b/.test(c.res.headers.get('content-type') ?? '')
}

/**
 * The pattern of the handler that answered. With a wildcard in it, it names no place: then the masked path serves. The
 * getter and not the function of `hono/route`, so that this file needs nothing of Hono at run time.
 */
function routeOf(c: Context): string | undefined {
  const { routePath } = c.req
  return routePath.includes('*') ? undefined : routePath
}

/** Headers of a response that came from `fetch` are locked: then a copy carries the reference. */
function respond(c: Context, reference: string): void {
  try {
    echo(c.res.headers, reference)
  } catch {
    c.res = new Response(c.res.body, c.res)
    echo(c.res.headers, reference)
  }
}
