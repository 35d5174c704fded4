import type { HandleOptions, ServerWaybill } from '../ServerWaybill.ts'
import { answerOf } from './answerOf.ts'

/**
 * A route handler that serves each request under its reference, as `waybill.handle` does, by the route's pattern. What `redirect()`,
 * `notFound()` and their like throw goes on to Next.js, and counts as the answer that it is.
 *
 * ```ts
 * export const POST = waybillRoute(waybill, async (request, { params }) => { … })
 * ```
 */
export function waybillRoute<R extends Request, Rest extends readonly unknown[]>(
  waybill: ServerWaybill,
  handler: (request: R, ...rest: Rest) => Response | Promise<Response>,
  options: HandleOptions = {},
): (request: R, ...rest: Rest) => Promise<Response> {
  return async (request, ...rest) => {
    // While it is prerendered there is no request: none of its headers, and what it answers is for everybody.
    if ([...request.headers].length === 0) return handler(request, ...rest)
    const params: unknown = await Object(rest[0]).params
    const route = options.route ?? (() => patternOf(new URL(request.url).pathname, params))
    let answered: { readonly by: unknown } | undefined
    const serve = waybill.handle(
      async () => {
        try {
          return await handler(request, ...rest)
        } catch (thrown) {
          const status = answerOf(thrown)
          if (status === undefined) throw thrown
          answered = { by: thrown }
          return new Response(null, { status })
        }
      },
      { ...options, route },
    )
    const response = await serve(request)
    if (answered) throw answered.by
    return response
  }
}

/**
 * `/api/orders/[id]` of a path and its parameters, which are all that Next.js tells. From the end, because what stands before may be the
 * same word: `/orders/orders`.
 */
function patternOf(path: string, params: unknown): string {
  const segments = path.split('/')
  let end = segments.length
  for (const [name, value] of Object.entries(Object(params)).toReversed()) {
    const parts: readonly unknown[] = Array.isArray(value) ? value : [value]
    const at = segments.findLastIndex(
      (_, i) => i + parts.length <= end && parts.every((part, j) => isSegment(segments[i + j], part)),
    )
    if (at < 0 || parts.length === 0) continue
    segments.splice(at, parts.length, Array.isArray(value) ? `[...${name}]` : `[${name}]`)
    end = at
  }
  return segments.join('/')
}

function isSegment(segment: string | undefined, part: unknown): boolean {
  return segment === part || segment === encodeURIComponent(String(part))
}
