import { metadata, task, tasks } from '@trigger.dev/sdk'
import { createWaybill } from '@waybill/server'
import type { ServerWaybill } from '@waybill/server'
import { processMessage, sendMessage } from '@waybill/server/messages'

const waybill = createWaybill({ service: 'refund-tasks', deliverTo: process.env['WAYBILL_DESK_URL'] })

/** A task's `run` as one attempt of the trail, under the reference of whoever triggered it. */
export function tracedRun<Payload, Params extends { readonly ctx: Context }, Output>(
  run: (payload: Payload, params: Params) => Promise<Output>,
): (payload: Payload, params: Params) => Promise<Output> {
  return async (payload, params) => {
    const { ctx } = params
    const attempt = {
      system: 'trigger.dev',
      destination: ctx.task.id,
      carrier: metadata.get('waybill'),
      jobId: ctx.run.id,
      identity: ctx.run.id,
      attempt: ctx.attempt.number,
      maxAttempts: ctx.run.maxAttempts,
    }
    try {
      return await processMessage(waybill, attempt, () => run(payload, params))
    } finally {
      // The machine may be frozen when the attempt is over.
      await waybill.flush()
    }
  }
}

interface Context {
  readonly task: { readonly id: string }
  readonly run: { readonly id: string; readonly maxAttempts?: number | undefined }
  readonly attempt: { readonly number: number }
}

export const refund = task({
  id: 'refund',
  run: tracedRun(async ({ order }: { order: string }) => {
    waybill.note({ order })
  }),
})

/** In the API: the reference goes into the run's metadata, where no schema of the payload minds it and where a replay finds it. */
export function triggerRefund(api: ServerWaybill, order: string): Promise<string> {
  return sendMessage(api, { system: 'trigger.dev', destination: 'refund' }, async (carrier, step) => {
    const { id } = await tasks.trigger<typeof refund>('refund', { order }, { metadata: { waybill: carrier } })
    step.set({ jobId: id })
    return id
  })
}
