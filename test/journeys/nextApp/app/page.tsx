import Link from 'next/link'
import { Break } from './Break'
import { LoadedOrders } from './LoadedOrders'
import { Refund } from './Refund'
import { RefundByRoute } from './RefundByRoute'
import { Reserve } from './Reserve'

export default function Page() {
  return (
    <main>
      <h1>Shop</h1>
      <LoadedOrders />
      <section aria-label="A-1001">
        <Refund order="A-1001" />
        <RefundByRoute order="A-1001" />
        <Link href="/orders/A-1001" prefetch={false}>
          Order A-1001
        </Link>
        <Break />
        <Reserve />
      </section>
      <section aria-label="A-7">
        <Refund order="A-7" />
        <Link href="/unwrapped" prefetch={false}>
          Unwrapped
        </Link>
      </section>
    </main>
  )
}
