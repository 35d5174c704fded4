import { modelOperation, traceModelCall } from './models/traceModelCall.ts'
import type { ModelCall } from './models/traceModelCall.ts'
import { abortTypeOf } from './step/errorType.ts'
import type { ServerWaybill } from './ServerWaybill.ts'

/**
 * A `fetch` for the client of `openai`, which records each try of a model call as a step: model, prompt version, finish reason, tokens,
 * OpenAI's ids, and its word for an error; never a prompt, an input or an output. A streamed answer's step lasts until the stream
 * is over. Files, batches, realtime and what else calls no model pass through. OpenAI gets an `X-Client-Request-Id` that begins
 * with the reference, unless the application sends its own; `traceparent` only by `traceOutgoing`.
 *
 * ```ts
 * const openai = new OpenAI({ fetch: openaiFetch(waybill) })
 * ```
 */
export function openaiFetch(waybill: ServerWaybill, { provider = 'openai', fetch }: OpenAIOptions = {}): Fetch {
  return (input, init) => {
    const send: Fetch = fetch ?? globalThis.fetch
    const call = waybill.guard(() => callOf(provider, input, init))
    if (!call) return send(input, init)
    return traceModelCall(waybill, call, (step) => {
      const headers = headersOf(input, init) ?? new Headers()
      // OpenAI's support finds a call by it. It has to be another for each request.
      const id = step && `${step.context.reference}.${step.context.spanId}`
      if (id && !headers.has('x-client-request-id')) headers.set('x-client-request-id', id)
      return send(input, { ...init, headers })
    })
  }
}

export interface OpenAIOptions {
  /** OpenTelemetry's `gen_ai.provider.name`, for providers whose API is like OpenAI's: `groq`, `deepseek`. @default 'openai' */
  readonly provider?: string | undefined
  /** What sends the requests. @default the global fetch */
  readonly fetch?: Fetch | undefined
}

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

function callOf(provider: string, input: string | URL | Request, init: RequestInit = {}): ModelCall | undefined {
  const isRequest = input instanceof Request
  const url = isRequest ? input.url : String(input)
  const method = (init.method ?? (isRequest ? input.method : 'GET')).toUpperCase()
  const work = modelOperation({ method, url }, OPERATIONS)
  if (!work) return undefined
  const headers = headersOf(input, init)
  // It cannot be sent, and the error that says so may quote a key.
  if (!headers) return undefined
  const signal = init.signal ?? (isRequest ? input.signal : undefined)
  const startedAt = performance.now()
  // The SDK aborts without a reason when its own time limit is over, which it states in whole seconds.
  const limitSeconds = headers.get('x-stainless-timeout')
  const isLate = (): boolean =>
    limitSeconds !== null && performance.now() - startedAt >= Number(limitSeconds) * 1000 - CLOCKS_DIFFER_MS
  return {
    ...work,
    provider,
    method,
    url,
    body: init.body,
    resends: Number(headers.get('x-stainless-retry-count')) || 0,
    signal: signal ?? undefined,
    abortType: (when) => (when === 'unanswered' && isLate() ? 'timeout' : abortTypeOf(signal?.reason)),
  }
}

function headersOf(input: string | URL | Request, init: RequestInit | undefined): Headers | undefined {
  try {
    return new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined))
  } catch {
    return undefined
  }
}

const OPERATIONS: readonly (readonly [path: string, operation: string])[] = [
  ['/chat/completions', 'chat'],
  ['/responses', 'chat'],
  ['/completions', 'text_completion'],
  ['/embeddings', 'embeddings'],
  ['/moderations', 'moderation'],
  ['/images/generations', 'image_generation'],
  ['/images/edits', 'image_edit'],
]

const CLOCKS_DIFFER_MS = 100
