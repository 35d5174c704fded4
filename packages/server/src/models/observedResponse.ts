/**
 * The same response, with a body that is seen as it is read: at the reader's pace, byte for byte. Nothing is asked of the server before the
 * reader asks, and cancelling reaches it.
 */
export function observedResponse(response: Response, { signal, readsRest, onChunk, onEnd }: BodyListeners): Response {
  let isOver = false
  const end = (how: BodyEnd, error?: unknown): void => {
    if (isOver) return
    isOver = true
    signal?.removeEventListener('abort', onAbort)
    onEnd(how, error)
  }
  const onAbort = (): void => end('broken', signal?.reason)
  // A client of its own kind may have another sort of stream, or answers that cannot be made anew.
  const isUsual = typeof response.body?.getReader === 'function' && !response.body.locked
  if (!response.body || !isUsual || response.status < 200 || response.status > 599) {
    end('unseen')
    return response
  }
  const reader = response.body.getReader()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (!done) {
            onChunk(value)
            return controller.enqueue(value)
          }
          end('read')
          controller.close()
        } catch (error) {
          end('broken', error)
          throw error
        }
      },
      cancel(reason) {
        if (readsRest) return void readRest()
        end('cancelled')
        return reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
  const readRest = async (): Promise<void> => {
    const timer = setTimeout(() => void reader.cancel().catch(ignore), REST_MS)
    try {
      for (let left = REST_BYTES; left > 0;) {
        const { done, value } = await reader.read()
        if (done) break
        onChunk(value)
        left -= value.byteLength
      }
    } catch {
      // Nobody waits for it any more.
    }
    clearTimeout(timer)
    end('cancelled')
    await reader.cancel().catch(ignore)
  }
  // Somebody who aborts may never read or cancel the body.
  signal?.addEventListener('abort', onAbort, { once: true })
  // The constructor takes over status and headers, but not the address, which SDKs put into their logs.
  return Object.defineProperty(new Response(body, response), 'url', { value: response.url })
}

/** How a body was over: read to its end, given up by its reader, by an error; or it could not be seen, or is none. */
export type BodyEnd = 'read' | 'cancelled' | 'broken' | 'unseen'

export interface BodyListeners {
  readonly signal: AbortSignal | undefined
  /** When the reader gives it up, what is left is read all the same, if it is little and quick. */
  readonly readsRest: boolean
  /** Neither may throw. */
  readonly onChunk: (bytes: Uint8Array) => void
  /** Called once. */
  readonly onEnd: (how: BodyEnd, error: unknown) => void
}

const REST_MS = 1000
const REST_BYTES = 65_536

function ignore(): void {}
