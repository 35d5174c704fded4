'use client'
import { useContext } from 'react'
import type { Waybill } from '@waybill/browser'
import { WaybillContext } from '../WaybillProvider.tsx'

/**
 * The `Waybill` of the nearest `WaybillProvider`.
 *
 * @throws Error outside a provider.
 */
export function useWaybill(): Waybill {
  const { waybill } = useContext(WaybillContext)
  if (!waybill) {
    throw new Error(
      '[waybill] No WaybillProvider was found above this component, so no reference can be made or looked up. ' +
        'Wrap your app in <WaybillProvider waybill={createWaybill({ service: "…" })}>.',
    )
  }
  return waybill
}
