import { Middleware } from 'inngest'
import type { ServerWaybill } from '@waybill/server'
import { processMessage } from '@waybill/server/messages'

/** For `new Inngest({ id: 'shop', middleware: [waybillMiddleware(waybill)] })`, where events are sent and where functions run. */
export function waybillMiddleware(waybill: ServerWaybill): Middleware.Class {
  return class extends Middleware.BaseMiddleware {
    readonly id = 'waybill'

    // An event that is sent on as it was received keeps whose it is.
    override transformSendEvent({ events, ...rest }: Middleware.TransformSendEventArgs) {
      return { ...rest, events: events.map((event) => ({ ...event, data: { ...carried(waybill), ...event.data } })) }
    }

    // Called for every request of a run, and never resumed where a step is found: it lends the context, and is no step of the trail.
    override wrapFunctionHandler({ ctx, next }: Middleware.WrapFunctionHandlerArgs) {
      const carrier = carrierOf(ctx.event)
      return carrier ? waybill.resume(waybill.accept(carrier), next) : next()
    }

    // Called for each attempt of each `step.run`.
    override wrapStepHandler({ ctx, fn, stepInfo, next }: Middleware.WrapStepHandlerArgs) {
      const attempt = {
        system: 'inngest',
        destination: `${fn.id()} ${stepInfo.options.id}`,
        carrier: carrierOf(ctx.event),
        jobId: `${ctx.runId}/${stepInfo.hashedId}`,
        // The steps of a run that nobody's action set off share a reference.
        identity: ctx.runId,
        attempt: ctx.attempt + 1,
        maxAttempts: ctx.maxAttempts,
      }
      return processMessage(waybill, attempt, next)
    }
  }
}

function carried(waybill: ServerWaybill): object {
  return waybill.current() ? { _waybill: waybill.inject({}) } : {}
}

function carrierOf(event: { readonly data?: unknown }): unknown {
  return Object(event.data)._waybill
}
