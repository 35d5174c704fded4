import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify'
import type { Reference } from '@waybill/reference'
import { PROBLEM_HEADERS, problemText } from './http/problem.ts'
import { BROKEN, isCatchAll, servedOf } from './http/servedRequest.ts'
import { openNode, serveNode } from './http/serveNode.ts'
import type { ServeOptions, ServerWaybill } from './ServerWaybill.ts'

/**
 * A Fastify plugin (5 and 4) that serves each request under its reference, as a step named by the matched route. Register it before
 * all others: `app.register(waybillPlugin(waybill))`. It counts for everything that is registered after it, not only for a scope of its
 * own. The answer that Fastify makes of an error by itself becomes a problem with the reference; what `setErrorHandler` answers stays.
 */
export function waybillPlugin(waybill: ServerWaybill, options: ServeOptions = {}): FastifyPluginCallback {
  const plugin: FastifyPluginCallback = (fastify, _, done) => {
    const { childLoggerFactory, log } = fastify
    // Fastify writes the first line of a request before any hook. Without a logger of its own it needs no loggers of requests.
    if (log.level)
      fastify.setChildLoggerFactory(function (logger, bindings, ...rest) {
        const [, request] = rest
        const served = waybill.guard(() => servedOf(request) ?? openNode(waybill, { ...options, request }))
        const fields = served && waybill.resume(served.step.context, waybill.logFields)
        return childLoggerFactory.call(this, logger, { ...bindings, ...fields }, ...rest)
      })
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
      const served = servedOf(request.raw)
      if (served) served.thrown = error
      next()
    })
    fastify.addHook('onSend', (request, reply, payload, next) => {
      const served = servedOf(request.raw)
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
  const { statusCode: status } = reply
  if (typeof payload !== 'string' || status < 400 || !isFastifys(payload, { status, thrown })) return undefined
  for (const [name, value] of Object.entries(PROBLEM_HEADERS)) reply.header(name, value)
  reply.removeHeader('content-length')
  const { message }: { message?: unknown } = Object(thrown)
  const detail = status < 500 && typeof message === 'string' ? message : undefined
  return problemText({ ...BROKEN, status, detail }, reference)
}

function isFastifys(payload: string, { status, thrown }: { status: number; thrown: unknown }): boolean {
  // It sends what is no Error as it is.
  if (!(thrown instanceof Error) && [thrown, JSON.stringify(thrown)].includes(payload)) return true
  try {
    const said: Record<string, unknown> = Object(JSON.parse(payload))
    const isOnly = Object.keys(said).every((name) => ['statusCode', 'code', 'error', 'message'].includes(name))
    return isOnly && said['statusCode'] === status && said['message'] === Object(thrown).message
  } catch {
    return false
  }
}
