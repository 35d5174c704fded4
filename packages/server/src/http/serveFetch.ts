import { TRACE_REFERENCE } from '@waybill/reference'
import type { ServeOptions, ServerWaybill } from '../ServerWaybill.ts'
import { endServed, EXPOSED_HEADERS, exposing, isPassedOn, openServed } from './servedRequest.ts'
import { markServed, servedOf, SERVER_TIMING, serverTiming } from './servedRequest.ts'
import type { Answer, Served } from './servedRequest.ts'
import { streamedResponse } from './streamedResponse.ts'
import type { StreamOptions } from './streamedResponse.ts'
import type { TraceContext } from '../context/TraceContext.ts'

/**
 * Serves a fetch-standard request: its headers say whose it is, `answer` has the answer's headers say so too, and its step ends when
 * the answer's stream does, or the caller goes away. Undefined where there is nothing to serve.
 */
export function serveFetch(
  waybill: ServerWaybill,
  { request, path, route, hop, ignore, texts }: FetchExchange,
): ServedFetch | undefined {
  const { method, headers, signal } = request
  if (servedOf(request) || ignore?.(path) || isPassedOn({ method, headers })) return undefined
  const step = openServed(waybill, { method, headers, hop })
  const { context } = step
  let status: number | undefined
  let isEvents = false
  let isGone = false
  const end = (more: Partial<Answer>): void => {
    const { thrown } = served
    endServed(step, { method, path, route: waybill.guard(() => route?.()), status, thrown, ...more })
  }
  const cut = (): void => {
    isGone ||= status === undefined
    end({ isCut: !isEvents })
  }
  const served: ServedFetch = {
    step,
    end,
    answer(response) {
      status = response.status
      if (isGone) {
        end({ isLate: true })
        return response
      }
      // An open end is how answers of events end.
      isEvents = /^text\/event-stream\b/.test(response.headers.get('content-type') ?? '')
      const onEnd: StreamOptions['onEnd'] = (how, error) =>
        how === 'cut' ? cut() : end(how === 'broken' ? { thrown: error, isCut: true } : {})
      // The body of an answer to HEAD is not read.
      const streamed =
        method === 'HEAD'
          ? undefined
          : waybill.guard(() => streamedResponse(waybill, response, { context, texts, onEnd }))
      if (!streamed) end({})
      return waybill.guard(() => echoed(streamed ?? response, context)) ?? streamed ?? response
    },
  }
  markServed(request, served)
  waybill.guard(() => signal.addEventListener('abort', cut, { once: true }))
  return served
}

export interface FetchExchange extends ServeOptions {
  readonly request: Request
  /** Without the query. */
  readonly path: string
  /** Asked when the answer is known. */
  readonly route?: (() => string | undefined) | undefined
  readonly texts?: StreamOptions['texts']
}

export interface ServedFetch extends Served {
  /** The response with the reference, whose end is that of the step. */
  answer(response: Response): Response
  /** Ends the step where there is no response. */
  end(answer: Partial<Answer>): void
}

/** Headers of a response that came from `fetch` or `Response.redirect` are locked: then a copy carries the reference. */
function echoed(response: Response, context: TraceContext): Response {
  try {
    echo(response.headers, context)
    return response
  } catch {
    const copy = new Response(response.body, response)
    echo(copy.headers, context)
    return copy
  }
}

function echo(headers: Headers, context: TraceContext): void {
  headers.set(TRACE_REFERENCE, context.reference)
  headers.set(EXPOSED_HEADERS, exposing(headers.get(EXPOSED_HEADERS) ?? ''))
  headers.append(SERVER_TIMING, serverTiming(context))
}
