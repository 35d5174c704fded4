import type { ServerWaybill } from '../ServerWaybill.ts'

/**
 * The headers of a request for a page, with the reference they claim or a new one: for `proxy.ts`, so that all that renders this page is
 * under one reference. `NextResponse.next({ request: { headers: tracedHeaders(waybill, request.headers) } })`.
 */
export function tracedHeaders(waybill: ServerWaybill, headers: Headers): Headers {
  const copy = new Headers(headers)
  waybill.guard(() => waybill.resume(waybill.accept(headers), () => waybill.inject(copy)))
  return copy
}
