import { ReceiptRow } from '@waybill/react'
import type { Order } from '../api/Order.ts'
import { formatMoney } from '../layout/formatMoney.ts'

/** The lines of an order with their sum, for inside a receipt. */
export function OrderRows({ order }: { order: Order }) {
  return (
    <>
      <ReceiptRow label="Order">{order.id}</ReceiptRow>
      {order.items.map(({ name, quantity, priceCents }) => (
        <ReceiptRow key={name} label={quantity > 1 ? `${quantity} × ${name}` : name}>
          {formatMoney(priceCents * quantity)}
        </ReceiptRow>
      ))}
      <ReceiptRow label="Total, VAT included" emphasis="total">
        {formatMoney(order.totalCents)}
      </ReceiptRow>
    </>
  )
}
