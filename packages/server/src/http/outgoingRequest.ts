/** A request that is about to leave, whichever client makes it. */
export interface OutgoingRequest {
  /** The client's own object, the same in every message about this request. */
  readonly key: object
  readonly origin: string
  readonly method: string
  readonly path: string
  has(header: string): boolean
  set(header: string, value: string): void
}

/** A request of undici, which is also that of `fetch`, as the channel `undici:request:create` hands it out. */
export function undiciRequest(request: unknown): OutgoingRequest | undefined {
  if (!isUndici(request)) return undefined
  return {
    key: request,
    origin: URL.parse(String(request.origin))?.origin ?? '',
    method: request.method,
    path: request.path,
    // A flat list of names and values; one text in versions before 6.
    has: (header) =>
      Array.isArray(request.headers)
        ? request.headers.some((name, i) => i % 2 === 0 && String(name).toLowerCase() === header)
        : new RegExp(`^${header}:`, 'im').test(String(request.headers)),
    set: (header, value) => void request.addHeader(header, value),
  }
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
    has: (header) => request.getHeader(header) !== undefined,
    set: (header, value) => void request.setHeader(header, value),
  }
}

interface UndiciRequest {
  readonly origin: unknown
  readonly method: string
  readonly path: string
  readonly headers?: unknown
  addHeader(name: string, value: string): unknown
}

interface NodeRequest {
  readonly protocol: string
  readonly host: string
  readonly method: string
  readonly path: string
  readonly headersSent: boolean
  getHeader(name: string): unknown
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
