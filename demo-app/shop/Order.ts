import type { Pool, PoolClient } from 'pg'
import { SCHEMA } from '../database/schema.ts'

export interface Order {
  readonly id: string
  readonly placedAt: string
  readonly items: readonly OrderItem[]
  readonly totalCents: number
  readonly charges: readonly { readonly id: string; readonly at: string; readonly amountCents: number }[]
  /** The reference of the checkout that placed the order; null for the sample orders, which nobody placed. */
  readonly reference: string | null
  readonly refund: Refund | null
  readonly shipment: 'preparing' | 'shipped'
  readonly synced: boolean
}

export interface OrderItem {
  readonly name: string
  readonly quantity: number
  readonly priceCents: number
}

export interface Refund {
  readonly id: string
  readonly orderId: string
  readonly amountCents: number
  readonly status: 'pending review' | 'refunded'
  /** Whether the automatic review has given up and a person has to decide. */
  readonly handedOver: boolean
  readonly requestedAt: string
  readonly reference: string | null
}

type Database = Pick<Pool | PoolClient, 'query'>

/** A customer's orders with charges and refund, newest first. */
export function ordersOf(database: Database, customerId: string): Promise<Order[]> {
  return select(database, 'o.customer_id = $1', [customerId])
}

/** One order of this customer's; somebody else's is as unknown as one that does not exist. */
export async function orderOf(database: Database, customerId: string, orderId: string): Promise<Order | undefined> {
  return (await select(database, 'o.customer_id = $1 AND o.id = $2', [customerId, orderId]))[0]
}

/** Writes an order with one charge, or two for the mistake that the demo is about. Gives the new order's number. */
export async function placeOrder(
  database: Database,
  { customerId, items, charges = 1, placedAt = new Date() }: NewOrder,
): Promise<string> {
  const totalCents = items.reduce((sum, item) => sum + item.priceCents * item.quantity, 0)
  const { rows } = await database.query<{ id: string }>(
    `INSERT INTO ${SCHEMA}.orders (customer_id, items, total_cents, placed_at) VALUES ($1, $2, $3, $4) RETURNING id`,
    [customerId, JSON.stringify(items), totalCents, placedAt],
  )
  const id = rows[0]?.id ?? ''
  for (let charge = 0; charge < charges; charge++) {
    const at = new Date(placedAt.getTime() + charge * 4_000)
    await database.query(`INSERT INTO ${SCHEMA}.charges (order_id, amount_cents, at) VALUES ($1, $2, $3)`, [
      id,
      totalCents,
      at,
    ])
  }
  return id
}

export interface NewOrder {
  readonly customerId: string
  readonly items: readonly OrderItem[]
  /** @default 1 */
  readonly charges?: number
  /** @default now */
  readonly placedAt?: Date
}

async function select(database: Database, condition: string, values: readonly string[]): Promise<Order[]> {
  const { rows } = await database.query<OrderRow>(
    `SELECT o.id, o.placed_at, o.items, o.total_cents, o.shipment, o.synced_at, o.trace_reference,
       (SELECT coalesce(json_agg(json_build_object('id', c.id, 'at', c.at, 'amountCents', c.amount_cents) ORDER BY c.at), '[]')
          FROM ${SCHEMA}.charges c WHERE c.order_id = o.id) AS charges,
       (SELECT json_build_object('id', r.id, 'orderId', r.order_id, 'amountCents', r.amount_cents, 'status', r.status,
          'handedOver', r.handed_over, 'requestedAt', r.requested_at, 'reference', r.trace_reference)
          FROM ${SCHEMA}.refunds r WHERE r.order_id = o.id) AS refund
     FROM ${SCHEMA}.orders o WHERE ${condition} ORDER BY o.placed_at DESC, o.id DESC LIMIT 100`,
    [...values],
  )
  return rows.map((row) => ({
    id: row.id,
    placedAt: row.placed_at.toISOString(),
    items: row.items,
    totalCents: row.total_cents,
    charges: row.charges,
    reference: row.trace_reference,
    refund: row.refund,
    shipment: row.shipment,
    synced: row.synced_at !== null,
  }))
}

interface OrderRow {
  readonly id: string
  readonly placed_at: Date
  readonly items: readonly OrderItem[]
  readonly total_cents: number
  readonly shipment: 'preparing' | 'shipped'
  readonly synced_at: Date | null
  readonly trace_reference: string | null
  readonly charges: Order['charges']
  readonly refund: Refund | null
}
