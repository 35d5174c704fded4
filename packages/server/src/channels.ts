import { tracingChannel } from 'node:diagnostics_channel'
import { traceModels } from './ai.ts'
import { namedCall, redisCall, sqlCall } from './channels/databaseCall.ts'
import type { DatabaseCall, Fields } from './channels/databaseCall.ts'
import { traceCalls } from './channels/traceCalls.ts'
import { fastifyExchange, h3Exchange, srvxExchange, traceRequests } from './channels/traceRequests.ts'
import type { TraceContext } from './context/TraceContext.ts'
import type { NodeExchange } from './http/serveNode.ts'
import type { ServerWaybill } from './ServerWaybill.ts'

/**
 * Records what libraries tell of themselves over Node's tracing channels: requests that fastify, h3 and Nitro serve, calls of mysql2,
 * ioredis 6, node-redis 6, mssql and mongoose, and the AI SDK's calls as `traceModels` does. Nothing is wrapped or loaded, and where a
 * library is not there nothing happens. Of a database call are told operation, table and server; never a statement, a parameter, a
 * key or a value. Returns its stop.
 */
export function traceChannels(waybill: ServerWaybill, options: ChannelOptions = {}): () => void {
  const { libraries = LIBRARIES, mostCalls = 20 } = options
  const told = new WeakMap<TraceContext, number>()
  const rowsOf = <T>(table: Readonly<Record<string, T>>): (readonly [string, T])[] =>
    Object.entries(table).filter(([channel]) => libraries.some((library) => library === channel.split(/[.:]/, 1)[0]))
  const stops = [
    ...rowsOf(REQUESTS).map(([channel, exchangeOf]) => traceRequests(waybill, channel, exchangeOf)),
    ...rowsOf(CALLS).map(([channel, callOf]) => traceCalls(waybill, channel, { callOf, told, mostCalls })),
    ...(libraries.includes('ioredis') ? [leaveContext(waybill, 'ioredis:connect')] : []),
    ...(libraries.includes('ai') ? [traceModels(waybill)] : []),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

export interface ChannelOptions {
  /** Those that are listened to; without `ai` where `traceModels` is used by itself. @default all */
  readonly libraries?: readonly Library[] | undefined
  /**
   * How many database calls of each step are told. One more says that there were others; calls that fail or take a second are told
   * beyond it. @default 20
   */
  readonly mostCalls?: number | undefined
}

export type Library = (typeof LIBRARIES)[number]

const LIBRARIES = ['fastify', 'h3', 'srvx', 'mysql2', 'ioredis', 'node-redis', 'mssql', 'mongoose', 'ai'] as const

/** Channels of frameworks: what the request and its answer are. Those of h3, Nitro and srvx tell with their `tracingPlugin` only. */
const REQUESTS: Readonly<Record<string, (message: Fields) => NodeExchange | undefined>> = {
  'fastify.request.handler': fastifyExchange,
  'h3.request': h3Exchange,
  'srvx.request': srvxExchange,
  'srvx.middleware': srvxExchange,
}

/** Channels of databases: what is called there. */
const CALLS: Readonly<Record<string, (message: Fields) => DatabaseCall>> = {
  'mysql2:query': (message) => sqlCall('mysql', message, message['query']),
  'mysql2:execute': (message) => sqlCall('mysql', message, message['query']),
  'mysql2:pool:connect': (message) => connecting('mysql', message),
  'ioredis:command': redisCall,
  'ioredis:batch': redisCall,
  'node-redis:command': redisCall,
  'node-redis:batch': redisCall,
  'mssql:query': (message) => sqlCall(SQL_SERVER, message, message['command']),
  'mssql:batch': (message) => sqlCall(SQL_SERVER, message, message['command']),
  'mssql:prepared-statement:execute': (message) => sqlCall(SQL_SERVER, message, message['statement']),
  'mssql:execute': (message) => namedCall(SQL_SERVER, message, 'EXECUTE', message['procedure']),
  'mssql:bulk': (message) => namedCall(SQL_SERVER, message, 'INSERT', message['table']),
  'mssql:pool:acquire': (message) => connecting(SQL_SERVER, message),
  'mongoose:query': mongooseCall,
  'mongoose:aggregate': mongooseCall,
  'mongoose:model:save': mongooseCall,
  'mongoose:model:insertMany': mongooseCall,
  'mongoose:model:bulkWrite': mongooseCall,
}

const SQL_SERVER = 'microsoft.sql_server'

function mongooseCall(message: Fields): DatabaseCall {
  return namedCall('mongodb', message, message['operation'], message['collection'])
}

/** To wait for a connection of a pool is worth telling where it is long or in vain. */
function connecting(system: string, message: Fields): DatabaseCall {
  return { ...namedCall(system, message, 'connect', undefined), isUpkeep: true }
}

/** Commands that had to wait for a connection are told when it opens, in the context of whoever opened it: then they are nobody's. */
function leaveContext(waybill: ServerWaybill, channelName: string): () => void {
  const { start } = tracingChannel<TraceContext | undefined>(channelName)
  start.bindStore(waybill.storage, () => undefined)
  return () => void start.unbindStore(waybill.storage)
}
