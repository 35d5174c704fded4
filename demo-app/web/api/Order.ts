import * as z from 'zod/mini'
import { reference } from './reference.ts'
import { refund } from './Refund.ts'

export const order = z.object({
  id: z.string(),
  placedAt: z.string(),
  items: z.array(z.object({ name: z.string(), quantity: z.number(), priceCents: z.number() })),
  totalCents: z.number(),
  charges: z.array(z.object({ id: z.string(), at: z.string(), amountCents: z.number() })),
  reference,
  refund: z.nullable(refund),
  shipment: z.enum(['preparing', 'shipped']),
})

/** What was bought, what was taken for it, and under which reference. */
export type Order = z.infer<typeof order>

/** Charged more than once, and nobody has asked for the money back yet. */
export function isOvercharged(order: Order): boolean {
  return order.charges.length > 1 && order.refund === null
}
