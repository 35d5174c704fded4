import { modelOperation, traceModelCall } from './models/traceModelCall.ts'
import type { ModelCall } from './models/traceModelCall.ts'
import { abortTypeOf } from './step/errorType.ts'
import type { ServerWaybill } from './ServerWaybill.ts'

/**
 * A middleware for the client of `@anthropic-ai/sdk`, which records each try of a model call as a step: model, prompt version, finish
 * reason, tokens, Anthropic's ids, and its word for an error; never a prompt, an input or an output. A streamed answer's step lasts
 * until the stream is over. Batches, files and what else calls no model pass through. The request goes out as it is;
 * `traceparent` only by `traceOutgoing`.
 *
 * ```ts
 * const anthropic = new Anthropic({ middleware: [anthropicMiddleware(waybill)] })
 * ```
 */
export function anthropicMiddleware(waybill: ServerWaybill): AnthropicMiddleware {
  return (request, next, { options }) => {
    const call = waybill.guard(() => callOf(request, options?.signal ?? undefined))
    return call ? traceModelCall(waybill, call, () => next(request)) : next(request)
  }
}

/** The SDK's `Middleware`, as far as it is used here. */
export type AnthropicMiddleware = <R extends AnthropicRequest>(
  request: R,
  next: (request: R) => Promise<Response>,
  context: { readonly options?: { readonly signal?: AbortSignal | null | undefined } | undefined },
) => Promise<Response>

export interface AnthropicRequest extends RequestInit {
  readonly url: string
  readonly headers: Headers
}

/** The caller's own signal; that of the request is the SDK's, which aborts it without saying why. */
function callOf(request: AnthropicRequest, callers: AbortSignal | undefined): ModelCall | undefined {
  const { url, headers, body, signal } = request
  const method = (request.method ?? 'GET').toUpperCase()
  const work = modelOperation({ method, url }, OPERATIONS)
  if (!work) return undefined
  return {
    ...work,
    provider: 'anthropic',
    method,
    url,
    body,
    resends: Number(headers.get('x-stainless-retry-count')) || 0,
    signal: signal ?? undefined,
    abortType(when) {
      if (callers?.aborted) return abortTypeOf(callers.reason)
      return when === 'unanswered' ? 'timeout' : 'AbortError'
    },
  }
}

const OPERATIONS: readonly (readonly [path: string, operation: string])[] = [
  ['/messages', 'chat'],
  ['/messages/count_tokens', 'count_tokens'],
  ['/complete', 'text_completion'],
]
