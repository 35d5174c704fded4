import { guardAwaited } from '../guardAwaited.ts'
import type { ServerWaybill } from '../ServerWaybill.ts'
import { createFailureLog } from './createFailureLog.ts'
import type { Failure } from './createFailureLog.ts'
import type { Queryable, SqlDialect } from './SqlDialect.ts'

/** Transactions under the reference in force, over connections of whichever database. */
export function createTransactions<C extends Queryable>(
  waybill: ServerWaybill,
  { dialect, failures, borrow, giveBack }: TransactionOptions<C>,
): TracedDatabase<C> {
  const record = createFailureLog(dialect)

  async function transact<T>(name: string, fn: (client: C) => T | Promise<T>): Promise<T> {
    const client = await borrow()
    let isBroken = false
    let failure: Failure | undefined
    const undo = (text: string): Promise<unknown> => client.query(text).catch(() => (isBroken = true))
    try {
      await client.query(dialect.begin)
      await client.query(dialect.setReference(waybill.current()?.reference))
      const result = await fn(client)
      // PostgreSQL rolls back what a statement has failed in, and says so in one word only.
      if (Object(await client.query('commit')).command === 'ROLLBACK') throw rolledBack()
      return result
    } catch (error) {
      await undo('rollback')
      if (failures !== undefined) failure = { name, error, table: failures }
      throw error
    } finally {
      if (dialect.forgetReference) await undo(dialect.forgetReference)
      if (failure && !isBroken) await record(client, waybill, failure)
      // A connection that could not be cleaned may still hold the transaction and its reference: it must not be lent out again.
      giveBack(client, isBroken)
      if (failure && isBroken) await recordElsewhere(failure)
    }
  }

  const recordElsewhere = (failure: Failure): Promise<void> =>
    guardAwaited(waybill, async () => {
      const client = await borrow()
      await record(client, waybill, failure)
      giveBack(client, false)
    })

  return {
    transaction: (name, fn) =>
      waybill.run({ hop: 'database', name, attributes: { 'db.system.name': dialect.system } }, () =>
        transact(name, fn),
      ),
  }
}

export interface TransactionOptions<C> extends DatabaseOptions {
  readonly dialect: SqlDialect
  readonly borrow: () => Promise<C>
  /** A broken one is closed. */
  readonly giveBack: (client: C, isBroken: boolean) => void
}

export interface DatabaseOptions {
  /**
   * The table of `failureTableSql`, which gets a row for each transaction that fails: written after the rollback, with the transaction's
   * name, the class or code of the error, and the reference. @default none
   */
  readonly failures?: string | undefined
}

export interface TracedDatabase<C> {
  /** Does `fn` in one transaction, commits, and returns its result; rolls back and throws what it threw. */
  transaction<T>(name: string, fn: (client: C) => T | Promise<T>): Promise<T>
}

function rolledBack(): Error {
  const error = new Error(
    '[waybill] The transaction was rolled back and nothing of it is written, because a statement in it had failed and its error was caught. Let the error out, or put a savepoint around what may fail.',
  )
  // PostgreSQL's own code for any other statement in such a transaction.
  return Object.assign(error, { code: '25P02' })
}
