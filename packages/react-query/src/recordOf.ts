import type { Action, ActionRecord, Waybill } from '@waybill/browser'

/** What the session remembers of an action: nothing as long as it is a click's that has called nothing. */
export function recordOf({ session }: Waybill, { reference }: Pick<Action, 'reference'>): ActionRecord | undefined {
  return session.actions().find((record) => record.reference === reference)
}
