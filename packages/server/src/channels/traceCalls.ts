import { tracingChannel } from 'node:diagnostics_channel'
import type { OpenStep } from '../step/openStep.ts'
import type { ServerWaybill } from '../ServerWaybill.ts'
import type { TraceContext } from '../context/TraceContext.ts'
import type { DatabaseCall, Fields } from './databaseCall.ts'

/**
 * Makes steps of the database calls that a channel tells of. Only those inside of a context, and of one step's calls only the first
 * `mostCalls`, besides those that fail or are slow. What the library calls back runs in the context in which it was called.
 */
export function traceCalls(
  waybill: ServerWaybill,
  channelName: string,
  { callOf, told, mostCalls }: CallOptions,
): () => void {
  const channel = tracingChannel<TraceContext | undefined, object>(channelName)
  const calls = new WeakMap<object, OpenCall>()

  const begin = (message: Fields): void => {
    const own = waybill.storage.getStore()
    const context = waybill.current()
    if (!context) return
    const call = callOf(message)
    const { isUpkeep = false } = call
    calls.set(message, { own, context, isUpkeep, at: performance.now(), step: open(call), isSettled: false })
  }
  const open = ({ system, operation, collection, batchSize, namespace, address, port }: DatabaseCall): OpenStep =>
    waybill.begin({
      hop: 'database',
      name: [operation ?? 'query', collection].filter(Boolean).join(' '),
      attributes: {
        'db.system.name': system,
        'db.operation.name': operation,
        'db.collection.name': collection,
        'db.operation.batch.size': batchSize,
        'db.namespace': namespace,
        'server.address': address,
        'server.port': port,
      },
    })
  /** A step that is not ended is not told. */
  const settle = (message: object): void => {
    const call = calls.get(message)
    if (!call || call.isSettled) return
    call.isSettled = true
    const { error }: { error?: unknown } = message
    if (error !== undefined) return call.step.end(error)
    if (performance.now() - call.at >= SLOW_MS) return call.step.end()
    if (call.isUpkeep) return
    const count = (told.get(call.context) ?? 0) + 1
    told.set(call.context, count)
    if (count <= mostCalls) return call.step.end()
    if (count > mostCalls + 1) return
    waybill.resume(call.context, () =>
      waybill.begin({ hop: 'database', name: 'further calls, which are not told one by one' }).end(),
    )
  }
  const onStart = (message: unknown): void => {
    waybill.guard(() => begin(Object(message)))
  }
  const onError = (message: unknown): void => {
    waybill.guard(() => settle(Object(message)))
  }
  const onEnd = (message: unknown): void => {
    onError(message)
    // Not left to the garbage collector, which is slow at it where calls are many.
    calls.delete(Object(message))
  }

  channel.start.subscribe(onStart)
  channel.error.subscribe(onError)
  // A callback comes from the connection, which may be another request's.
  channel.asyncStart.bindStore(waybill.storage, (message) =>
    calls.has(message) ? calls.get(message)?.own : waybill.storage.getStore(),
  )
  channel.asyncEnd.subscribe(onEnd)
  return () => {
    channel.start.unsubscribe(onStart)
    channel.error.unsubscribe(onError)
    channel.asyncStart.unbindStore(waybill.storage)
    channel.asyncEnd.unsubscribe(onEnd)
  }
}

export interface CallOptions {
  readonly callOf: (message: Fields) => DatabaseCall
  /** How many calls of each step are told already. */
  readonly told: WeakMap<TraceContext, number>
  readonly mostCalls: number
}

interface OpenCall {
  /** Put in force by the waybill; none beside another tracer's span. */
  readonly own: TraceContext | undefined
  readonly context: TraceContext
  readonly isUpkeep: boolean
  readonly at: number
  readonly step: OpenStep
  isSettled: boolean
}

/** What takes a second, somebody waited for. */
const SLOW_MS = 1000
