import { randomBytes, randomInt } from 'node:crypto'
import { getCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import type { PoolClient } from 'pg'
import { SCHEMA } from '../database/schema.ts'
import { placeOrder } from './Order.ts'
import { PRODUCTS } from './products.ts'
import type { Shop, ShopEnv } from './Shop.ts'

/**
 * Finds the customer of a visit by its cookie. A fresh visitor becomes a sample customer with a few orders, so that there is
 * something to refund without signing up first.
 */
export function withCustomer({ pool, inTransaction, waybill }: Shop) {
  return createMiddleware<ShopEnv>(async (context, next) => {
    const visit = getCookie(context, 'visit') ?? randomBytes(18).toString('base64url')
    const known = await pool.query<{ id: string }>(`SELECT id FROM ${SCHEMA}.customers WHERE visit = $1`, [visit])
    const id = known.rows[0]?.id ?? (await inTransaction('greet a new visitor', (client) => newCustomer(client, visit)))
    setCookie(context, 'visit', visit, { httpOnly: true, sameSite: 'Lax', path: '/', maxAge: 30 * 24 * 3600 })
    context.set('customerId', id)
    waybill.identify(id)
    await next()
  })
}

const NAMES = ['Mara', 'Jonas', 'Aiko', 'Tomás', 'Leila', 'Wim', 'Nadia', 'Oskar']
const DAY_MS = 86_400_000

async function newCustomer(client: PoolClient, visit: string): Promise<string> {
  // Two first calls of one visit may come at once; the second waits here and finds the first one's customer.
  const { rows } = await client.query<{ id: string; fresh: boolean }>(
    `INSERT INTO ${SCHEMA}.customers AS c (visit, name) VALUES ($1, $2)
     ON CONFLICT (visit) DO UPDATE SET visit = excluded.visit RETURNING c.id, (xmax = 0) AS fresh`,
    [visit, NAMES[randomInt(NAMES.length)]],
  )
  const customer = rows[0]
  if (!customer) throw new Error('The database did not answer with the new customer.')
  if (customer.fresh) {
    await placeOrder(client, { customerId: customer.id, items: pick('ink', 'pencils'), placedAt: daysAgo(41) })
    await placeOrder(client, {
      customerId: customer.id,
      items: pick('notebook', 'fountain-pen'),
      charges: 2,
      placedAt: daysAgo(2),
    })
  }
  return customer.id
}

/** Sees to it that a customer has an order that was charged twice and not refunded yet: the demo's story can be told again and again. */
export async function keepOneDoubleCharge(client: PoolClient, customerId: string): Promise<void> {
  const { rows } = await client.query(
    `SELECT 1 FROM ${SCHEMA}.orders o WHERE customer_id = $1
       AND NOT EXISTS (SELECT 1 FROM ${SCHEMA}.refunds r WHERE r.order_id = o.id)
       AND (SELECT count(*) FROM ${SCHEMA}.charges c WHERE c.order_id = o.id) > 1 LIMIT 1`,
    [customerId],
  )
  if (rows.length === 0) await placeOrder(client, { customerId, items: pick('letter-set', 'tape'), charges: 2 })
}

function daysAgo(days: number): Date {
  return new Date(Date.now() - days * DAY_MS)
}

function pick(...ids: readonly string[]) {
  return PRODUCTS.filter(({ id }) => ids.includes(id)).map(({ name, priceCents }) => ({
    name,
    priceCents,
    quantity: 1,
  }))
}
