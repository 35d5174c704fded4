import type { ServerWaybill } from '@waybill/server'
import type { Context } from 'hono'
import type { Pool, PoolClient } from 'pg'
import type { Logger } from 'pino'

/** What the shop's routes are given. */
export interface Shop {
  readonly waybill: ServerWaybill
  readonly pool: Pool
  readonly log: Logger
  readonly deskUrl: string
  /** Runs `fn` in one database transaction whose rows carry the reference in force; the step is shown as `name`. */
  inTransaction<T>(name: string, fn: (client: PoolClient) => Promise<T>): Promise<T>
  /** Queues a refund for the worker, in the caller's transaction. */
  queueRefund(client: PoolClient, refund: { refundId: string; orderId: string }): Promise<void>
  queueNightlySync(): Promise<void>
}

/** Hono's context with the customer that `withCustomer` found. */
export type ShopContext = Context<ShopEnv>

export interface ShopEnv {
  readonly Variables: { readonly customerId: string }
}
