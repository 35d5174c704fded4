import { useState } from 'react'
import { isOvercharged } from '../api/Order.ts'
import { useOrders } from '../api/useOrders.ts'
import { LoadFailure } from '../layout/LoadFailure.tsx'
import { Link } from '../routing/Link.tsx'
import { RefundRequest } from './RefundRequest.tsx'

/** What needs the customer's attention: a double charge, and the refunds somebody is still looking at. */
export function AccountNews() {
  const orders = useOrders()
  const overcharged = orders.data?.find(isOvercharged)
  // The order stays the one this page came up with: another may arrive in its place while a request for it is under way.
  const [subject, setSubject] = useState(overcharged)
  if (!subject && overcharged) setSubject(overcharged)

  if (orders.isPending) return <div className="note bone" data-waiting />
  if (orders.isError)
    return <LoadFailure what="Your orders" error={orders.error} onRetry={() => void orders.refetch()} />
  const open = orders.data.find(({ refund }) => refund && refund.status !== 'refunded')
  return (
    <>
      {subject && <RefundRequest order={subject} />}
      {open?.refund && (
        <p className="news">
          Your refund for order {open.id} is pending review. <Link href={`/orders/${open.id}`}>See the refund</Link>
        </p>
      )}
    </>
  )
}
