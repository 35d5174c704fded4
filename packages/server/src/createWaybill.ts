import { AsyncLocalStorage } from 'node:async_hooks'
import type { ReferenceLength } from '@waybill/reference'
import type { Step } from '@waybill/trail'
import { acceptClaim, freshContext } from './context/acceptClaim.ts'
import { createClock } from './step/createClock.ts'
import { createReporter } from './report/createReporter.ts'
import type { Reporter } from './report/createReporter.ts'
import { handleFetch } from './http/handleFetch.ts'
import { injectContext } from './context/injectContext.ts'
import { asThrown } from './step/errorType.ts'
import { openStep, stepOf } from './step/openStep.ts'
import type { OpenStep } from './step/openStep.ts'
import { problemResponse } from './http/problem.ts'
import type { OtherTracer } from './context/OtherTracer.ts'
import type { ServerWaybill } from './ServerWaybill.ts'
import type { TraceContext } from './context/TraceContext.ts'

/**
 * The one object a service needs: it knows which customer's reference the code runs under, records steps, and reports them
 * to the desk. Nothing is patched and nothing runs until it is used; `stop` ends what it started.
 *
 * ```ts
 * const waybill = createWaybill({ service: 'shop-api', deliverTo: 'https://desk.shop.example', key })
 * ```
 *
 * @throws TypeError when the set-up cannot work: no service name, or an address of the desk that is none.
 */
export function createWaybill(options: WaybillOptions): ServerWaybill {
  const { service, namespace, length, deliverTo, beside, onStep, onError } = options
  if (!service) {
    throw new TypeError(
      '[waybill] A service needs a name, which support reads in the trail. Pass { service: "shop-api" }.',
    )
  }
  const storage = new AsyncLocalStorage<TraceContext | undefined>()
  const now = createClock()
  const fault = (error: unknown): void => {
    try {
      onError?.(error)
    } catch {
      // Whoever listens to our faults must not break the host either.
    }
  }
  const startReporter = (): Reporter | undefined =>
    deliverTo === undefined ? undefined : createReporter({ ...options, deliverTo, onFault: fault })
  // It keeps to the context in which it is created.
  const reporter = beside ? beside.untraced(startReporter) : startReporter()
  const record = (step: Step): void => {
    // Outside of any context: what a listener does is no part of the step.
    if (onStep) storage.run(undefined, () => waybill.guard(() => onStep(step)))
    waybill.guard(() => reporter?.record(step))
  }
  const isKept = onStep !== undefined || reporter !== undefined
  const current = (): TraceContext | undefined => {
    const own = storage.getStore()
    return beside ? beside.current(own) : own
  }
  const inForce = (): OpenStep | undefined => {
    const context = storage.getStore()
    return context && stepOf(context)
  }

  const waybill: ServerWaybill = {
    storage,
    current,
    resume: (context, fn) => storage.run(context, fn),
    bind(fn) {
      const context = storage.getStore()
      return (...args) => storage.run(context, () => fn(...args))
    },
    mint: ({ random } = {}) => freshContext({ namespace, length, random }),
    accept(carrier, { random } = {}) {
      const context = acceptClaim(carrier, { namespace, length, random, beside })
      beside?.entered(context)
      return context
    },
    inject(carrier) {
      const context = current()
      return context ? injectContext(context, carrier) : carrier
    },
    begin(begun) {
      const parent = begun.parent ?? current() ?? waybill.mint()
      const step = openStep(begun, { parent, service, now, record: isKept ? record : undefined, onError: fault })
      beside?.entered(step.context)
      return step
    },
    async run(begun, fn) {
      const step = waybill.begin(begun)
      try {
        // Asynchronous, because a query builder's promise begins its work only when it is awaited, which has to be in here.
        const result = await storage.run(step.context, async () => fn(step))
        step.end()
        return result
      } catch (error) {
        step.end(asThrown(error))
        throw error
      }
    },
    note: (facts) => inForce()?.note(facts),
    identify: (personId) => inForce()?.identify(personId),
    effect: (effect, remains) => inForce()?.effect(effect, remains),
    logFields() {
      const context = current()
      if (!context) return {}
      const { reference, traceId, spanId } = context
      return { reference, trace_id: traceId, ...(spanId && { span_id: spanId }) }
    },
    problem: (problem) => problemResponse(problem, current()?.reference),
    handle: (handler, options) => handleFetch(waybill, handler, options),
    flush: async () => reporter?.flush(),
    stop: async () => reporter?.stop(),
    guard(fn) {
      try {
        return fn()
      } catch (error) {
        fault(error)
        return undefined
      }
    },
  }
  return waybill
}

export interface WaybillOptions {
  /** The service's name as support reads it: `shop-api`, `refund-worker`. */
  readonly service: string
  /** Public name such as `acme-shop/prod`, equal on all sides. @default '' */
  readonly namespace?: string | undefined
  /** Symbols of references that begin here. @default 9 */
  readonly length?: ReferenceLength | undefined
  /** Base URL of the desk or of any OpenTelemetry collector; `/v1/traces` is added. @default none: steps go nowhere but to `onStep` */
  readonly deliverTo?: string | undefined
  /** The desk's secret ingest key, sent as `Authorization: Bearer`. @default none */
  readonly key?: string | undefined
  /** Steps kept while the desk is away, about 100 bytes each and at most 1 kB. The oldest are dropped then, a batch at a time. @default 100000 */
  readonly maxWaiting?: number | undefined
  /** Another tracer in this process, so that both make one trace: see `besideOpenTelemetry`. @default none */
  readonly beside?: OtherTracer | undefined
  /** Gets each step as it is recorded, before it is sent. */
  readonly onStep?: ((step: Step) => void) | undefined
  /** Gets our own faults, facts that were left out, and what the desk did not take. They never reach the host otherwise. @default they are dropped */
  readonly onError?: ((error: unknown) => void) | undefined
}
