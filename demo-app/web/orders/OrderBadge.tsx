import { isOvercharged, type Order } from '../api/Order.ts'
import { RefundBadge } from '../refunds/RefundBadge.tsx'

/** The one thing worth knowing about an order: a double charge, its refund, or where the parcel is. */
export function OrderBadge({ order }: { order: Order }) {
  if (order.refund) return <RefundBadge status={order.refund.status} />
  if (isOvercharged(order)) return <span className="badge">Charged twice</span>
  return order.shipment === 'shipped' ? (
    <span className="badge" data-tone="done">
      Sent
    </span>
  ) : (
    <span className="badge" data-tone="open">
      Being packed
    </span>
  )
}
