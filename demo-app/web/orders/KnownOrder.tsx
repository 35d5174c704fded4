import { useState } from 'react'
import { isOvercharged, type Order } from '../api/Order.ts'
import { formatDay } from '../layout/formatDay.ts'
import { Page } from '../layout/Page.tsx'
import { RefundRequest } from '../refunds/RefundRequest.tsx'
import { RefundStatus } from '../refunds/RefundStatus.tsx'
import { usePlace } from '../routing/usePlace.ts'
import { OrderDetails } from './OrderDetails.tsx'
import { OrderPlaced } from './OrderPlaced.tsx'
import { OrderReceipt } from './OrderReceipt.tsx'

/**
 * One order under one reference: the refund's where there is a refund, else the purchase's on the receipt. The receipt has a
 * page of its own as well, for when the refund's reference stands here.
 */
export function KnownOrder({ order }: { order: Order }) {
  const { arrival } = usePlace()
  const [cameOvercharged] = useState(isOvercharged(order))
  const placed = `Placed on ${formatDay(order.placedAt)}.`

  if (order.refund) {
    const isNew = cameOvercharged || arrival === 'refund requested'
    return (
      <Page title={`Order ${order.id}`} lead={placed} focus={isNew ? 'result' : 'heading'}>
        <RefundStatus refund={order.refund} isNew={isNew} />
        <OrderDetails order={order} />
      </Page>
    )
  }
  if (isOvercharged(order))
    return (
      <Page title={`Order ${order.id}`} lead={placed}>
        <RefundRequest order={order} />
        <OrderDetails order={order} />
      </Page>
    )
  if (arrival === 'paid')
    return (
      <Page title={`Order ${order.id}`} focus="result">
        <OrderPlaced order={order} />
        <OrderDetails order={order} />
      </Page>
    )
  const shipment = order.shipment === 'shipped' ? 'It has been sent.' : 'It is being packed.'
  return (
    <Page title={`Order ${order.id}`} lead={`${placed} ${shipment}`}>
      <OrderReceipt order={order} />
    </Page>
  )
}
