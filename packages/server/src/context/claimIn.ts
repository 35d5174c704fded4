import type { ServerWaybill } from '../ServerWaybill.ts'
import type { TraceContext } from './TraceContext.ts'

/**
 * What a carrier claims, if it claims something that holds. What is begun for want of a claim is another one each time; beside another
 * tracer it is that of the span in force.
 */
export function claimIn(waybill: ServerWaybill, carrier: unknown): TraceContext | undefined {
  return waybill.guard(() => {
    const context = waybill.accept(carrier)
    const again = waybill.accept(carrier)
    const without = waybill.accept({})
    return again.reference === context.reference && without.reference !== context.reference ? context : undefined
  })
}
