import { maskPath } from '@waybill/trail'
import { asThrown } from '../step/errorType.ts'
import type { FetchHandler, HandleOptions, ServerWaybill } from '../ServerWaybill.ts'
import { printThrown } from './printThrown.ts'
import { serveFetch } from './serveFetch.ts'
import { BROKEN } from './servedRequest.ts'

/** A fetch-standard handler around another one; see `ServerWaybill.handle`. */
export function handleFetch<Rest extends readonly unknown[]>(
  waybill: ServerWaybill,
  handler: FetchHandler<Rest>,
  { route, onThrown, ...options }: HandleOptions = {},
): FetchHandler<Rest> {
  return async (request, ...rest) => {
    const path = URL.parse(request.url)?.pathname ?? '/'
    const pattern = (): string | undefined => route?.(request)
    const served = waybill.guard(() => serveFetch(waybill, { ...options, request, path, route: pattern }))
    if (!served) return handler(request, ...rest)
    const { context } = served.step
    return waybill.resume(context, async () => {
      let response: Response
      try {
        response = await handler(request, ...rest)
      } catch (error) {
        served.thrown = asThrown(error)
        response = waybill.problem(BROKEN)
        waybill.guard(() => {
          if (onThrown) return onThrown(error, request)
          const { reference } = context
          printThrown(error, { method: request.method, path: waybill.guard(pattern) ?? maskPath(path), reference })
        })
      }
      return served.answer(response)
    })
  }
}
