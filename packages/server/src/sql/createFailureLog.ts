import { guardAwaited } from '../guardAwaited.ts'
import { errorTypeOf } from '../step/errorType.ts'
import type { ServerWaybill } from '../ServerWaybill.ts'
import type { Queryable, SqlDialect } from './SqlDialect.ts'

/**
 * Writes error events into the table of `failureTableSql`. Of the error there stands its class or code, never its message or
 * `detail`, which quote what a customer wrote. A write that fails goes to `onError` and is not thrown.
 */
export function createFailureLog({ quoted, parameter }: SqlDialect): RecordFailure {
  return async (client, waybill, { name, error, table = FAILURES }) => {
    const values = [name.slice(0, 200), errorTypeOf(error), waybill.current()?.reference ?? null]
    const places = values.map((_, i) => parameter(i + 1)).join(', ')
    const insert = `insert into ${quoted(table)} (name, error_type, reference) values (${places})`
    await guardAwaited(waybill, () => client.query(insert, values))
  }
}

/**
 * Writes that something failed, under the reference in force. Call it outside of the transaction that failed, or its rollback takes the
 * row along.
 */
export type RecordFailure = (client: Queryable, waybill: ServerWaybill, failure: Failure) => Promise<void>

export interface Failure {
  /** What failed, in few and constant words, free of user content. At most 200 characters. */
  readonly name: string
  readonly error: unknown
  /** @default 'trace_failures' */
  readonly table?: string | undefined
}

export const FAILURES = 'trace_failures'
