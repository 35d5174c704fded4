import { Hono } from 'hono'
import { SCHEMA } from '../database/schema.ts'
import { orderOf, ordersOf } from './Order.ts'
import type { Shop, ShopEnv } from './Shop.ts'
import { keepOneDoubleCharge } from './sampleOrders.ts'

/** A customer's orders and refunds. */
export function orderRoutes({ pool, waybill, database, queue, log }: Shop): Hono<ShopEnv> {
  const unknown = (what: string): Response =>
    waybill.problem({ status: 404, type: '/problems/unknown', title: `There is no such ${what}.` })

  return new Hono<ShopEnv>()
    .get('/orders', async (context) => {
      const customerId = context.get('customerId')
      let orders = await ordersOf(pool, customerId)
      if (!orders.some((order) => order.charges.length > 1 && !order.refund)) {
        await database.transaction('keep one double charge', (client) => keepOneDoubleCharge(client, customerId))
        orders = await ordersOf(pool, customerId)
      }
      return context.json({ orders })
    })
    .get('/orders/:id', async (context) => {
      const order = await orderOf(pool, context.get('customerId'), context.req.param('id'))
      return order ? context.json({ order }) : unknown('order')
    })
    .post('/orders/:id/refund', async (context) => {
      const customerId = context.get('customerId')
      const orderId = context.req.param('id')
      if (!(await orderOf(pool, customerId, orderId))) return unknown('order')
      waybill.note({ order: orderId })
      const refundId = await database.transaction('write the refund', async (client) => {
        // What was charged beyond the order's total, or all of it when nothing was charged twice.
        const { rows } = await client.query<{ id: string }>(
          `INSERT INTO ${SCHEMA}.refunds (order_id, amount_cents)
           SELECT o.id, coalesce(nullif((SELECT sum(amount_cents) FROM ${SCHEMA}.charges c WHERE c.order_id = o.id) - o.total_cents, 0), o.total_cents)
             FROM ${SCHEMA}.orders o WHERE o.id = $1 AND o.customer_id = $2
           ON CONFLICT (order_id) DO NOTHING RETURNING id`,
          [orderId, customerId],
        )
        const id = rows[0]?.id
        // In the same transaction: a refund is never written without its job, nor queued without its row.
        if (id) await queue.sendRefund(client, { refundId: id, orderId })
        return id
      })
      if (!refundId) {
        waybill.effect('none')
        return waybill.problem({
          status: 409,
          type: '/problems/already-requested',
          title: 'A refund of this order was requested before.',
        })
      }
      waybill.note({ refund: refundId })
      log.info({ refund: refundId, order: orderId }, 'refund requested')
      const order = await orderOf(pool, customerId, orderId)
      return context.json({ refund: order?.refund }, 202)
    })
    .get('/refunds/:id', async (context) => {
      const orders = await ordersOf(pool, context.get('customerId'))
      const refund = orders.find((order) => order.refund?.id === context.req.param('id'))?.refund
      return refund ? context.json({ refund }) : unknown('refund')
    })
}
