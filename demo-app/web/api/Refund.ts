import * as z from 'zod/mini'
import { reference } from './reference.ts'

export const refund = z.object({
  id: z.string(),
  orderId: z.string(),
  amountCents: z.number(),
  status: z.enum(['pending review', 'refunded']),
  handedOver: z.boolean(),
  requestedAt: z.string(),
  reference,
})

/** Money on its way back, under the reference of the action that asked for it. */
export type Refund = z.infer<typeof refund>

/** Whether the automatic review still goes on, so that asking again soon makes sense. */
export function isUnderWay({ status, handedOver }: Refund): boolean {
  return status === 'pending review' && !handedOver
}
