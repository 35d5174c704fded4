import type { IncomingMessage, ServerResponse } from 'node:http'
import { maskPath } from '@waybill/trail'
import { asThrown } from './step/errorType.ts'
import { printThrown } from './http/printThrown.ts'
import { sendProblem } from './http/sendProblem.ts'
import { serveNode } from './http/serveNode.ts'
import type { NodeRequest, NodeResponse } from './http/serveNode.ts'
import type { ServeOptions, ServerWaybill, ThrownOptions } from './ServerWaybill.ts'

/**
 * A listener of `node:http`, `node:https` or the compatibility API of `node:http2` around another one, that serves each request under its
 * reference, as a step: `createServer(waybillListener(waybill, (request, response) => { … }))`. What the listener throws or
 * rejects with becomes a problem with the reference; after the headers were sent, the connection closes.
 */
export function waybillListener<
  Request extends NodeRequest = IncomingMessage,
  Response extends NodeResponse = ServerResponse,
>(
  waybill: ServerWaybill,
  listener: (request: Request, response: Response) => unknown,
  { onThrown, route, ...options }: ListenerOptions<Request> = {},
): (request: Request, response: Response) => void {
  return (request, response) => {
    const pattern = (): string | undefined => route?.(request)
    const served = serveNode(waybill, { ...options, request, response, route: pattern })
    const reference = served?.step.context.reference
    const answer = async (): Promise<void> => {
      try {
        await listener(request, response)
      } catch (error) {
        if (served) served.thrown = asThrown(error)
        waybill.guard(() => {
          if (onThrown) return onThrown(error, request)
          const { method = 'GET', url = '' } = request
          printThrown(error, { method, path: waybill.guard(pattern) ?? maskPath(url), reference })
        })
        if (response.headersSent) response.destroy()
        else sendProblem(error, { request, response, reference })
      }
    }
    void (served ? waybill.resume(served.step.context, answer) : answer())
  }
}

export interface ListenerOptions<Request> extends ServeOptions, ThrownOptions<Request> {
  /** The route's pattern, such as `/api/orders/:id`; undefined where none matched. Asked when the answer is known. @default the masked path names the step */
  readonly route?: ((request: Request) => string | undefined) | undefined
}
