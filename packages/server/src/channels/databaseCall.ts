import { statementTarget } from './statementTarget.ts'

/** What a message of a database library's tracing channel says of a call; never a statement, a parameter, a key or a value. */
export interface DatabaseCall {
  /** OpenTelemetry's `db.system.name`. */
  readonly system: string
  /** `SELECT`, `GET`, `insertMany`. */
  readonly operation?: string | undefined
  /** Table, collection or procedure. */
  readonly collection?: string | undefined
  /** How many operations go in one call, if more can. */
  readonly batchSize?: number | undefined
  readonly namespace?: string | undefined
  readonly address?: string | undefined
  readonly port?: number | undefined
  /** Of the connection and not of the business, such as a health check. */
  readonly isUpkeep?: boolean | undefined
}

/** Of mysql2, and of mssql, whose messages do not say which server it is. */
export function sqlCall(system: string, message: Fields, statement: unknown): DatabaseCall {
  return { system, ...statementTarget(statement), ...placeOf(message) }
}

/** Of what names its operation and what it works on. */
export function namedCall(system: string, message: Fields, operation: unknown, collection: unknown): DatabaseCall {
  return { system, operation: name(operation), collection: name(collection), ...placeOf(message) }
}

/** Of ioredis and node-redis. A command in a pipeline of the latter is a part of its batch. */
export function redisCall(message: Fields): DatabaseCall {
  const { command, args, batchMode, batchSize } = message
  const isBatch = command === undefined && batchMode !== undefined && !Array.isArray(args)
  const operation = name(isBatch ? batchMode : (command ?? (Array.isArray(args) ? args[0] : undefined)))?.toUpperCase()
  return {
    system: 'redis',
    operation,
    batchSize: isBatch ? count(batchSize) : undefined,
    ...placeOf(message),
    isUpkeep: !isBatch && (!operation || REDIS_UPKEEP.has(operation) || batchMode !== undefined),
  }
}

const REDIS_UPKEEP: ReadonlySet<string> = new Set(
  'PING AUTH HELLO SELECT CLIENT INFO QUIT RESET COMMAND CONFIG CLUSTER READONLY READWRITE ASKING MULTI EXEC DISCARD WATCH UNWATCH'.split(
    ' ',
  ),
)

export type Fields = Readonly<Record<string, unknown>>

function placeOf({ database, serverAddress, serverPort }: Fields): Partial<DatabaseCall> {
  return { namespace: name(database), address: text(serverAddress), port: count(serverPort) }
}

/** A name of the program's own is short and plain; anything else may be somebody's. */
function name(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  const plain = typeof value === 'string' ? value.replace(/[[\]]/g, '') : ''
  return /^[\w$.:-]{1,100}$/.test(plain) ? plain : undefined
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value ? value.slice(0, 200) : undefined
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined
}
