import { Confirmation } from '@waybill/react'
import type { Reference } from '@waybill/reference'
import { useFocusOnMount } from '../layout/useFocusOnMount.ts'

/** That the request is on its way, with its reference in hand before the answer. */
export function RefundSending({ reference }: { reference: Reference | undefined }) {
  const ref = useFocusOnMount<HTMLElement>()
  return (
    <Confirmation ref={ref} tabIndex={-1} data-result state="pending" reference={reference}>
      Your request is on its way to us.
    </Confirmation>
  )
}
