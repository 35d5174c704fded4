import { TRACE_REFERENCE } from '@waybill/reference'
import { property } from '../fetch/property.ts'

/** One call as it leaves the waybill; undefined for what cannot be read without disturbing it. */
export function observedCall([input, init]: Parameters<typeof fetch>): ObservedCall | undefined {
  if (typeof document === 'undefined') return undefined
  try {
    // What the platform itself knows of a request, also of one from another realm.
    const known = (name: string): unknown => property(Request.prototype, name, input)
    const requested = known('url')
    const request = requested === undefined ? undefined : (input as Request)
    // An object's text may be another one each time it is asked for.
    const address = request ?? `${input as string | URL}`
    const url = new URL((requested ?? address) as string, document.baseURI)
    const method = (init?.method ?? (known('method') as string | undefined) ?? 'GET').toUpperCase()
    const headers = headersIn(init?.headers ?? (known('headers') as Headers | undefined))
    return {
      address,
      url,
      headers,
      method,
      signal: init?.signal ?? (known('signal') as AbortSignal | undefined) ?? null,
      credentials: init?.credentials ?? (known('credentials') as RequestCredentials | undefined) ?? 'same-origin',
      kind: kindOf(url, method, headers),
    }
  } catch {
    // An address or a header that fetch is going to refuse in its own words.
    return undefined
  }
}

export interface ObservedCall {
  /** For fetch, in place of what was read for it. */
  readonly address: RequestInfo
  readonly url: URL
  /** A copy. */
  readonly headers: Headers
  /** In capitals. */
  readonly method: string
  readonly signal: AbortSignal | null
  readonly credentials: RequestCredentials
  readonly kind: 'traced' | 'delivery' | 'untraced'
}

/** Only forms that may be read twice: an iterator would arrive empty. */
function headersIn(init: HeadersInit | undefined): Headers {
  const isReadable =
    init instanceof Headers || Array.isArray(init) || Object.getPrototypeOf(init ?? {}) === Object.prototype
  return new Headers(isReadable ? init : undefined)
}

function kindOf(url: URL, method: string, headers: Headers): ObservedCall['kind'] {
  if (headers.has(TRACE_REFERENCE)) return 'traced'
  return method === 'POST' && url.pathname.endsWith('/v1/traces') ? 'delivery' : 'untraced'
}
