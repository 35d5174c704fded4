import type { ServerWaybill } from '../ServerWaybill.ts'
import type { TraceContext } from '../context/TraceContext.ts'

/** What a carrier claims, if it claims something that holds: what is begun for want of a claim is another one each time. */
export function claimIn(waybill: ServerWaybill, carrier: unknown): TraceContext | undefined {
  return waybill.guard(() => {
    const context = waybill.accept(carrier)
    const again = waybill.accept(carrier)
    const without = waybill.accept({})
    return again.reference === context.reference && without.reference !== context.reference ? context : undefined
  })
}
