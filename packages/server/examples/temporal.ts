import { Client } from '@temporalio/client'
import type { Connection } from '@temporalio/client'
import type { Context } from '@temporalio/activity'
import {
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryWorkflowClientInterceptor,
} from '@temporalio/interceptors-opentelemetry'
import type { ServerWaybill } from '@waybill/server'

/** In the API: starting a workflow, or signalling one, hands on the trace. */
export function openClient(connection: Connection): Client {
  return new Client({ connection, interceptors: { workflow: [new OpenTelemetryWorkflowClientInterceptor()] } })
}

/**
 * In the worker: `Worker.create({ …, interceptors: { activity: activityInterceptors(waybill), workflowModules } })`. The first takes the
 * trace up, and the second makes each attempt of each activity a step of the trail.
 */
export function activityInterceptors(waybill: ServerWaybill) {
  return [
    (ctx: Context) => ({ inbound: new OpenTelemetryActivityInboundInterceptor(ctx) }),
    (ctx: Context) => ({ inbound: { execute: tracedExecute(waybill, ctx) } }),
  ]
}

function tracedExecute(waybill: ServerWaybill, { info }: Context) {
  return <Input>(input: Input, next: (input: Input) => Promise<unknown>): Promise<unknown> => {
    const { activityType, activityId, workflowExecution, attempt, retryPolicy } = info
    const step = {
      hop: 'worker',
      name: activityType,
      jobId: `${workflowExecution?.runId}/${activityId}`,
      attempt,
      maxAttempts: retryPolicy?.maximumAttempts || undefined,
      announce: true,
    } as const
    return waybill.run(step, () => next(input))
  }
}
