import type { Action, Waybill } from '@waybill/browser'
import { owned } from './owned.ts'
import { recordOf } from './recordOf.ts'

/** The action in force. One that has called nothing yet is a click's, for whatever has a handle is on record. */
export function inForce(waybill: Waybill): Action | undefined {
  const action = waybill.current()
  if (action && !recordOf(waybill, action)) owned.set(action, Infinity)
  return action
}
