'use client'
import { useSession } from './useSession.ts'
import type { ActionRecord } from '@waybill/browser'
import type { Reference } from '@waybill/reference'

/**
 * Where the steps of an action are, kept up to date: `delivered` to the desk, `saved` on this device, in `memory` only because
 * storage refused, or still `pending`. Undefined when this session knows no such action, and on the server.
 */
export function useDelivery(reference: Reference | undefined): ActionRecord['delivery'] | undefined {
  return useSession().find((record) => record.reference === reference)?.delivery
}
