import { createFailureLog } from '../sql/createFailureLog.ts'
import { createTransactions } from '../sql/createTransactions.ts'
import type { DatabaseOptions, TracedDatabase } from '../sql/createTransactions.ts'
import { quotedBy } from '../sql/quotedBy.ts'
import type { Queryable, SqlDialect } from '../sql/SqlDialect.ts'
import type { ServerWaybill } from '../ServerWaybill.ts'

/**
 * Transactions whose rows and audit rows know the reference, over a pool of `mysql2/promise` on MariaDB or MySQL. Each is a step of the
 * trail. The reference stands in the session's variable `@trace_reference`, which is empty again before the pool gets the connection
 * back; a connection that will not forget it is closed.
 *
 * ```ts
 * const database = tracedDatabase(waybill, pool)
 * await database.transaction('refund requested', (connection) => connection.query('insert into refunds …'))
 * ```
 */
export function tracedDatabase<C extends PooledConnection>(
  waybill: ServerWaybill,
  pool: TransactionPool<C>,
  options: DatabaseOptions = {},
): TracedDatabase<C> {
  return createTransactions(waybill, {
    ...options,
    dialect: MYSQL,
    borrow: () => pool.getConnection(),
    giveBack: (connection, isBroken) => (isBroken ? connection.destroy() : connection.release()),
  })
}

/**
 * Does `fn` while the session knows the reference in force, and has it forgotten afterwards: for those who begin transactions by other
 * means than `tracedDatabase`. Call it within the transaction; `execute` has to speak to the transaction's own connection.
 *
 * ```ts
 * db.transaction((tx) => underReference(waybill, (text) => tx.execute(sql.raw(text)), () => tx.insert(refunds).values(refund)))
 * ```
 */
export async function underReference<T>(
  waybill: ServerWaybill,
  execute: (statement: string) => Promise<unknown>,
  fn: () => T | Promise<T>,
): Promise<T> {
  let result: T
  try {
    await execute(MYSQL.setReference(waybill.current()?.reference))
    result = await fn()
  } catch (error) {
    // What failed first is what counts.
    await execute(FORGET).catch(() => undefined)
    throw error
  }
  await execute(FORGET)
  return result
}

export const quoted = quotedBy('`')

const FORGET = 'set @trace_reference = null'

const MYSQL: SqlDialect = {
  system: 'mysql',
  begin: 'start transaction',
  // A reference has nothing to escape.
  setReference: (reference) => (reference ? `set @trace_reference = '${reference}'` : FORGET),
  forgetReference: FORGET,
  quoted,
  parameter: () => '?',
}

export const recordFailure = createFailureLog(MYSQL)

export interface TransactionPool<C extends PooledConnection> {
  getConnection(): Promise<C>
}

interface PooledConnection extends Queryable {
  release(): void
  destroy(): void
}
