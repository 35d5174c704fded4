import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { parseTraceparent, TRACE_ATTEMPT } from '@waybill/reference'
import type { Facts, Hop } from '@waybill/trail'
import { maskPath } from '@waybill/trail'
import { createResendCounter } from './http/createResendCounter.ts'
import type { Try } from './http/createResendCounter.ts'
import { headerOf, inContextOfCaller, nodeRequest, undiciRequest } from './http/outgoingRequest.ts'
import type { OutgoingRequest } from './http/outgoingRequest.ts'
import { REQUEST_ID_HEADERS, requestIds } from './http/requestIds.ts'
import { toldCalls } from './models/toldCalls.ts'
import type { OpenStep } from './step/openStep.ts'
import type { ServerWaybill } from './ServerWaybill.ts'

/**
 * Lets calls to the listed origins carry the reference, by whatever client they are made: `fetch`, undici, axios, got, the SDKs of
 * model providers. A request that has a `traceparent`, or that is made outside of a context, is sent as it is. Where a hop is told,
 * each request, redirects and retries included, is a step of its own, which ends with the answer's headers. The provider's own id of
 * a request becomes a fact, by which support finds the trail: of that step, or of the step in force, there up to five. Returns its stop.
 *
 * ```ts
 * const stop = traceOutgoing(waybill, { origins: ['https://api.openai.com', { origin: 'https://stock.shop.example', hop: 'api' }] })
 * ```
 *
 * @throws TypeError when an origin is not exactly one: scheme, host, and port if it is not the usual one.
 */
export function traceOutgoing(
  waybill: ServerWaybill,
  { origins, requestIdHeaders = REQUEST_ID_HEADERS }: OutgoingOptions,
): () => void {
  const hops = new Map(
    origins.map((each) => (typeof each === 'string' ? [exact(each), undefined] : [exact(each.origin), each.hop])),
  )
  const sent = new WeakMap<object, Sent>()
  const resendCounter = createResendCounter()
  const noted = new WeakMap<object, number>()

  const created = (request: OutgoingRequest | undefined): void => {
    const context = waybill.current()
    if (!request || !context || !hops.has(request.origin)) return
    const { key, origin, method, path } = request
    // Another tracer may have begun a span for this request already; what is counted is counted for the step.
    const counted = waybill.storage.getStore() ?? context
    const noteInForce = waybill.bind((facts: Facts) => waybill.note(facts))
    const note = (header: string, id: string): void => {
      const count = noted.get(counted) ?? 0
      noted.set(counted, count + 1)
      if (count < MOST_IDS) noteInForce({ [count > 0 ? `${header}.${count + 1}` : header]: id })
    }
    // It is not ours to tell of, but in this trace its answer has the provider's id all the same.
    const leaveToTracer = (traceparent: string): void => {
      if (parseTraceparent(traceparent)?.traceId === context.traceId) sent.set(key, { note })
      else sent.delete(key)
    }
    const claimed = request.get('traceparent')
    if (claimed !== undefined) return leaveToTracer(claimed)
    const tried = resendCounter.begin(counted, `${method} ${origin}${path}`)
    const { resends } = tried
    const attempt = context.attempt || resends > 0 ? (context.attempt ?? 1) + resends : undefined
    const attributes = {
      'http.request.method': method,
      'server.address': new URL(origin).host,
      'http.request.resend_count': resends || undefined,
    }
    const toldHop = hops.get(origin)
    const hop = toldHop === 'model' && toldCalls.has(counted) ? undefined : toldHop
    const step = hop && waybill.begin({ hop, name: `${method} ${maskPath(path)}`, attempt, attributes })
    const headers = step ? waybill.resume(step.context, () => waybill.inject({})) : waybill.inject({})
    request.carry({ ...headers, ...(attempt && { [TRACE_ATTEMPT]: String(attempt) }) }, leaveToTracer)
    sent.set(key, { tried, step, note: step ? (header, id) => step.note({ [header]: id }) : note })
  }
  const answered = (request: unknown, response: unknown): void => {
    const { tried, step, note } = sentOf(request)
    const status = Object(response).statusCode
    // Undici tells of interim answers too.
    if (typeof status !== 'number' || (status < 200 && status !== 101)) return
    const ids = note ? requestIds((header) => headerOf(response, header), requestIdHeaders) : {}
    for (const [header, id] of Object.entries(ids)) note?.(header, id)
    if (status >= 400) tried?.failed()
    const errorType = status >= 400 ? String(status) : undefined
    step?.set({ attributes: { 'http.response.status_code': status }, errorType })
    step?.end()
    // What breaks off later has been answered, and is a failed try all the same.
    sent.set(Object(request), status >= 400 ? {} : { tried })
  }
  const failed = (request: unknown, error: unknown): void => {
    const { tried, step } = sentOf(request)
    tried?.failed()
    step?.end(error ?? new Error('no answer'))
    sent.delete(Object(request))
  }
  const sentOf = (request: unknown): Sent => sent.get(Object(request)) ?? {}

  const listeners: Readonly<Record<string, (message: Message) => void>> = {
    'undici:request:create': ({ request }) => inContextOfCaller(request, () => created(undiciRequest(request))),
    'undici:request:headers': ({ request, response }) => answered(request, response),
    'undici:request:error': ({ request, error }) => failed(request, error),
    'http.client.request.created': ({ request }) => created(nodeRequest(request)),
    'http.client.response.finish': ({ request, response }) => answered(request, response),
    'http.client.request.error': ({ request, error }) => failed(request, error),
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
  /** Exact origins, such as `https://api.openai.com`; with a hop, its requests are steps too. A model behind an SDK that is traced needs none. */
  readonly origins: readonly (string | { readonly origin: string; readonly hop: Hop })[]
  /**
   * Response headers in which providers say how they call the request. Each that is there becomes a fact of its name.
   * @default x-request-id (OpenAI and many), request-id (Anthropic, Stripe), x-amzn-requestid (AWS), apim-request-id, x-ms-request-id (Azure)
   */
  readonly requestIdHeaders?: readonly string[] | undefined
}

/** Of a step's 20 facts, so that a step with many calls keeps room for the application's own. */
const MOST_IDS = 5

/** What is to be told of a request once it is answered. */
interface Sent {
  readonly tried?: Try | undefined
  readonly step?: OpenStep | undefined
  readonly note?: (header: string, id: string) => void
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
