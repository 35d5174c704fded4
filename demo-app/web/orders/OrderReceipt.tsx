import { Receipt } from '@waybill/react'
import type { Order } from '../api/Order.ts'
import { OrderRows } from './OrderRows.tsx'

/** The receipt of an order, under the reference it was paid with, and the way to paper. */
export function OrderReceipt({ order }: { order: Order }) {
  return (
    <div className="receipt">
      <Receipt title="Receipt" reference={order.reference} at={new Date(order.placedAt)}>
        <OrderRows order={order} />
      </Receipt>
      <p className="actions">
        <button type="button" className="button" onClick={() => print()}>
          Print receipt
        </button>
      </p>
    </div>
  )
}
