import type { ServerWaybill } from '@waybill/server'
import type { TracedDatabase } from '@waybill/server/sql'
import type { Pool, PoolClient } from 'pg'
import type { Logger } from 'pino'
import type { Queue } from '../queue/Queue.ts'

/** What the shop's routes are given. */
export interface Shop {
  readonly waybill: ServerWaybill
  readonly pool: Pool
  /** Transactions whose rows carry the reference in force. */
  readonly database: TracedDatabase<PoolClient>
  readonly log: Logger
  readonly deskUrl: string
  /** Where the shop itself listens; known once it does. */
  readonly shopUrl: () => string
  readonly queue: Pick<Queue, 'sendRefund' | 'sendNightlySync'>
}

/** What Hono's context holds once `withCustomer` found whose visit it is. */
export interface ShopEnv {
  readonly Variables: { readonly customerId: string }
}
