import { waybillMiddleware } from '@waybill/server/hono'
import { tracedDeliveries } from '@waybill/server/webhook'
import { Hono } from 'hono'
import { z } from 'zod'
import { SCHEMA } from '../database/schema.ts'
import type { Shop } from './Shop.ts'

const event = z.object({ event: z.literal('shipped'), orderId: z.string().max(40) })

/**
 * Where the carrier reports a parcel. It sends an order number and no reference, so the order's row says whose action this
 * is a part of; what is about no order of ours keeps the reference that it got at the edge.
 */
export function carrierWebhook({ pool, waybill, database, log }: Shop): Hono {
  const deliveries = tracedDeliveries(waybill, { from: 'carrier' })
  return new Hono().use(waybillMiddleware(waybill, { hop: 'webhook' })).post('/carrier', async (context) => {
    const parsed = event.safeParse(await context.req.json().catch(() => undefined))
    if (!parsed.success)
      return waybill.problem({ status: 422, type: '/problems/invalid', title: 'The event could not be read.' })
    const { orderId } = parsed.data
    const { rows } = await pool.query<{ trace_reference: string | null }>(
      `SELECT trace_reference FROM ${SCHEMA}.orders WHERE id = $1`,
      [orderId],
    )
    const [order] = rows
    if (!order) return waybill.problem({ status: 404, type: '/problems/unknown', title: 'There is no such order.' })
    await deliveries.received({ stored: () => order.trace_reference, facts: { order: orderId } })
    await database.transaction('write the shipment', (client) =>
      client.query(`UPDATE ${SCHEMA}.orders SET shipment = 'shipped' WHERE id = $1`, [orderId]),
    )
    log.info({ order: orderId }, 'parcel shipped')
    return context.json({}, 202)
  })
}
