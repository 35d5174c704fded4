import { Confirmation } from '@waybill/react'
import type { Order } from '../api/Order.ts'
import { useFocusOnMount } from '../layout/useFocusOnMount.ts'

/** That an order was placed, under which reference, and when it arrives. */
export function OrderPlaced({ order }: { order: Order }) {
  const ref = useFocusOnMount<HTMLElement>()
  return (
    <Confirmation ref={ref} tabIndex={-1} data-result title="Order placed" reference={order.reference}>
      We pack it today. It is with you in two to four working days.
    </Confirmation>
  )
}
