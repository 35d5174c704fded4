import type { Reference } from '@waybill/reference'

/** Where databases differ in what is said to them. */
export interface SqlDialect {
  /** OpenTelemetry's `db.system.name`. */
  readonly system: 'postgresql' | 'mysql'
  readonly begin: string
  /** Tells the session the reference that triggers and defaults read; none where none is in force. */
  readonly setReference: (reference: Reference | undefined) => string
  /** Takes it back, where the end of the transaction does not. */
  readonly forgetReference?: string | undefined
  /** A name of a table or column, with its schema if it has one. */
  readonly quoted: (name: string) => string
  /** The placeholder of a parameter, counted from 1. */
  readonly parameter: (position: number) => string
}

/** Enough of a database client: those of `pg` and `mysql2/promise` have it. */
export interface Queryable {
  query(text: string, values?: unknown[]): Promise<unknown>
}
