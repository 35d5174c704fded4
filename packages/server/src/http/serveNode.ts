import type { IncomingHttpHeaders, OutgoingHttpHeader, ServerResponse } from 'node:http'
import { TRACE_REFERENCE } from '@waybill/reference'
import onHeaders from 'on-headers'
import type { ServeOptions, ServerWaybill } from '../ServerWaybill.ts'
import { EXPOSED_HEADERS, markServed, servedOf, SERVER_TIMING } from './servedRequest.ts'
import { endServed, exposing, isPassedOn, openServed, serverTiming } from './servedRequest.ts'
import type { Answer, Served } from './servedRequest.ts'
import type { TraceContext } from '../context/TraceContext.ts'

/**
 * Serves a request of `node:http`, or of what looks like it: its headers say whose it is, the answer's headers say so too, and
 * its step ends when the answer is sent or the connection closes. Undefined where there is nothing to serve.
 */
export function serveNode(waybill: ServerWaybill, exchange: NodeExchange): Served | undefined {
  const known = servedOf(exchange.request)
  if (known?.isWatched) return known
  return waybill.guard(() => {
    const { request, response, route, path = request.url ?? '' } = exchange
    const { method = 'GET' } = request
    const served = known ?? openNode(waybill, exchange)
    if (!served) return undefined
    const { context } = served.step
    served.isWatched = true
    bindEmitter(waybill, context, request)
    // Its types know only one of the two responses for which it works.
    onHeaders(response as ServerResponse, () => waybill.guard(() => echo(response, context)))
    define(response, 'writeHead', response.writeHead)
    const end = (answer: Pick<Answer, 'status' | 'isCut' | 'isLate'>): void => {
      const matched = waybill.guard(() => route?.())
      endServed(served.step, { ...answer, method, path, route: matched, thrown: served.thrown })
    }
    let isOver = false
    const onOver = (event: string): void => {
      if (isOver) return
      isOver = true
      const isCut = (event === 'close' || request.aborted === true) && !isEvents(response)
      const status = response.headersSent ? response.statusCode : undefined
      end({ status, isCut })
      // What the application answers all the same is how it ended.
      if (isCut && status === undefined)
        watchEnd(response, () => waybill.guard(() => end({ status: response.statusCode, isLate: true })))
    }
    bindEmitter(waybill, context, response, (event) => {
      if (event === 'finish' || event === 'close') waybill.guard(() => onOver(event))
    })
    return served
  })
}

/** Begins what `serveNode` goes on with, where a framework writes a log before it shows the response. */
export function openNode(waybill: ServerWaybill, { request, path, hop, ignore }: NodeArrival): Served | undefined {
  const { method = 'GET', headers, url = '' } = request
  if (ignore?.(pathOf(path ?? url)) || isPassedOn({ method, headers })) return undefined
  const served: Served = { step: openServed(waybill, { method, headers, hop }) }
  markServed(request, served)
  return served
}

export interface NodeArrival extends ServeOptions {
  readonly request: NodeRequest
  /** @default the request's url */
  readonly path?: string | undefined
}

export interface NodeExchange extends NodeArrival {
  readonly response: NodeResponse
  /** Asked when the answer is known. */
  readonly route?: (() => string | undefined) | undefined
}

/** What is used of `IncomingMessage`, and `Http2ServerRequest` has too. */
export interface NodeRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly httpVersionMajor: number
  readonly aborted?: boolean
  emit(event: string | symbol, ...args: readonly unknown[]): boolean
  listenerCount(event: string | symbol): number
}

/** What is used of `ServerResponse`, and `Http2ServerResponse` has too. */
export interface NodeResponse {
  statusCode: number
  statusMessage: string
  readonly headersSent: boolean
  getHeader(name: string): OutgoingHttpHeader | undefined
  setHeader(name: string, value: number | string | readonly string[]): unknown
  removeHeader(name: string): void
  readonly writeHead: unknown
  end(body: string): unknown
  destroy(): unknown
  emit(event: string | symbol, ...args: readonly unknown[]): boolean
  listenerCount(event: string | symbol): number
}

/**
 * Keeps the context in every listener of an emitter, whoever emits: node emits the body of a request, and the end of its connection,
 * outside of all that was begun for it. Parsers of bodies and loggers listen to those.
 */
function bindEmitter(
  waybill: ServerWaybill,
  context: TraceContext,
  emitter: Pick<NodeRequest, 'emit' | 'listenerCount'>,
  heard?: (event: string | symbol) => void,
): void {
  const { emit } = emitter
  define(emitter, 'emit', (...args: Parameters<typeof emit>): boolean => {
    const [event] = args
    // Most events have no listener, and a context costs more than the event.
    const isHeard = emitter.listenerCount(event) > 0
    const result = isHeard
      ? waybill.storage.run(context, Reflect.apply, emit, emitter, args)
      : Reflect.apply(emit, emitter, args)
    heard?.(event)
    return result
  })
}

/** To a connection that is closed node writes no headers. */
function watchEnd(response: NodeResponse, onEnd: () => void): void {
  const { end } = response
  define(response, 'end', (...args: Parameters<typeof end>) => {
    onEnd()
    return Reflect.apply(end, response, args)
  })
}

/**
 * Gives one object a function of its own. By definition and not by assignment: V8 takes a function that is assigned for a constant of
 * all such objects, and so keeps each of them, with its request, until a full garbage collection.
 */
function define(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true })
}

/** As the headers are written, because error handlers clear them and others set the same ones later. */
function echo(response: NodeResponse, context: TraceContext): void {
  const exposed = textOf(response.getHeader(EXPOSED_HEADERS))
  const timings = textOf(response.getHeader(SERVER_TIMING))
  const timing = serverTiming(context)
  response.setHeader(TRACE_REFERENCE, context.reference)
  response.setHeader(EXPOSED_HEADERS, exposing(exposed))
  response.setHeader(SERVER_TIMING, timings ? `${timings}, ${timing}` : timing)
}

function textOf(header: OutgoingHttpHeader | undefined): string {
  return Array.isArray(header) ? header.join(', ') : String(header ?? '')
}

/** An open end is how answers of events end. */
function isEvents(response: NodeResponse): boolean {
  return response.headersSent && /^text\/event-stream\b/.test(String(response.getHeader('content-type')))
}

function pathOf(url: string): string {
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}
