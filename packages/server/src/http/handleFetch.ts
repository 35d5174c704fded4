import { maskPath } from '@waybill/trail'
import type { FetchHandler, HandleOptions, ServerWaybill } from '../ServerWaybill.ts'
import { printThrown } from './printThrown.ts'
import { BROKEN, echo, endServed, isPreflight, openServed } from './servedRequest.ts'

/** A fetch-standard handler around another one; see `ServerWaybill.handle`. */
export function handleFetch<Rest extends readonly unknown[]>(
  waybill: ServerWaybill,
  handler: FetchHandler<Rest>,
  { hop, route, onThrown }: HandleOptions = {},
): FetchHandler<Rest> {
  return async (request, ...rest) => {
    const { method, headers, url } = request
    if (isPreflight(method, headers)) return handler(request, ...rest)
    const step = openServed(waybill, { method, path: url, headers, hop })
    return waybill.resume(step.context, async () => {
      const pattern = waybill.guard(() => route?.(request))
      let response: Response
      let thrown: unknown
      try {
        response = await handler(request, ...rest)
      } catch (error) {
        thrown = error ?? new Error('nothing was thrown')
        response = waybill.problem(BROKEN)
        waybill.guard(() => {
          if (onThrown) return onThrown(error, request)
          const { reference } = step.context
          printThrown(error, { method, path: pattern ?? maskPath(url), reference })
        })
      }
      endServed(step, { status: response.status, method, route: pattern, thrown })
      return waybill.guard(() => echoed(response, step.context.reference)) ?? response
    })
  }
}

/** Headers of a response that came from `fetch` or `Response.redirect` are locked: then a copy carries the reference. */
function echoed(response: Response, reference: string): Response {
  try {
    echo(response.headers, reference)
    return response
  } catch {
    const copy = new Response(response.body, response)
    echo(copy.headers, reference)
    return copy
  }
}
