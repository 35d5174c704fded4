import { useOrder } from '../api/useOrder.ts'
import { LoadFailure } from '../layout/LoadFailure.tsx'
import { Loading } from '../layout/Loading.tsx'
import { Page } from '../layout/Page.tsx'
import { Link } from '../routing/Link.tsx'
import { OrderReceipt } from './OrderReceipt.tsx'

/** The receipt of an order and nothing else. */
export function ReceiptPage({ orderId }: { orderId: string }) {
  const order = useOrder(orderId)
  return (
    <Page
      title={`Receipt for order ${orderId}`}
      lead={<Link href={`/orders/${encodeURIComponent(orderId)}`}>Back to the order</Link>}
    >
      {order.data ? (
        <OrderReceipt order={order.data} />
      ) : order.isError ? (
        <LoadFailure what="This receipt" error={order.error} onRetry={() => void order.refetch()} />
      ) : (
        <Loading what="the receipt" lines={6} />
      )}
    </Page>
  )
}
