import { Hono } from 'hono'
import { z } from 'zod'
import type { Shop, ShopEnv } from './Shop.ts'
import { orderOf } from './Order.ts'

const shipped = z.object({ orderId: z.string().max(40) })

/** Buttons for what a clock and a partner would set off by themselves: the nightly sync, and the carrier's webhook. */
export function backOfficeRoutes({ pool, waybill, queue, shopUrl }: Shop): Hono<ShopEnv> {
  return new Hono<ShopEnv>()
    .post('/nightly-sync', async (context) => {
      // A run is nobody's action: it has a reference of its own, not that of whoever pressed the button.
      const run = waybill.mint()
      await waybill.resume(run, () => queue.sendNightlySync())
      return context.json({ run: { reference: run.reference } }, 202)
    })
    .post('/carrier-webhook', async (context) => {
      const parsed = shipped.safeParse(await context.req.json().catch(() => undefined))
      const order = parsed.success ? await orderOf(pool, context.get('customerId'), parsed.data.orderId) : undefined
      if (!order) return waybill.problem({ status: 404, type: '/problems/unknown', title: 'There is no such order.' })
      // The carrier knows nothing of references; it calls in with an order number, from outside any customer's action.
      await waybill.resume(waybill.mint(), () =>
        fetch(`${shopUrl()}/webhooks/carrier`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ event: 'shipped', orderId: order.id }),
        }),
      )
      return context.json({ orderId: order.id }, 202)
    })
}
