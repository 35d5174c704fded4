import type { ServerWaybill } from './ServerWaybill.ts'

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
): TracedDatabase<C> {
  return {
    transaction: (name, fn) =>
      waybill.run({ hop: 'database', name, attributes: { 'db.system.name': 'postgresql' } }, async () => {
        const client = await pool.connect()
        let broken = false
        try {
          await client.query('begin')
          await setReference(client, waybill)
          const result = await fn(client)
          await client.query('commit')
          return result
        } catch (error) {
          await client.query('rollback').catch(() => (broken = true))
          throw error
        } finally {
          // A connection that could not roll back may still hold the transaction: it must not be lent out again.
          client.release(broken)
        }
      }),
  }
}

/**
 * Tells PostgreSQL the reference in force, until the end of the transaction the client is in; an empty one where no context
 * is in force. For those who begin transactions by other means than `tracedDatabase`: call it right after `begin`. Outside
 * of a transaction it has no effect; inside, it cannot leak into the pool, nor through PgBouncer's transaction pooling.
 */
export async function setReference(client: Queryable, waybill: ServerWaybill): Promise<void> {
  await client.query("select set_config('app.trace_reference', $1, true)", [waybill.current()?.reference ?? ''])
}

export interface TracedDatabase<C extends PooledClient> {
  /** Does `fn` in one transaction, commits, and returns its result; rolls back and throws what it threw. */
  transaction<T>(name: string, fn: (client: C) => T | Promise<T>): Promise<T>
}

export interface TransactionPool<C extends PooledClient> {
  connect(): Promise<C>
}

/** Enough of a database client: `pg`'s has it. */
export interface Queryable {
  query(text: string, values?: unknown[]): Promise<unknown>
}

interface PooledClient extends Queryable {
  release(destroy?: boolean): void
}
