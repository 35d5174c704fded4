import type { ServerWaybill } from '../ServerWaybill.ts'
import type { TraceContext } from '../context/TraceContext.ts'

/**
 * The response with a body that is read in its request's context, and that says when it is over: with what it failed by, if it did.
 * Undefined where the body is no stream but was at hand: it makes no difference there, and servers send it in one piece.
 */
export function streamedResponse(
  waybill: ServerWaybill,
  response: Response,
  { context, texts = TEXTS, onEnd }: StreamOptions,
): Response | undefined {
  if (!mayStream(response.headers, texts) || !response.body) return undefined
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
  /** The content types of texts, as they are spelled for nothing else. @default those of the platform */
  readonly texts?: RegExp | undefined
  readonly context: TraceContext
  readonly onEnd?: ((how: 'sent' | 'broken' | 'cut', error?: unknown) => void) | undefined
}

/** Nothing tells a stream from what was at hand but the headers. */
function mayStream(headers: Headers, texts: RegExp): boolean {
  if (headers.has('content-length')) return false
  return headers.has('transfer-encoding') || !texts.test(headers.get('content-type') ?? '')
}

/** What `Response.json` puts on its answers, problems have, and the constructor puts on a text, with no space, where nobody says more. */
const TEXTS = /^(?:application\/(?:[\w.-]+\+)?json|text\/plain;charset=UTF-8)/
