import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify'
import type { Reference } from '@waybill/reference'
import { PROBLEM_HEADERS, problemText } from './http/problem.ts'
import { BROKEN, isCatchAll, SERVED } from './http/servedRequest.ts'
import { serveNode } from './http/serveNode.ts'
import type { ServeOptions, ServerWaybill } from './ServerWaybill.ts'

/**
 * A Fastify plugin (5 and 4) that serves each request under its reference, as a step named by the matched route. Register it before
 * all others: `app.register(waybillPlugin(waybill))`. It counts for everything that is registered after it, not only for a scope of its
 * own. The answer that Fastify makes of an error by itself becomes a problem with the reference; what `setErrorHandler` answers stays.
 */
export function waybillPlugin(waybill: ServerWaybill, options: ServeOptions = {}): FastifyPluginCallback {
  const plugin: FastifyPluginCallback = (fastify, _, done) => {
    fastify.addHook('onRequest', (request, reply, next) => {
      const served = serveNode(waybill, {
        ...options,
        request: request.raw,
        response: reply.raw,
        path: request.originalUrl,
        route: () => routeOf(request),
      })
      if (!served) return next()
      waybill.resume(served.step.context, next)
    })
    fastify.addHook('onError', (request, _reply, error, next) => {
      const served = SERVED.get(request.raw)
      if (served) served.thrown = error
      next()
    })
    fastify.addHook('onSend', (request, reply, payload, next) => {
      const served = SERVED.get(request.raw)
      if (served?.thrown === undefined) return next(null, payload)
      next(
        null,
        waybill.guard(() => problemFor(served.thrown, payload, reply, served.step.context.reference)) ?? payload,
      )
    })
    done()
  }
  return Object.assign(plugin, {
    // What `fastify-plugin` sets, too.
    [Symbol.for('skip-override')]: true,
    [Symbol.for('plugin-meta')]: { name: '@waybill/server', fastify: '>=4.10' },
  })
}

function routeOf({ is404, routeOptions }: FastifyRequest): string | undefined {
  const { url } = routeOptions
  return is404 || url === undefined || isCatchAll(url) ? undefined : url
}

/** Where the payload is what Fastify itself says of the error; an error handler of the application's says something else. */
function problemFor(thrown: unknown, payload: unknown, reply: FastifyReply, reference: Reference): string | undefined {
  const { message }: { message?: unknown } = Object(thrown)
  const { statusCode: status } = reply
  if (typeof payload !== 'string' || status < 400 || !isFastifys(payload, { status, message })) return undefined
  for (const [name, value] of Object.entries(PROBLEM_HEADERS)) reply.header(name, value)
  reply.removeHeader('content-length')
  const detail = status < 500 && typeof message === 'string' ? message : undefined
  return problemText({ ...BROKEN, status, detail }, reference)
}

function isFastifys(payload: string, { status, message }: { status: number; message: unknown }): boolean {
  try {
    const said: Record<string, unknown> = Object(JSON.parse(payload))
    const isAll = Object.keys(said).every((name) => ['statusCode', 'code', 'error', 'message'].includes(name))
    return isAll && said['statusCode'] === status && said['message'] === message
  } catch {
    return false
  }
}
