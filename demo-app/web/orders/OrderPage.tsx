import { useOrder } from '../api/useOrder.ts'
import { LoadFailure } from '../layout/LoadFailure.tsx'
import { Loading } from '../layout/Loading.tsx'
import { Page } from '../layout/Page.tsx'
import { KnownOrder } from './KnownOrder.tsx'

/** The page of one order: loading, missing, or there. */
export function OrderPage({ orderId }: { orderId: string }) {
  const order = useOrder(orderId)
  if (order.data) return <KnownOrder order={order.data} />
  return (
    <Page title={`Order ${orderId}`}>
      {order.isError ? (
        <LoadFailure what="This order" error={order.error} onRetry={() => void order.refetch()} />
      ) : (
        <Loading what="the order" lines={6} />
      )}
    </Page>
  )
}
