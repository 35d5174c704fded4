import { tracingChannel } from 'node:diagnostics_channel'
import { isCatchAll } from '../http/servedRequest.ts'
import type { Served } from '../http/servedRequest.ts'
import { serveNode } from '../http/serveNode.ts'
import type { NodeExchange, NodeRequest, NodeResponse } from '../http/serveNode.ts'
import type { ServerWaybill } from '../ServerWaybill.ts'
import type { TraceContext } from '../context/TraceContext.ts'
import type { Fields } from './databaseCall.ts'

/**
 * Serves the requests that a framework's channel tells of, as its middleware of ours would, from where the framework begins to tell: its
 * reference in force and in the answer's headers, a step that ends with the answer. A request that is served already is left alone.
 */
export function traceRequests(
  waybill: ServerWaybill,
  channelName: string,
  exchangeOf: (message: Fields) => NodeExchange | undefined,
): () => void {
  const channel = tracingChannel<TraceContext | undefined, object>(channelName)
  const servedBy = (message: unknown): Served | undefined => {
    const exchange = exchangeOf(Object(message))
    return exchange && serveNode(waybill, exchange)
  }
  const onError = (message: unknown): void => {
    waybill.guard(() => {
      const served = servedBy(message)
      if (served) served.thrown ??= Object(message).error
    })
  }

  channel.start.bindStore(waybill.storage, (message) => {
    const inForce = waybill.storage.getStore()
    const context = waybill.guard(() => servedBy(message))?.step.context
    // Within it, whatever the application put in force since then stays.
    return context && inForce?.traceId !== context.traceId ? context : inForce
  })
  channel.error.subscribe(onError)
  return () => {
    channel.start.unbindStore(waybill.storage)
    channel.error.unsubscribe(onError)
  }
}

/** Fastify 5: from its handler on, so without hooks that come before, and without paths that no route has. */
export function fastifyExchange({ request, reply, route }: Fields): NodeExchange | undefined {
  const { raw, originalUrl } = Object(request)
  return nodeExchange(raw, Object(reply).raw, originalUrl, () => Object(route).url)
}

/** H3 2 and Nitro on Node's server. */
export function h3Exchange({ event }: Fields): NodeExchange | undefined {
  const { req, context } = Object(event)
  return srvxExchange({ request: req }, () => Object(Object(context).matchedRoute).route)
}

/** Srvx, on which they stand. */
export function srvxExchange({ request }: Fields, route?: () => unknown): NodeExchange | undefined {
  const { req, res } = Object(Object(Object(request).runtime).node)
  return nodeExchange(req, res, undefined, route)
}

function nodeExchange(
  request: unknown,
  response: unknown,
  path: unknown,
  route?: () => unknown,
): NodeExchange | undefined {
  if (!isRequest(request) || !isResponse(response)) return undefined
  return {
    request,
    response,
    ...(typeof path === 'string' && { path }),
    route() {
      const pattern = route?.()
      return typeof pattern === 'string' && !isCatchAll(pattern) ? pattern : undefined
    },
  }
}

function isRequest(value: unknown): value is NodeRequest {
  return typeof Object(value).emit === 'function' && typeof Object(value).headers === 'object'
}

function isResponse(value: unknown): value is NodeResponse {
  return typeof Object(value).emit === 'function' && typeof Object(value).setHeader === 'function'
}
