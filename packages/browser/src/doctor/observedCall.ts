import { TRACE_REFERENCE } from '@waybill/reference'

/** One call as it leaves the waybill; undefined for what cannot be read without disturbing it. */
export function observedCall([input, init]: Parameters<typeof fetch>): ObservedCall | undefined {
  if (typeof document === 'undefined') return undefined
  try {
    const request = input instanceof Request ? input : undefined
    const url = new URL(input instanceof Request ? input.url : input, document.baseURI)
    const method = (init?.method ?? request?.method ?? 'GET').toUpperCase()
    const headers = headersIn(init?.headers ?? request?.headers)
    return {
      url,
      credentials: init?.credentials ?? request?.credentials ?? 'same-origin',
      kind: kindOf(url, method, headers),
    }
  } catch {
    // An address or a header that fetch is going to refuse in its own words.
    return undefined
  }
}

export interface ObservedCall {
  readonly url: URL
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
