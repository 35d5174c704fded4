import type { Order } from '../api/Order.ts'
import { useOrders } from '../api/useOrders.ts'
import { EmptyState } from '../layout/EmptyState.tsx'
import { formatDay } from '../layout/formatDay.ts'
import { formatMoney } from '../layout/formatMoney.ts'
import { LoadFailure } from '../layout/LoadFailure.tsx'
import { Loading } from '../layout/Loading.tsx'
import { Page } from '../layout/Page.tsx'
import { Link } from '../routing/Link.tsx'
import { OrderBadge } from './OrderBadge.tsx'

/** The customer's orders, newest first. */
export function OrdersPage() {
  return (
    <Page title="Orders">
      <OrderList />
    </Page>
  )
}

function OrderList() {
  const orders = useOrders()
  if (orders.isPending) return <Loading what="your orders" lines={6} />
  if (orders.isError)
    return <LoadFailure what="Your orders" error={orders.error} onRetry={() => void orders.refetch()} />
  if (orders.data.length === 0) return <EmptyState>You have not ordered anything yet.</EmptyState>
  return (
    <ul className="orders">
      {orders.data.map((order) => (
        <li key={order.id}>
          <h2>
            <Link href={`/orders/${order.id}`}>Order {order.id}</Link>
          </h2>
          <p className="amount">{formatMoney(order.totalCents)}</p>
          <p className="hint">
            {formatDay(order.placedAt)} · {contents(order)}
          </p>
          <OrderBadge order={order} />
        </li>
      ))}
    </ul>
  )
}

function contents(order: Order): string {
  const [first, ...others] = order.items
  if (!first) return 'Nothing in it'
  const count = first.quantity > 1 ? `${first.quantity} × ` : ''
  return `${count}${first.name}${others.length > 0 ? ` and ${others.length} more` : ''}`
}
