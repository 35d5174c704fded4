import { useCart } from '../cart/useCart.ts'
import { EmptyState } from '../layout/EmptyState.tsx'
import { LoadFailure } from '../layout/LoadFailure.tsx'
import { Loading } from '../layout/Loading.tsx'
import { Page } from '../layout/Page.tsx'
import { Bill } from './Bill.tsx'
import { PaymentForm } from './PaymentForm.tsx'

/** What is being bought, and paying for it. */
export function CheckoutPage() {
  return (
    <Page title="Checkout" width="wide">
      <CheckoutContent />
    </Page>
  )
}

function CheckoutContent() {
  const { lines, products, totalCents } = useCart()
  if (products.isPending) return <Loading what="the checkout" />
  if (products.isError)
    return <LoadFailure what="The checkout" error={products.error} onRetry={() => void products.refetch()} />
  if (lines.length === 0) return <EmptyState>Your cart is empty, so there is nothing to pay.</EmptyState>
  return (
    <div className="checkout">
      <Bill lines={lines} totalCents={totalCents} />
      <PaymentForm lines={lines} totalCents={totalCents} />
    </div>
  )
}
