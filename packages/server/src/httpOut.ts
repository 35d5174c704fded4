import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Hop } from '@waybill/trail'
import { TRACE_ATTEMPT } from '@waybill/reference'
import { maskPath } from '@waybill/trail'
import { nodeRequest, undiciRequest } from './http/outgoingRequest.ts'
import type { OutgoingRequest } from './http/outgoingRequest.ts'
import type { OpenStep } from './step/openStep.ts'
import type { ServerWaybill } from './ServerWaybill.ts'

/**
 * Lets calls to the listed origins carry the reference, by whatever client they are made: `fetch`, undici, axios, the SDKs of
 * model providers. A request that has a `traceparent` already, or that is made outside of a context, is left alone. Where a
 * hop is told, each request is a step of its own. Returns its stop.
 *
 * ```ts
 * const stop = traceOutgoing(waybill, { origins: ['https://api.openai.com', { origin: 'https://stock.shop.example', hop: 'api' }] })
 * ```
 *
 * @throws TypeError when an origin is not exactly one: scheme, host, and port if it is not the usual one.
 */
export function traceOutgoing(waybill: ServerWaybill, { origins }: OutgoingOptions): () => void {
  const hops = new Map(
    origins.map((each) => (typeof each === 'string' ? [exact(each), undefined] : [exact(each.origin), each.hop])),
  )
  const steps = new WeakMap<object, OpenStep>()

  const created = (request: OutgoingRequest | undefined): void => {
    if (!request || !waybill.current() || !hops.has(request.origin) || request.has('traceparent')) return
    const hop = hops.get(request.origin)
    const step =
      hop &&
      waybill.begin({ hop, name: `${request.method} ${maskPath(request.path)}`, attributes: attributesOf(request) })
    if (step) steps.set(request.key, step)
    const headers = step ? waybill.resume(step.context, () => waybill.inject({})) : waybill.inject({})
    for (const [name, value] of Object.entries(headers)) request.set(name, String(value))
    const attempt = waybill.current()?.attempt
    if (attempt) request.set(TRACE_ATTEMPT, String(attempt))
  }
  const answered = (request: unknown, response: unknown): void => {
    const step = stepOf(request)
    const status = Object(response).statusCode
    if (!step || typeof status !== 'number') return
    step.set({
      attributes: { 'http.response.status_code': status },
      errorType: status >= 400 ? String(status) : undefined,
    })
    step.end()
  }
  const stepOf = (request: unknown): OpenStep | undefined =>
    typeof request === 'object' && request !== null ? steps.get(request) : undefined

  const listeners: Readonly<Record<string, (message: Message) => void>> = {
    'undici:request:create': ({ request }) => created(undiciRequest(request)),
    'undici:request:headers': ({ request, response }) => answered(request, response),
    'undici:request:error': ({ request, error }) => stepOf(request)?.end(error ?? new Error('no answer')),
    'http.client.request.created': ({ request }) => created(nodeRequest(request)),
    'http.client.response.finish': ({ request, response }) => answered(request, response),
    'http.client.request.error': ({ request, error }) => stepOf(request)?.end(error ?? new Error('no answer')),
  }
  // What a listener throws becomes an uncaught exception of the process, so it must not throw.
  const guarded = Object.entries(listeners).map(
    ([channel, listener]) => [channel, (message: unknown) => waybill.guard(() => listener(Object(message)))] as const,
  )
  for (const [channel, listener] of guarded) subscribe(channel, listener)
  return () => {
    for (const [channel, listener] of guarded) unsubscribe(channel, listener)
  }
}

export interface OutgoingOptions {
  /** Exact origins, such as `https://api.openai.com`; with a hop, its requests are steps too. A model behind the AI SDK needs none. */
  readonly origins: readonly (string | { readonly origin: string; readonly hop: Hop })[]
}

interface Message {
  readonly request?: unknown
  readonly response?: unknown
  readonly error?: unknown
}

function exact(origin: string): string {
  // The URL standard takes an asterisk for a letter of a host name like any other.
  if (URL.parse(origin)?.origin === origin && !origin.includes('*')) return origin
  throw new TypeError(
    `[waybill] "${origin}" is no exact origin, so no call would match it. Write it like "https://api.shop.example".`,
  )
}

function attributesOf({ method, origin }: OutgoingRequest): Record<string, string> {
  return { 'http.request.method': method, 'server.address': new URL(origin).host }
}
