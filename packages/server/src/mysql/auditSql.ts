import { AUDIT, last } from '../sql/auditSql.ts'
import type { AuditOptions, AuditTriggerOptions, FailureTableOptions, ReferenceColumnOptions } from '../sql/auditSql.ts'
import { FAILURES } from '../sql/createFailureLog.ts'
import { quoted } from './tracedDatabase.ts'

/**
 * Statements that make the audit table, once per database; running them again changes nothing. It holds of each write to an audited
 * table: table, row id, operation, reference and time, and nothing of the row's contents. All here are lists, because these databases
 * take one statement at a time. For MariaDB 10.6 and MySQL 8.0.29 upwards.
 */
export function auditSql({ table = AUDIT }: AuditOptions = {}): readonly string[] {
  return [
    `create table if not exists ${quoted(table)} (
  id bigint not null auto_increment primary key,
  at timestamp(6) not null default current_timestamp(6),
  table_name varchar(64) not null,
  row_id varchar(255) not null,
  operation varchar(6) not null,
  reference varchar(16),
  index (reference)
)`,
  ]
}

/** Statements that have the writes to one table audited. Writes by a foreign key's `cascade` set off no trigger in these databases. */
export function auditTriggerSql({ on, id = 'id', table = AUDIT }: AuditTriggerOptions): readonly string[] {
  return OPERATIONS.map(({ operation, row }) => {
    const trigger = siblingOf(on, `${last(table)}_of_${last(on)}_${operation}`)
    // What is too long for the audit row must not fail the application's own.
    return `create trigger if not exists ${trigger} after ${operation} on ${quoted(on)} for each row
insert into ${quoted(table)} (table_name, row_id, operation, reference)
values (${literal(last(on))}, coalesce(left(${row}.${quoted(id)}, 255), ''), '${operation}', @trace_reference)`
  })
}

/**
 * Statements that give a table a column with the reference under which each row was inserted; null outside of traced work. In MySQL,
 * unlike in MariaDB, the first of them fails where the column is there already.
 */
export function referenceColumnSql({ on, column = 'reference' }: ReferenceColumnOptions): readonly string[] {
  const name = quoted(column)
  return [
    // A comment to MySQL, which does not know the words.
    `alter table ${quoted(on)} add column /*M! if not exists */ ${name} varchar(16)`,
    // By a trigger, because a column's default may not read variables.
    `create trigger if not exists ${siblingOf(on, `${last(on)}_${column}`)} before insert on ${quoted(on)} for each row
set new.${name} = coalesce(new.${name}, @trace_reference)`,
  ]
}

/** Statements that make the table for `recordFailure` and `tracedDatabase(…, { failures })`; running them again changes nothing. */
export function failureTableSql({ table = FAILURES }: FailureTableOptions = {}): readonly string[] {
  return [
    `create table if not exists ${quoted(table)} (
  id bigint not null auto_increment primary key,
  at timestamp(6) not null default current_timestamp(6),
  name varchar(200) not null,
  error_type varchar(80) not null,
  reference varchar(16),
  index (reference)
)`,
  ]
}

const OPERATIONS = [
  { operation: 'insert', row: 'new' },
  { operation: 'update', row: 'new' },
  { operation: 'delete', row: 'old' },
] as const

/** A trigger stands in the database of its table. */
function siblingOf(table: string, trigger: string): string {
  return quoted([...table.split('.').slice(0, -1), trigger].join('.'))
}

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}
