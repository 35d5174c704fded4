import { maskPath } from '@waybill/trail'
import { printThrown } from './http/printThrown.ts'
import { sendProblem } from './http/sendProblem.ts'
import { isCatchAll, servedOf } from './http/servedRequest.ts'
import { serveNode } from './http/serveNode.ts'
import type { NodeRequest, NodeResponse } from './http/serveNode.ts'
import type { ServeOptions, ServerWaybill, ThrownOptions } from './ServerWaybill.ts'

/**
 * Express middleware (5 and 4) that serves each request under its reference, as a step named by the matched route. Put it first:
 * `app.use(waybillMiddleware(waybill))`, and `waybillErrors` last.
 */
export function waybillMiddleware(waybill: ServerWaybill, options: ServeOptions = {}): Middleware {
  return (request, response, next) => {
    const served = serveNode(waybill, {
      ...options,
      request,
      response,
      path: request.originalUrl,
      route: () => routeOf(request),
    })
    if (!served) return next()
    waybill.resume(served.step.context, next)
  }
}

/**
 * Express error middleware that answers what no handler of the application's did, instead of Express's own page: with a problem that
 * holds the reference. Put it last: `app.use(waybillErrors(waybill))`. Status, headers and `expose` of the error count. Like
 * Express it says on the console what was thrown, unless the application's `env` is `test`.
 */
export function waybillErrors(
  waybill: ServerWaybill,
  { onThrown }: ThrownOptions<ExpressRequest> = {},
): ErrorMiddleware {
  return (error, request, response, next) => {
    const served = servedOf(request)
    if (served) served.thrown = error
    // Too late for an answer: Express closes the connection.
    if (response.headersSent) return next(error)
    const reference = served?.step.context.reference
    waybill.guard(() => {
      if (onThrown) return onThrown(error, request)
      const path = routeOf(request) ?? maskPath(request.originalUrl)
      if (request.app?.get('env') !== 'test') printThrown(error, { method: request.method, path, reference })
    })
    sendProblem(error, { request, response, reference })
  }
}

export type Middleware = (request: ExpressRequest, response: NodeResponse, next: (error?: unknown) => void) => void
export type ErrorMiddleware = (error: unknown, ...rest: Parameters<Middleware>) => void

/** What is used of Express's request, in either version. */
export interface ExpressRequest extends NodeRequest {
  readonly method: string
  readonly originalUrl: string
  readonly baseUrl: string
  readonly params: Readonly<Record<string, unknown>>
  readonly route?: { readonly path?: unknown; readonly methods?: Readonly<Record<string, boolean>> }
  readonly app?: { get(setting: string): unknown }
}

/**
 * The pattern of the matched route below the prefixes of its routers. Express knows of those only what the url has in their place: what
 * is a parameter's value there is named by the parameter, the rest is masked.
 */
function routeOf({ route, baseUrl, originalUrl, params }: ExpressRequest): string | undefined {
  if (!route) return undefined
  const pattern = route.path
  const path = originalUrl.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?]*|\/?(?:\?.*)?$/gis, '')
  if (typeof pattern !== 'string') return maskPath(path)
  if (isCatchAll(pattern, { ofAllMethods: route.methods?.['_all'] })) return undefined
  const own = pattern === '/' ? '' : pattern.replace(/\/$/, '')
  // An error that leaves the routers takes `baseUrl` back; what the pattern covers is the path's end.
  const isPlain = !/[*{}()?+]/.test(own)
  const prefix = isPlain
    ? path
        .split('/')
        .slice(0, 1 - own.split('/').length || undefined)
        .join('/')
    : baseUrl
  if (!prefix) return own || '/'
  const names = new Map(Object.entries(params ?? {}).map(([name, value]) => [value, `:${name}`]))
  const masked = maskPath(prefix).split('/')
  const segments = prefix.split('/').map((segment, i) => (segment && names.get(decoded(segment))) ?? masked[i] ?? ':id')
  return segments.join('/') + own || '/'
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
