import { withHeaders } from './withHeaders.ts'

/**
 * A stand-in for `fetch` that announces each call to our own origins and sends it with the headers it is given, and is
 * nothing but `fetch` for all others.
 */
export function createTracedFetch<Owner>({
  fetch,
  origins,
  baseUrl,
  start,
}: TracedFetchOptions<Owner>): TracedFetch<Owner> {
  return (owner, ...args) => {
    const [, init] = args
    const isSound = args.length > 0 && (!init || typeof init === 'object')
    const target = isSound ? targetOf(args, baseUrl()) : undefined
    const call = target && origins.has(target.url.origin) ? start(target, owner) : undefined
    if (!target || !call) return fetch(...args)
    return call.follow(fetch(args[0], withHeaders(target.request, args[1], target.headers)))
  }
}

export type TracedFetch<Owner> = (owner: Owner | undefined, ...args: Parameters<typeof fetch>) => Promise<Response>

export interface TracedFetchOptions<Owner> {
  readonly fetch: typeof fetch
  readonly origins: ReadonlySet<string>
  readonly baseUrl: () => string | undefined
  /** Adds our headers to the call's and records it; undefined when it had better go out without us. */
  readonly start: (target: CallTarget, owner: Owner | undefined) => StartedFetch | undefined
}

export interface CallTarget {
  readonly url: URL
  readonly method: string
  /** A copy, ours to write on. */
  readonly headers: Headers
  /** The caller's, only to be recognised again. */
  readonly request: Request | undefined
}

export interface StartedFetch {
  follow(response: Promise<Response>): Promise<Response>
}

/** What a call is about to do; undefined when fetch is going to refuse it, which it then does in its own words. */
function targetOf([input, init]: Parameters<typeof fetch>, baseUrl: string | undefined): CallTarget | undefined {
  try {
    const request = isRequest(input) ? input : undefined
    return {
      url: new URL(isRequest(input) ? input.url : input, baseUrl),
      method: (init?.method ?? request?.method ?? 'GET').toUpperCase(),
      headers: new Headers(init?.headers === undefined ? request?.headers : init.headers),
      request,
    }
  } catch {
    return undefined
  }
}

/** Also one from another realm, which `instanceof` does not know. */
function isRequest(input: RequestInfo | URL): input is Request {
  return Object.prototype.toString.call(input) === '[object Request]'
}
