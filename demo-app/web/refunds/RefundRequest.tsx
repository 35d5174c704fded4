import { useMutationReference } from '@waybill/react-query'
import type { Order } from '../api/Order.ts'
import { navigate } from '../routing/history.ts'
import { DoubleChargeNote } from './DoubleChargeNote.tsx'
import { RefundFailure } from './RefundFailure.tsx'
import { RefundSending } from './RefundSending.tsx'
import { useRequestRefund } from './useRequestRefund.ts'

/** Says that an order was charged twice, and asks for the money back. The answer has a page of its own: the order's. */
export function RefundRequest({ order }: { order: Order }) {
  const request = useRequestRefund()
  const reference = useMutationReference(request)

  function send() {
    request.mutate(order, { onSuccess: () => navigate(`/orders/${order.id}`, 'refund requested') })
  }

  if (request.isIdle) return <DoubleChargeNote order={order} onRequest={send} />
  if (request.isError)
    return <RefundFailure orderId={order.id} error={request.error} reference={reference} onRetry={send} />
  return <RefundSending reference={reference} />
}
