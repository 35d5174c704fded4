import { randomInt } from 'node:crypto'
import { createMiddleware } from 'hono/factory'
import type { PoolClient } from 'pg'
import { SCHEMA } from '../database/schema.ts'
import { giveSampleOrders } from './sampleOrders.ts'
import type { Shop, ShopEnv } from './Shop.ts'
import { visitOf } from './visitOf.ts'

/**
 * Finds the customer of a visit by its cookie. A fresh visitor becomes a sample customer with a few orders, so that there is
 * something to refund without signing up first.
 */
export function withCustomer({ pool, database, waybill }: Shop) {
  return createMiddleware<ShopEnv>(async (context, next) => {
    const visit = visitOf(context)
    const known = await pool.query<{ id: string }>(`SELECT id FROM ${SCHEMA}.customers WHERE visit = $1`, [visit])
    const id =
      known.rows[0]?.id ?? (await database.transaction('greet a new visitor', (client) => newCustomer(client, visit)))
    context.set('customerId', id)
    waybill.identify(id)
    await next()
  })
}

const NAMES = ['Mara', 'Jonas', 'Aiko', 'Tomás', 'Leila', 'Wim', 'Nadia', 'Oskar']

async function newCustomer(client: PoolClient, visit: string): Promise<string> {
  // Two first calls of one visit may come at once; the second waits here and finds the first one's customer.
  const { rows } = await client.query<{ id: string; fresh: boolean }>(
    `INSERT INTO ${SCHEMA}.customers AS c (visit, name) VALUES ($1, $2)
     ON CONFLICT (visit) DO UPDATE SET visit = excluded.visit RETURNING c.id, (xmax = 0) AS fresh`,
    [visit, NAMES[randomInt(NAMES.length)]],
  )
  const customer = rows[0]
  if (!customer) throw new Error('The database did not answer with the new customer.')
  if (customer.fresh) await giveSampleOrders(client, customer.id)
  return customer.id
}
