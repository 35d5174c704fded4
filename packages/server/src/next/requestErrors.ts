import { parseReference, TRACE_REFERENCE } from '@waybill/reference'
import type { ServerWaybill } from '../ServerWaybill.ts'
import { digestOf } from './answerOf.ts'
import { isTold } from './withDigest.ts'

/**
 * `onRequestError` for `instrumentation.ts`: what fails in pages, and in routes and actions that are not ours, becomes a step under the
 * request's reference. Where Next.js gives the error a `digest` of its own, which many errors have in common, that is a fact of the step,
 * so that support finds it by what an error page or a log says.
 *
 * ```ts
 * export const onRequestError = requestErrors(waybill)
 * ```
 */
export function requestErrors(waybill: ServerWaybill, options: RequestErrorsOptions = {}): OnRequestError {
  const { onThrown } = options
  return (error, request, { routePath, revalidateReason }) => {
    waybill.guard(() => {
      const { method } = request
      // The route, and at times the file.
      const route = routePath.replace(/(?<=.)\/(?:page|route)$/, '')
      const digest = digestOf(error)
      const named = parseReference(digest)
      // A page that is rendered anew for its next visitors is no doing of the one whose request set it off.
      const claimed = waybill.accept(revalidateReason ? {} : request.headers)
      const isClaimed = !named.ok || named.reference === claimed.reference
      const context = isClaimed ? claimed : waybill.accept({ [TRACE_REFERENCE]: named.reference })
      waybill.resume(context, () => {
        if (!isTold(error)) {
          const attributes = { 'http.request.method': method, 'http.route': route }
          // What was thrown in a cached function has had Next.js's own before.
          const hash = named.ok ? digestOf(Object.getPrototypeOf(error)) : digest
          const facts = parseReference(hash).ok ? {} : { digest: hash }
          waybill.begin({ hop: 'api', name: `${method} ${route}`, attributes, facts }).end(error)
        }
        if (onThrown) return onThrown(error, request)
        // What Next.js prints has the digest in it.
        const which = digest && ` (digest ${digest})`
        if (!named.ok) console.error(`[waybill] ${method} ${route} failed under ${context.reference}${which}`)
      })
    })
  }
}

export interface RequestErrorsOptions {
  /**
   * Gets the error, under its reference.
   * @default one line on the console that has the reference, and the digest by which Next.js prints the error
   */
  readonly onThrown?: ((error: unknown, request: FailedRequest) => void) | undefined
}

export type OnRequestError = (error: unknown, request: FailedRequest, context: FailedIn) => void

/** As Next.js tells it. */
export interface FailedRequest {
  readonly path: string
  readonly method: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

interface FailedIn {
  readonly routePath: string
  readonly revalidateReason?: string | undefined
}
