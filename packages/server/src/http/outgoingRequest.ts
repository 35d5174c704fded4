import { AsyncResource, executionAsyncResource } from 'node:async_hooks'

/** A request that is about to leave, whichever client makes it. */
export interface OutgoingRequest {
  /** The client's own object, the same in every message about this request. */
  readonly key: object
  readonly origin: string
  readonly method: string
  readonly path: string
  /** A header's value, by its name in lower case; undefined where it is not sent. */
  get(header: string): string | undefined
  /** Sends these headers along, unless another tracer adds its `traceparent` later, of which `onTracer` hears. */
  carry(headers: Readonly<Record<string, unknown>>, onTracer: (traceparent: string) => void): void
}

/** A request of undici, which is also that of `fetch`, as the channel `undici:request:create` hands it out. */
export function undiciRequest(request: unknown): OutgoingRequest | undefined {
  if (!isUndici(request)) return undefined
  return {
    key: request,
    origin: URL.parse(String(request.origin))?.origin ?? '',
    method: request.method,
    path: request.path,
    get: (header) =>
      Array.isArray(request.headers)
        ? valueIn(request.headers, header)
        : new RegExp(`^${header}:(.*)`, 'im').exec(String(request.headers))?.[1]?.trim(),
    carry(headers, onTracer) {
      for (const [name, value] of Object.entries(headers)) request.addHeader(name, String(value))
      const { headers: list, addHeader } = request
      if (!Array.isArray(list)) return
      // It adds its own without looking, and two are one that no server can read.
      request.addHeader = (name, value) => {
        if (name.toLowerCase() === 'traceparent') {
          request.addHeader = addHeader
          for (const ours of Object.keys(headers)) if (list.includes(ours)) list.splice(list.indexOf(ours), 2)
          onTracer(value)
        }
        return addHeader.call(request, name, value)
      }
    },
  }
}

/**
 * Calls `fn` in the context in which a request of undici was asked for. Before version 8 a pool without a free connection makes it later,
 * in the context of whichever request frees one: then its handler knows the caller, or nobody does and `fn` is not called.
 */
export function inContextOfCaller(request: unknown, fn: () => void): void {
  const symbol = Object.getOwnPropertySymbols(Object(request)).find(({ description }) => description === 'handler')
  const handler: unknown = symbol && Object(request)[symbol]
  if (handler instanceof AsyncResource) return handler.runInAsyncScope(fn)
  const { constructor } = Object(executionAsyncResource())
  if (Object(constructor).name !== 'Immediate') fn()
}

/** A `ClientRequest` of `node:http` or `node:https`, as the channel `http.client.request.created` hands it out. */
export function nodeRequest(request: unknown): OutgoingRequest | undefined {
  // With its headers given as a list, Node has put them together already and takes no more.
  if (!isNode(request) || request.headersSent) return undefined
  const url = URL.parse(`${request.protocol}//${String(request.getHeader('host'))}`)
  // A Host header may be the caller's own invention; where the request goes is what counts.
  if (!url || url.hostname.replace(/^\[|\]$/g, '') !== request.host) return undefined
  return {
    key: request,
    origin: url.origin,
    method: request.method,
    path: request.path,
    get: (header) => request.getHeader(header)?.toString(),
    carry(headers) {
      for (const [name, value] of Object.entries(headers)) request.setHeader(name, String(value))
    },
  }
}

/** A header of an answer as either kind of client tells of it; empty where it is not there. */
export function headerOf(response: unknown, header: string): string {
  const { headers } = Object(response)
  return String((Array.isArray(headers) ? valueIn(headers, header) : Object(headers)[header]) ?? '')
}

/** In a flat list of names and values. */
function valueIn(headers: readonly unknown[], header: string): string | undefined {
  const at = headers.findIndex((name, i) => i % 2 === 0 && String(name).toLowerCase() === header)
  return at < 0 ? undefined : String(headers[at + 1])
}

interface UndiciRequest {
  readonly origin: unknown
  readonly method: string
  readonly path: string
  readonly headers?: unknown
  addHeader: (name: string, value: string) => unknown
}

interface NodeRequest {
  readonly protocol: string
  readonly host: string
  readonly method: string
  readonly path: string
  readonly headersSent: boolean
  getHeader(name: string): number | string | readonly string[] | undefined
  setHeader(name: string, value: string): unknown
}

function isUndici(value: unknown): value is UndiciRequest {
  const { method, path, addHeader } = Object(value)
  return typeof method === 'string' && typeof path === 'string' && typeof addHeader === 'function'
}

function isNode(value: unknown): value is NodeRequest {
  const { method, path, protocol, host, getHeader, setHeader } = Object(value)
  const texts = [method, path, protocol, host].every((each) => typeof each === 'string')
  return texts && typeof getHeader === 'function' && typeof setHeader === 'function'
}
