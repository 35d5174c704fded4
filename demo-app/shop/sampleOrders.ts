import type { PoolClient } from 'pg'
import { SCHEMA } from '../database/schema.ts'
import { placeOrder } from './Order.ts'
import { PRODUCTS } from './products.ts'

/** Gives a new visitor a past, so that there is something to refund without buying first. */
export async function giveSampleOrders(client: PoolClient, customerId: string): Promise<void> {
  await placeSample(client, { customerId, products: ['ink', 'pencils'], charges: 1, daysAgo: 41 })
  await placeSample(client, { customerId, products: ['notebook', 'fountain-pen'], charges: 2, daysAgo: 2 })
}

/** Sees to it that a customer has an order that was charged twice and not refunded yet: the story can be told again and again. */
export async function keepOneDoubleCharge(client: PoolClient, customerId: string): Promise<void> {
  // Two calls of one visit may come at once; the second waits here and then finds the first one's order.
  await client.query(`SELECT 1 FROM ${SCHEMA}.customers WHERE id = $1 FOR UPDATE`, [customerId])
  const { rows } = await client.query(
    `SELECT 1 FROM ${SCHEMA}.orders o WHERE customer_id = $1
       AND NOT EXISTS (SELECT 1 FROM ${SCHEMA}.refunds r WHERE r.order_id = o.id)
       AND (SELECT count(*) FROM ${SCHEMA}.charges c WHERE c.order_id = o.id) > 1 LIMIT 1`,
    [customerId],
  )
  if (rows.length > 0) return
  await placeSample(client, { customerId, products: ['letter-set', 'tape'], charges: 2, daysAgo: 0 })
}

interface SampleOrder {
  readonly customerId: string
  readonly products: readonly string[]
  readonly charges: number
  readonly daysAgo: number
}

async function placeSample(client: PoolClient, { customerId, products, charges, daysAgo }: SampleOrder): Promise<void> {
  const items = PRODUCTS.filter(({ id }) => products.includes(id)).map(({ name, priceCents }) => ({
    name,
    priceCents,
    quantity: 1,
  }))
  const placedAt = new Date(Date.now() - daysAgo * 86_400_000)
  const id = await placeOrder(client, { customerId, items, charges, placedAt })
  // Nobody placed it, so it is no part of the visit's trail.
  await client.query(`UPDATE ${SCHEMA}.orders SET trace_reference = NULL WHERE id = $1`, [id])
}
