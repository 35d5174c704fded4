import type { ServerWaybill } from '../ServerWaybill.ts'
import type { TraceContext } from '../context/TraceContext.ts'

/**
 * The response with a body that is read in its request's context, and that says when it is over: with what it failed by, if it did.
 * Undefined where the body is no stream but was at hand: it makes no difference there, and servers send it in one piece.
 */
export function streamedResponse(
  waybill: ServerWaybill,
  response: Response,
  { context, onEnd }: StreamOptions,
): Response | undefined {
  if (!mayStream(response.headers) || !response.body) return undefined
  const reader = response.body.getReader()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await waybill.resume(context, () => reader.read())
          if (!done) return controller.enqueue(value)
          controller.close()
          onEnd?.('sent')
        } catch (error) {
          onEnd?.('broken', error)
          throw error
        }
      },
      cancel(reason) {
        onEnd?.('cut')
        return waybill.resume(context, () => reader.cancel(reason))
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(body, response)
}

export interface StreamOptions {
  readonly context: TraceContext
  readonly onEnd?: ((how: 'sent' | 'broken' | 'cut', error?: unknown) => void) | undefined
}

/** Nothing tells a stream from a text but the headers that constructors and frameworks put on texts, spelled so by them alone. */
function mayStream(headers: Headers): boolean {
  if (headers.has('content-length')) return false
  return headers.has('transfer-encoding') || !OF_TEXTS.test(headers.get('content-type') ?? '')
}

const OF_TEXTS = /^(?:application\/(?:[\w.-]+\+)?json|text\/(?:plain|html); ?charset=UTF-8)/
