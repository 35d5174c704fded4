import type { Product } from '../api/Product.ts'
import { setQuantity } from '../cart/cartStore.ts'
import { useCart } from '../cart/useCart.ts'
import { formatMoney } from '../layout/formatMoney.ts'
import { ProductPicture } from '../pictures/ProductPicture.tsx'

/** One product with its drawing, its price and the way into the cart. */
export function ProductCard({ product }: { product: Product }) {
  const inCart = useCart().lines.find((line) => line.product.id === product.id)?.quantity ?? 0
  return (
    <article>
      <ProductPicture name={product.image} />
      <div className="product-words">
        <h3>{product.name}</h3>
        <p className="price">{formatMoney(product.priceCents)}</p>
        <p className="description">{product.description}</p>
      </div>
      <div className="product-foot">
        <button
          type="button"
          className="button"
          aria-label={`Add to cart: ${product.name}`}
          onClick={() => setQuantity(product.id, inCart + 1)}
        >
          Add to cart
        </button>
        <p aria-live="polite">{inCart > 0 && `${inCart} in your cart`}</p>
      </div>
    </article>
  )
}
