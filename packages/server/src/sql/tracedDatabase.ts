import type { ServerWaybill } from '../ServerWaybill.ts'
import { createFailureLog } from './createFailureLog.ts'
import { createTransactions } from './createTransactions.ts'
import type { DatabaseOptions, TracedDatabase } from './createTransactions.ts'
import { quotedBy } from './quotedBy.ts'
import type { Queryable, SqlDialect } from './SqlDialect.ts'

/**
 * Transactions whose rows and audit rows know the reference, over a pool such as `pg`'s. Each is a step of the trail.
 *
 * ```ts
 * const database = tracedDatabase(waybill, pool)
 * await database.transaction('refund requested', (client) => client.query('insert into refunds …'))
 * ```
 */
export function tracedDatabase<C extends PooledClient>(
  waybill: ServerWaybill,
  pool: TransactionPool<C>,
  options: DatabaseOptions = {},
): TracedDatabase<C> {
  return createTransactions(waybill, {
    ...options,
    dialect: POSTGRES,
    async borrow() {
      const client = await pool.connect()
      // A connection that breaks between two statements says so by an event, and ends the process where nobody listens. The next
      // statement says it again.
      client.on('error', ignore)
      return client
    },
    giveBack(client, isBroken) {
      if (!isBroken) client.off('error', ignore)
      client.release(isBroken)
    },
  })
}

/**
 * Tells PostgreSQL the reference in force, until the end of the transaction the client is in; an empty one where no context
 * is in force. For those who begin transactions by other means than `tracedDatabase`: call it right after `begin`. Outside
 * of a transaction it has no effect; inside, it cannot leak into the pool, nor through PgBouncer's transaction pooling.
 */
export async function setReference(client: Queryable, waybill: ServerWaybill): Promise<void> {
  await client.query(setReferenceSql(waybill))
}

/** The statement that does it, for query builders that hide the client. */
export function setReferenceSql(waybill: ServerWaybill): string {
  return POSTGRES.setReference(waybill.current()?.reference)
}

export const quoted = quotedBy('"')

const POSTGRES: SqlDialect = {
  system: 'postgresql',
  begin: 'begin',
  // A reference has nothing to escape.
  setReference: (reference) => `select set_config('app.trace_reference', '${reference ?? ''}', true)`,
  quoted,
  parameter: (position) => `$${position}`,
}

export const recordFailure = createFailureLog(POSTGRES)

export interface TransactionPool<C extends PooledClient> {
  connect(): Promise<C>
}

interface PooledClient extends Queryable {
  release(destroy?: boolean): void
  on(event: 'error', listener: () => void): unknown
  off(event: 'error', listener: () => void): unknown
}

function ignore(): void {}
