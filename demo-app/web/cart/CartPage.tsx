import { EmptyState } from '../layout/EmptyState.tsx'
import { formatMoney } from '../layout/formatMoney.ts'
import { LoadFailure } from '../layout/LoadFailure.tsx'
import { Loading } from '../layout/Loading.tsx'
import { Page } from '../layout/Page.tsx'
import { ProductPicture } from '../pictures/ProductPicture.tsx'
import { Link } from '../routing/Link.tsx'
import { QuantityField } from './QuantityField.tsx'
import { SaveCart } from './SaveCart.tsx'
import { SavedCartOffer } from './SavedCartOffer.tsx'
import { useCart } from './useCart.ts'

/** What the customer is about to buy. */
export function CartPage() {
  return (
    <Page title="Cart">
      <CartContent />
    </Page>
  )
}

function CartContent() {
  const { lines, products, totalCents } = useCart()
  if (products.isPending) return <Loading what="your cart" />
  if (products.isError)
    return <LoadFailure what="Your cart" error={products.error} onRetry={() => void products.refetch()} />
  if (lines.length === 0)
    return (
      <>
        <EmptyState>Your cart is empty.</EmptyState>
        <SavedCartOffer />
      </>
    )

  return (
    <>
      <ul className="cart-lines">
        {lines.map((line) => (
          <li key={line.product.id}>
            <ProductPicture name={line.product.image} />
            <div>
              <h2>{line.product.name}</h2>
              <p>{formatMoney(line.product.priceCents)} each</p>
            </div>
            <QuantityField line={line} />
            <p className="amount">{formatMoney(line.product.priceCents * line.quantity)}</p>
          </li>
        ))}
      </ul>
      <div className="cart-foot">
        <p className="total">
          Total <strong>{formatMoney(totalCents)}</strong>
        </p>
        <p className="hint">VAT and postage are included.</p>
        <Link href="/checkout" className="button" data-look="primary">
          Go to checkout
        </Link>
        <SaveCart />
      </div>
    </>
  )
}
