import { TRACE_REFERENCE, traceparentOf } from '@waybill/reference'
import { maskPath } from '@waybill/trail'
import { errorTypeOf } from '../step/errorType.ts'
import type { HandleOptions, ServerWaybill } from '../ServerWaybill.ts'
import type { OpenStep } from '../step/openStep.ts'
import type { TraceContext } from '../context/TraceContext.ts'

/** Begins the step of a request that is served, under the reference it claims if the claim holds. It is named as it ends. */
export function openServed(waybill: ServerWaybill, { method, headers, hop = 'api' }: ServedRequest): OpenStep {
  const attributes = { 'http.request.method': method }
  return waybill.begin({ hop, name: method, attributes, parent: waybill.accept(headers) })
}

/** What every framework knows of a request. */
export interface ServedRequest {
  readonly method: string
  /** `Headers`, or an object of them with names in lower case. */
  readonly headers: Headers | Readonly<Record<string, unknown>>
  readonly hop?: HandleOptions['hop']
}

/**
 * Whether it goes by without a step. A preflight is the browser's own question, and carries no headers of ours. What comes over a
 * WebSocket belongs to actions of its own, so the one that opened it must not be in force there.
 */
export function isPassedOn({ method, headers }: ServedRequest): boolean {
  const read = (name: string): unknown => (headers instanceof Headers ? headers.get(name) : headers[name])
  if (method === 'OPTIONS') return typeof read('access-control-request-method') === 'string'
  return method === 'GET' && /^websocket$/i.test(String(read('upgrade')))
}

/**
 * Ends it by its answer. A status from 400 on is a failure here: to the customer who met it, it failed. Its type is the status,
 * unless the application broke and the class of what it threw says more. Without a route that matched, the masked path names it.
 * Where the caller went away before there was an answer, the step goes on until the application has one all the same.
 */
export function endServed(step: OpenStep, answer: Answer): void {
  const { status, method, path, route, thrown, isCut = false, isLate = false } = answer
  const failed = status !== undefined && status >= 400
  if (isLate && failed && isLeaving(thrown)) return
  step.set({
    name: `${method} ${route ?? maskPath(path)}`,
    attributes: { 'http.route': route, 'http.response.status_code': status },
  })
  if (isCut && status === undefined) return step.cutShort('aborted')
  // What is thrown because the caller went away is not why the answer failed.
  const broke = thrown !== undefined && (isCut ? !failed : (status ?? 500) >= 500)
  const thrownType = broke ? errorTypeOf(thrown) : 'Error'
  const type = thrownType !== 'Error' ? thrownType : isCut ? 'aborted' : failed ? String(status) : undefined
  step.set({ errorType: type })
  step.end(type && thrown)
}

/** Whether what was thrown says only that the caller went away, as parsers of bodies do. */
function isLeaving(thrown: unknown): boolean {
  const { name, code, type }: { name?: unknown; code?: unknown; type?: unknown } = Object(thrown)
  return [name, code, type].some((each) => typeof each === 'string' && LEAVING.test(each))
}

const LEAVING = /^(?:AbortError|ECONNRESET|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE|request\.aborted)$/

export interface Answer {
  /** None where the caller went away before there was one. */
  readonly status?: number | undefined
  readonly method: string
  /** Path or URL; ids in it are masked, its query is not kept. */
  readonly path: string
  /** The pattern of the route that matched. */
  readonly route?: string | undefined
  readonly thrown?: unknown
  /** The connection closed before the whole answer was sent. @default false */
  readonly isCut?: boolean | undefined
  /** The caller had gone away by then. @default false */
  readonly isLate?: boolean | undefined
}

/** What a customer reads when the application broke: nothing of the inside, and no promise. */
export const BROKEN = { status: 500, title: 'The request could not be completed.' } as const

/**
 * A pattern that fits every path, or all below one with every method, names no route: behind it stands a page for what is not there, or
 * middleware that lets through what is not there, too.
 */
export function isCatchAll(pattern: string, { ofAllMethods = false }: RouteMethods = {}): boolean {
  return /^\/?[{(]?\/?(?:\*|\.\*)/.test(pattern) || (ofAllMethods && pattern.includes('*'))
}

interface RouteMethods {
  /** @default false */
  readonly ofAllMethods?: boolean | undefined
}

/** `Server-Timing` is where OpenTelemetry puts the trace of an answer. */
export function serverTiming({ traceId, spanId }: TraceContext): string {
  return `traceparent;desc="${traceparentOf(traceId, { spanId })}"`
}

/** The names of headers that scripts of other origins may read, with ours. */
export function exposing(exposed: string): string {
  if (!exposed) return TRACE_REFERENCE
  return exposed.toLowerCase().includes(TRACE_REFERENCE.toLowerCase()) ? exposed : `${exposed}, ${TRACE_REFERENCE}`
}

export const EXPOSED_HEADERS = 'Access-Control-Expose-Headers'
export const SERVER_TIMING = 'Server-Timing'

/** How a request is served, if it is: mounted on an app and on a part of it, one request is still served once. */
export function servedOf(request: object): Served | undefined {
  return (request as Marked)[SERVED]
}

export function markServed(request: object, served: Served): void {
  ;(request as Marked)[SERVED] = served
}

interface Marked {
  [SERVED]?: Served
}

/** On the request itself, because a WeakMap of them all costs the garbage collector more than serving does. */
const SERVED = Symbol('waybill.served')

/** A request while it is served. */
export interface Served {
  readonly step: OpenStep
  /** The end of its answer ends the step. @default false */
  isWatched?: boolean
  /** What nobody but the framework, or we, handled. */
  thrown?: unknown
}
