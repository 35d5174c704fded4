import { FAILURES } from './createFailureLog.ts'
import { quoted } from './tracedDatabase.ts'

/**
 * SQL that makes the audit table and its trigger function, once per database; running it again changes nothing. Each write to
 * an audited table then leaves a row with table, row id, operation, reference and time, and nothing of the row's contents.
 */
export function auditSql({ table = AUDIT }: AuditOptions = {}): string {
  const name = quoted(table)
  return `create table if not exists ${name} (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  table_name text not null,
  row_id text not null,
  operation text not null,
  reference text
);
create index if not exists ${quoted(`${last(table)}_reference`)} on ${name} (reference);
create or replace function ${functionOf(table)}() returns trigger language plpgsql as $waybill$
begin
  insert into ${name} (table_name, row_id, operation, reference) values (
    tg_table_name,
    coalesce(case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end ->> tg_argv[0], ''),
    lower(tg_op),
    nullif(current_setting('app.trace_reference', true), '')
  );
  return null;
end
$waybill$;`
}

/** SQL that has the writes to one table audited. */
export function auditTriggerSql({ on, id = 'id', table = AUDIT }: AuditTriggerOptions): string {
  return `create or replace trigger ${quoted(`${last(table)}_of_${last(on)}`)} after insert or update or delete on ${quoted(on)}
for each row execute function ${functionOf(table)}(${literal(id)});`
}

/** SQL that gives a table a column with the reference under which each row was inserted; null outside of traced work. */
export function referenceColumnSql({ on, column = 'reference' }: ReferenceColumnOptions): string {
  return `alter table ${quoted(on)} add column if not exists ${quoted(column)} text;
alter table ${quoted(on)} alter column ${quoted(column)} set default nullif(current_setting('app.trace_reference', true), '');`
}

/** SQL that makes the table for `recordFailure` and `tracedDatabase(…, { failures })`; running it again changes nothing. */
export function failureTableSql({ table = FAILURES }: FailureTableOptions = {}): string {
  return `create table if not exists ${quoted(table)} (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  name text not null,
  error_type text not null,
  reference text
);
create index if not exists ${quoted(`${last(table)}_reference`)} on ${quoted(table)} (reference);`
}

export interface AuditOptions {
  /** The audit table, with its schema if it is not on the search path: `shop.trace_audit`. @default 'trace_audit' */
  readonly table?: string | undefined
}

export interface FailureTableOptions {
  /** @default 'trace_failures' */
  readonly table?: string | undefined
}

export interface AuditTriggerOptions extends AuditOptions {
  /** The table to be audited, with its schema if need be. */
  readonly on: string
  /** The column that names a row. It is copied into the audit row, so it must not be an e-mail address. @default 'id' */
  readonly id?: string | undefined
}

export interface ReferenceColumnOptions {
  readonly on: string
  /** @default 'reference' */
  readonly column?: string | undefined
}

export const AUDIT = 'trace_audit'

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** The name of a table without its schema. */
export function last(name: string): string {
  return name.split('.').at(-1) ?? name
}

/** The trigger function stands in the audit table's schema and is named after it. */
function functionOf(table: string): string {
  return quoted(`${table}_write`)
}
