import { traceparentOf } from '@waybill/reference'
import type { ServerWaybill } from '../ServerWaybill.ts'
import { claimIn } from '../context/claimIn.ts'

/**
 * The hidden field by which a form is one action, however often it is sent: `<input type="hidden" name="traceparent" value="…">`. A form
 * that is shown anew begins a reference of its own. One that is shown again, for something to be corrected, is given the `fields` it
 * was sent with, and keeps its own. There is nothing to escape in either.
 */
export function formField(waybill: ServerWaybill, fields?: unknown): FormField {
  const again = fields === undefined ? undefined : (claimIn(waybill, fields) ?? waybill.current())
  const { traceId, spanId } = again ?? waybill.mint()
  return { name: 'traceparent', value: traceparentOf(traceId, { spanId }) }
}

export interface FormField {
  readonly name: 'traceparent'
  readonly value: string
}
