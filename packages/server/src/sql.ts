export { auditSql, auditTriggerSql, referenceColumnSql } from './auditSql.ts'
export type { AuditOptions, AuditTriggerOptions, ReferenceColumnOptions } from './auditSql.ts'
export { setReference, tracedDatabase } from './tracedDatabase.ts'
export type { Queryable, TracedDatabase, TransactionPool } from './tracedDatabase.ts'
